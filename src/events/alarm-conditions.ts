// Protections and warnings with what was measured.
import type { AlarmName } from '../model/alarms.ts';
import type { BankState, PackState } from '../model/bank-state.ts';
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

function peakOf({ signals }: BankState, quantity: SignalName): Peak | undefined {
  const value = signals[keyOf(quantity)];
  return typeof value === 'number' ? { quantity, value } : undefined;
}

type Sort = 'protection' | 'warning';

const has = ({ reading }: PackState, sort: Sort, alarm: AlarmName): boolean =>
  reading?.alarms?.includes(alarm) === true ||
  (sort === 'warning' && reading?.warnings?.includes(alarm) === true);

const unitOf = (quantity: string): string =>
  quantity.split('_').at(-1)?.replace('C', '°C').replace('pct', '%') ?? '';

/** `protection: cell high voltage of battery b, 3.71 V` */
function sentence(state: BankState, sort: Sort, alarm: AlarmName, peak: Peak | undefined): string {
  const packs = state.packs.filter((pack) => has(pack, sort, alarm)).map(({ id }) => id);
  const whose =
    packs.length === 0 ? '' : ` of ${packs.length > 1 ? 'batteries' : 'battery'} ${packs.join(', ')}`;
  const value = peak ? `, ${Number(peak.value.toFixed(3))} ${unitOf(peak.quantity)}` : '';
  return `${sort}: ${alarm.replaceAll('_', ' ')}${whose}${value}`;
}

function condition(state: BankState, kind: Sort, alarm: AlarmName): Condition {
  const [quantity, worse] = measuredOf[alarm] ?? [];
  const measured = quantity && peakOf(state, quantity);
  return {
    kind,
    alarm,
    line: kind === 'protection' ? 'alarm' : 'warning',
    text: sentence(state, kind, alarm, measured),
    ...(measured && { measured }),
    ...(worse && { worse }),
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
