// What the office is told of `web:`, from the gateway file and the plans.
import { dirname } from 'node:path';
import type { Chemistry } from '../bank/chemistry.ts';
import { addressKey } from '../ble/port.ts';
import { driverById } from '../bms/drivers.ts';
import { waysOf } from '../bms/ways.ts';
import type { Site } from '../model/api/site.ts';
import type { Listening } from '../web/metrics-server.ts';
import type { GatewayConfig } from './gateway-file.ts';
import { hostAndPort, type InverterPlan } from './inverters.ts';
import { namedFrom } from './profile-paths.ts';
import type { Watched } from './profile-watch.ts';
import { addressOf } from './radios.ts';
import type { GatewayFile } from './schema.ts';

export interface WebOrders {
  readonly listen: Listening;
  readonly isOpenView: boolean;
  readonly hosts: readonly string[];
  readonly tls?: 'own' | { readonly certificateFile: string; readonly keyFile: string };
  /** Where the accounts are kept, when the file says so. */
  readonly accounts?: string;
  /** Where the history is kept, if it is. */
  readonly history?: string;
  /** Batteries behind one address have one link. */
  readonly links: readonly (readonly string[])[];
  /** The profiles of the inverters that are served, with the hash of their texts where it is their own. */
  readonly profiles: readonly Watched[];
  /** The CAN interfaces, with the inverters on each. */
  readonly buses: readonly { readonly wire: string; readonly inverters: readonly string[] }[];
  /** Profiles may lie in good copies. */
  readonly hasGoodCopies: boolean;
  /** How MQTT calls it. */
  readonly name?: string;
  /** All of it but what the office knows itself. */
  readonly site: Omit<Site, 'version' | 'gateway'>;
}

type SiteControl = Site['control'];
type Battery = GatewayFile['batteries'][number];
type Span = Site['temperature_range_C'];

/** Its FETs can be switched in some way of talking that is spoken where it is read. */
function hasFets({ bms, serial }: Battery): boolean {
  const driver = driverById(bms);
  return driver !== undefined && waysOf(driver, serial !== undefined).some(({ control }) => control);
}

/** From where the cold begins to limit to where the heat ends charging and discharging, with some air on both sides. */
function temperatureRange({ chargeByTemperatureC, dischargeByTemperatureC }: Chemistry): Span {
  const all = [...chargeByTemperatureC, ...dischargeByTemperatureC].map(([celsius]) => celsius);
  return [Math.min(...all) - AIR_C, Math.max(...all) + AIR_C];
}

const AIR_C = 5;

/** Of frames any that shows an inverter alive will do, so the one that is due soonest sets the time. */
function silence({ can, modbus, serial }: InverterPlan['compiled']): { silent_after_ms?: number } {
  const alive = can?.receives.filter(({ means }) => means === 'alive').map((r) => r.silent_after) ?? [];
  const ms = alive.length > 0 ? Math.min(...alive) : (modbus ?? serial)?.silentAfterMs;
  return ms === undefined ? {} : { silent_after_ms: ms };
}

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
  ...silence(compiled),
});

const linksOf = ({ batteries }: GatewayFile): string[][] => {
  const groups = Map.groupBy(batteries, (battery) => addressKey(addressOf(battery)));
  return Array.from(groups.values(), (group) => group.map(({ id }) => id));
};

/** A path in a gateway file starts at that file's folder. */
function profilesOf({ path, file }: Pick<GatewayConfig, 'path' | 'file'>, plans: readonly InverterPlan[]) {
  return file.inverters.map(({ id, profile, options }): Watched => {
    const textHash = plans.find((plan) => plan.id === id)?.textHash;
    const named = namedFrom(dirname(path), profile);
    return { inverter: id, named, settings: options, ...(textHash !== undefined && { textHash }) };
  });
}

function busesOf({ inverters }: GatewayFile): WebOrders['buses'] {
  const onCan = inverters.flatMap(({ id, can }) => (can === undefined ? [] : { id, wire: can }));
  return Array.from(
    Map.groupBy(onCan, ({ wire }) => wire),
    ([wire, of]) => ({ wire, inverters: of.map(({ id }) => id) }),
  );
}

export function webOrders(
  config: Pick<GatewayConfig, 'path' | 'file' | 'bank'>,
  plans: readonly InverterPlan[],
  isDemo: boolean,
): WebOrders | undefined {
  const { file, bank } = config;
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
    ...(file.history && { history: file.history.path }),
    ...(file.mqtt?.name !== undefined && { name: file.mqtt.name }),
    links: linksOf(file),
    profiles: profilesOf(config, plans),
    buses: busesOf(file),
    hasGoodCopies: !isDemo,
    site: {
      batteries: file.batteries.map((b) => ({
        id: b.id,
        bms: b.bms,
        cells: b.cells,
        ...(b.capacity_Ah !== undefined && { capacity_Ah: b.capacity_Ah }),
        ...(b.charge_current_A !== undefined && { charge_current_A: b.charge_current_A }),
        ...(b.discharge_current_A !== undefined && { discharge_current_A: b.discharge_current_A }),
        has_fets: hasFets(b),
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
      temperature_range_C: temperatureRange(chemistry),
      ages: {
        fresh_ms: ages.freshMs,
        late_ms: ages.lateMs,
        lost_ms: ages.lostMs,
        ramp_ms: ages.rampMs,
        ...(ages.dischargeStaleAfterMs !== undefined && { discharge_ms: ages.dischargeStaleAfterMs }),
      },
      on_partial_loss: loss,
      inverters: plans.map(siteInverter),
      has_history: file.history !== undefined,
      control: controlOf(file),
      is_demo: isDemo,
    },
  };
}
