// What the answers of the batteries mean: each by itself, and the bank that they make.
import { evaluate } from '../bank/evaluate.ts';
import type { GatewayConfig } from '../config/gateway-file.ts';
import type { SetupFinding, SetupTest } from '../model/api/setup.ts';
import type { HeardUnit } from './read-once.ts';

export const ok = (about: string, is: string): SetupFinding => ({ about, state: 'ok', is });
export const broken = (about: string, is: string, mend?: string): SetupFinding => ({
  about,
  state: 'broken',
  is,
  ...(mend !== undefined && { mend }),
});

export type Units = ReadonlyMap<string, HeardUnit>;

const batteryMend =
  'switch it on, go nearer, close the app of its maker (one client at a time), then test again';

export function batteryFinding(id: string, cells: number, unit: HeardUnit | undefined): SetupFinding {
  const about = `battery ${id}`;
  if (unit?.state !== 'read')
    return broken(
      about,
      unit && 'why' in unit ? (unit.why ?? 'does not answer') : 'does not answer',
      batteryMend,
    );
  const { cellVoltagesV = [], voltageV, socPct } = unit.reading;
  if (cellVoltagesV.length !== cells)
    return broken(
      about,
      `reports ${cellVoltagesV.length} cells, ${cells} are written`,
      'go back to the batteries and correct the number of cells',
    );
  return ok(about, `answers: ${cells} cells, ${voltageV?.toFixed(2) ?? '–'} V, ${socPct ?? '–'} %`);
}

/** As the signals, their reasons and the catalogue call each limit. */
const limitsOfBank = [
  ['chargeVoltageLimitV', 'chargeVoltage', 'charge_voltage_limit_V'],
  ['dischargeVoltageLimitV', 'dischargeVoltage', 'discharge_voltage_limit_V'],
  ['chargeCurrentLimitA', 'chargeCurrent', 'charge_current_limit_A'],
  ['dischargeCurrentLimitA', 'dischargeCurrent', 'discharge_current_limit_A'],
] as const;

/** The bank as it would be told now; undefined where a battery is missing. */
export function bankOf({ bank }: GatewayConfig, units: Units): SetupTest['bank'] {
  const samples = Object.fromEntries(
    [...units].flatMap(([id, unit]) =>
      unit.state === 'read' ? [[id, { atMs: unit.atMs, reading: unit.reading }]] : [],
    ),
  );
  const newest = Math.max(...Object.values(samples).map(({ atMs }) => atMs));
  if (Object.keys(samples).length < units.size || !Number.isFinite(newest)) return undefined;
  // As if all had been read at once: the first has aged while the last was read.
  const now = Object.fromEntries(
    Object.entries(samples).map(([id, { reading }]) => [id, { atMs: newest, reading }]),
  );
  const { signals, reasons } = evaluate({ samples: now }, undefined, bank, newest);
  const limits = limitsOfBank.flatMap(([signal, limit, name]) => {
    const value = signals[signal];
    const why = reasons[limit].map(({ sinceMs: _, ...reason }) => reason);
    return value === undefined ? [] : [[name, { value, reasons: why }] as const];
  });
  return {
    ...(signals.voltageV !== undefined && { voltage_V: signals.voltageV }),
    ...(signals.socPct !== undefined && { soc_pct: signals.socPct }),
    limits: Object.fromEntries(limits),
  };
}
