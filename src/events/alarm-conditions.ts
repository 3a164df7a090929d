// Protections and warnings with what was measured.
import type { AlarmName } from '../model/alarms.ts';
import type { BankState, PackState } from '../model/bank-state.ts';
import type { BatteryReading } from '../model/battery.ts';
import type { Peak } from '../model/events.ts';
import { keyOf, type SignalName } from '../model/signals.ts';
import type { Condition } from './ledger.ts';

type Measured = readonly [quantity: SignalName, worse: 'higher' | 'lower'];

/** What is measured of an alarm, and which way it gets worse. Discharge currents are negative. */
const measuredOf: { readonly [A in AlarmName]?: Measured } = {
  high_voltage: ['voltage_V', 'higher'],
  low_voltage: ['voltage_V', 'lower'],
  cell_high_voltage: ['max_cell_voltage_V', 'higher'],
  cell_low_voltage: ['min_cell_voltage_V', 'lower'],
  high_temperature: ['max_cell_temperature_C', 'higher'],
  low_temperature: ['min_cell_temperature_C', 'lower'],
  high_temperature_charge: ['max_cell_temperature_C', 'higher'],
  low_temperature_charge: ['min_cell_temperature_C', 'lower'],
  mosfet_high_temperature: ['mosfet_temperature_C', 'higher'],
  high_charge_current: ['current_A', 'higher'],
  high_discharge_current: ['current_A', 'lower'],
  short_circuit: ['current_A', 'lower'],
  cell_imbalance: ['cell_delta_V', 'higher'],
  module_high_voltage: ['max_module_voltage_V', 'higher'],
  module_low_voltage: ['min_module_voltage_V', 'lower'],
  low_soc: ['soc_pct', 'lower'],
};

const known = (values: readonly (number | undefined)[] | undefined): number[] =>
  values?.filter((value) => value !== undefined) ?? [];

/** What one battery measures of it. */
const ownOf: { readonly [Q in SignalName]?: (reading: BatteryReading) => readonly number[] } = {
  voltage_V: ({ voltageV }) => known([voltageV]),
  current_A: ({ currentA }) => known([currentA]),
  soc_pct: ({ socPct }) => known([socPct]),
  max_cell_voltage_V: ({ cellVoltagesV }) => known(cellVoltagesV),
  min_cell_voltage_V: ({ cellVoltagesV }) => known(cellVoltagesV),
  max_cell_temperature_C: ({ temperaturesC }) => known(temperaturesC),
  min_cell_temperature_C: ({ temperaturesC }) => known(temperaturesC),
  mosfet_temperature_C: ({ mosfetTemperatureC }) => known([mosfetTemperatureC]),
  cell_delta_V: ({ cellVoltagesV = [] }) =>
    cellVoltagesV.length > 0 ? [Math.max(...cellVoltagesV) - Math.min(...cellVoltagesV)] : [],
};

/** Of the bank these are another thing than of one battery. */
const SUMS: readonly SignalName[] = ['voltage_V', 'current_A', 'soc_pct'];

/**
 * The worst of the batteries that have the alarm: what the bank has may be a sum, or another battery's. An alarm that no battery
 * has any more stays for five seconds.
 */
function peakOf(
  { signals }: BankState,
  packs: readonly PackState[],
  [quantity, worse]: Measured,
): Peak | undefined {
  const own = packs.length > 0 ? ownOf[quantity] : undefined;
  const ofBank = SUMS.includes(quantity) ? undefined : signals[keyOf(quantity)];
  const values = own
    ? packs.flatMap(({ reading }) => (reading ? own(reading) : []))
    : known([typeof ofBank === 'number' ? ofBank : undefined]);
  if (values.length === 0) return undefined;
  return { quantity, value: worse === 'higher' ? Math.max(...values) : Math.min(...values) };
}

type Sort = 'protection' | 'warning';

const has = ({ reading }: PackState, sort: Sort, alarm: AlarmName): boolean =>
  reading?.alarms?.includes(alarm) === true ||
  (sort === 'warning' && reading?.warnings?.includes(alarm) === true);

const unitOf = (quantity: string): string =>
  quantity.split('_').at(-1)?.replace('C', '°C').replace('pct', '%') ?? '';

/** `protection: cell high voltage of battery b, 3.71 V` */
function sentence(packs: readonly PackState[], sort: Sort, alarm: AlarmName, peak: Peak | undefined): string {
  const ids = packs.map(({ id }) => id);
  const whose = ids.length === 0 ? '' : ` of ${ids.length > 1 ? 'batteries' : 'battery'} ${ids.join(', ')}`;
  const value = peak ? `, ${Number(peak.value.toFixed(3))} ${unitOf(peak.quantity)}` : '';
  return `${sort}: ${alarm.replaceAll('_', ' ')}${whose}${value}`;
}

function condition(state: BankState, kind: Sort, alarm: AlarmName): Condition {
  const packs = state.packs.filter((pack) => has(pack, kind, alarm));
  const how = measuredOf[alarm];
  const measured = how && peakOf(state, packs, how);
  return {
    kind,
    alarm,
    line: kind === 'protection' ? 'alarm' : 'warning',
    text: sentence(packs, kind, alarm, measured),
    batteries: packs.map(({ id }) => id),
    ...(measured && { measured }),
    ...(how && { worse: how[1] }),
  };
}

/** What is an alarm of the bank is told among its warnings too; it is one event. */
export const alarmConditions = (state: BankState): Condition[] => {
  const { alarms = [], warnings = [] } = state.signals;
  return [
    ...alarms.map((alarm) => condition(state, 'protection', alarm)),
    ...warnings.filter((name) => !alarms.includes(name)).map((name) => condition(state, 'warning', name)),
  ];
};
