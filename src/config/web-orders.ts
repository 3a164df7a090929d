// What the office is told of `web:`, from the gateway file and the plans.
import type { Site } from '../model/api/site.ts';
import type { Listening } from '../web/metrics-server.ts';
import type { GatewayConfig } from './gateway-file.ts';
import { hostAndPort, type InverterPlan } from './inverters.ts';
import type { GatewayFile } from './schema.ts';

export interface WebOrders {
  readonly listen: Listening;
  readonly isOpenView: boolean;
  readonly hosts: readonly string[];
  readonly tls?: 'own' | { readonly certificateFile: string; readonly keyFile: string };
  /** Where the accounts are kept, when the file says so. */
  readonly accounts?: string;
  /** All of it but what the office knows itself. */
  readonly site: Omit<Site, 'version' | 'gateway'>;
}

type SiteControl = Site['control'];

function controlOf({ control = false }: GatewayFile): SiteControl {
  if (control === false) return 'none';
  return control !== true && control.raw === 'any' ? 'any' : 'reads';
}

export const siteInverter = ({ id, wire, compiled }: InverterPlan): Site['inverters'][number] => ({
  id,
  profile: `${compiled.profile.id}@${compiled.profile.version}`,
  title: compiled.profile.title,
  evidence: compiled.profile.evidence,
  wire: wire.name,
  units: wire.kind === 'can' ? [] : wire.units,
  lost: compiled.lost,
  ...(compiled.can && { every_ms: compiled.can.everyMs }),
  ...(compiled.modbus && { silent_after_ms: compiled.modbus.silentAfterMs }),
});

export function webOrders(
  { file, bank }: Pick<GatewayConfig, 'file' | 'bank'>,
  plans: readonly InverterPlan[],
  isDemo: boolean,
): WebOrders | undefined {
  const { web } = file;
  if (!web) return undefined;
  const { ages, chemistry, envelope, loss } = bank;
  return {
    listen: hostAndPort(web.listen),
    isOpenView: web.open_view,
    hosts: web.hosts,
    ...(web.tls && {
      tls:
        web.tls === 'own'
          ? web.tls
          : { certificateFile: web.tls.certificate_file, keyFile: web.tls.key_file },
    }),
    ...(web.accounts !== undefined && { accounts: web.accounts }),
    site: {
      batteries: file.batteries.map((b) => ({
        id: b.id,
        bms: b.bms,
        cells: b.cells,
        ...(b.capacity_Ah !== undefined && { capacity_Ah: b.capacity_Ah }),
        ...(b.charge_current_A !== undefined && { charge_current_A: b.charge_current_A }),
        ...(b.discharge_current_A !== undefined && { discharge_current_A: b.discharge_current_A }),
        has_fets: false,
      })),
      strings: file.bank.strings,
      envelope: {
        charge_current_A: envelope.chargeCurrentA,
        discharge_current_A: envelope.dischargeCurrentA,
        cell_max_V: envelope.cellMaxV,
        cell_min_V: envelope.cellMinV,
      },
      chemistry: chemistry.name,
      cell_range_V: [chemistry.underVoltageV, chemistry.overVoltageV],
      temperature_range_C: [-20, 60],
      ages: {
        fresh_ms: ages.freshMs,
        late_ms: ages.lateMs,
        lost_ms: ages.lostMs,
        ramp_ms: ages.rampMs,
      },
      on_partial_loss: loss,
      inverters: plans.map(siteInverter),
      has_history: file.history !== undefined,
      control: controlOf(file),
      is_demo: isDemo,
    },
  };
}
