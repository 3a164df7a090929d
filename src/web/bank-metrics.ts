// The bank and its packs as metrics. What was measured is told while it is fresh or late; a value that is only repeated is not.
import { type BankState, dataAgeS, type PackState } from '../model/bank-state.ts';
import { type Freshness, rungs } from '../model/freshness.ts';
import type { SignalValues } from '../model/signals.ts';
import { type Metric, type Sample, seconds, stateSet } from './metric.ts';

export interface BankAt {
  readonly bank: BankState;
  readonly nowMs: number;
}

const isMeasured = (freshness: Freshness): boolean => freshness === 'fresh' || freshness === 'late';

const ratio = (pct: number | undefined): number | undefined => (pct === undefined ? undefined : pct / 100);

type Value = (signals: SignalValues) => number | undefined;

/** What is measured. */
const measured = (name: string, help: string, value: Value): Metric<BankAt> => ({
  name: `bmsgate_bank_${name}`,
  help,
  type: 'gauge',
  labels: [],
  read: ({ bank }) => [{ value: isMeasured(bank.freshness) ? value(bank.signals) : undefined }],
});

/** What the inverters are told, whatever the age of what it was made from. */
const told = (name: string, help: string, value: Value): Metric<BankAt> => ({
  name: `bmsgate_bank_${name}`,
  help,
  type: 'gauge',
  labels: [],
  read: ({ bank }) => [{ value: bank.freshness === 'never' ? undefined : value(bank.signals) }],
});

const bankMetrics: readonly Metric<BankAt>[] = [
  {
    name: 'bmsgate_bank_freshness',
    help: 'How fresh the bank is: 1 for the rung it is on',
    type: 'gauge',
    labels: ['freshness'],
    read: ({ bank }) => stateSet(rungs, bank.freshness, 'freshness'),
  },
  {
    name: 'bmsgate_bank_data_age_seconds',
    help: 'Age of the sample that the bank is judged by',
    type: 'gauge',
    labels: [],
    read: ({ bank, nowMs }) => [{ value: dataAgeS(bank, nowMs) }],
  },
  measured('voltage_volts', 'Voltage of the bank', (s) => s.voltageV),
  measured('current_amperes', 'Current of the bank, positive while charging', (s) => s.currentA),
  measured('soc_ratio', 'State of charge, 0 to 1', (s) => ratio(s.socPct)),
  measured('cell_min_volts', 'Lowest cell', (s) => s.minCellVoltageV),
  measured('cell_max_volts', 'Highest cell', (s) => s.maxCellVoltageV),
  measured('cell_temperature_min_celsius', 'Coldest cell sensor', (s) => s.minCellTemperatureC),
  measured('cell_temperature_max_celsius', 'Warmest cell sensor', (s) => s.maxCellTemperatureC),
  told(
    'charge_voltage_limit_volts',
    'Charge voltage limit (CVL) told to inverters',
    (s) => s.chargeVoltageLimitV,
  ),
  told(
    'discharge_voltage_limit_volts',
    'Discharge voltage limit (DVL) told to inverters',
    (s) => s.dischargeVoltageLimitV,
  ),
  told(
    'charge_current_limit_amperes',
    'Charge current limit (CCL) told to inverters',
    (s) => s.chargeCurrentLimitA,
  ),
  told(
    'discharge_current_limit_amperes',
    'Discharge current limit (DCL) told to inverters',
    (s) => s.dischargeCurrentLimitA,
  ),
  told('alarms', 'Alarms that stand', (s) => s.alarms?.length),
];

type PackSample = (pack: PackState, nowMs: number) => readonly Sample[];

const ofPacks = (
  name: string,
  help: string,
  read: PackSample,
  labels: readonly string[] = [],
): Metric<BankAt> => ({
  name: `bmsgate_battery_${name}`,
  help,
  type: 'gauge',
  labels: ['battery', ...labels],
  read: ({ bank, nowMs }) =>
    bank.packs.flatMap((pack) =>
      read(pack, nowMs).map(({ labels: more, value }) => ({ labels: { battery: pack.id, ...more }, value })),
    ),
});

type Reading = NonNullable<PackState['reading']>;

const ofReadings = (
  name: string,
  help: string,
  value: (reading: Reading) => number | undefined,
): Metric<BankAt> =>
  ofPacks(name, help, ({ reading, freshness }) => [
    { value: reading && isMeasured(freshness) ? value(reading) : undefined },
  ]);

/** Undefined of nothing, where `Math.min` would say infinity. */
const extreme = (of: (...values: number[]) => number, values: readonly number[] = []): number | undefined =>
  values.length === 0 ? undefined : of(...values);

const packMetrics: readonly Metric<BankAt>[] = [
  ofPacks(
    'freshness',
    'How fresh a battery is: 1 for the rung it is on',
    ({ freshness }) => stateSet(rungs, freshness, 'freshness'),
    ['freshness'],
  ),
  ofPacks('data_age_seconds', 'Age of the last complete reading', ({ sampleAtMs, isPartial }, nowMs) => [
    { value: sampleAtMs === undefined || isPartial ? undefined : seconds(Math.max(0, nowMs - sampleAtMs)) },
  ]),
  ofReadings('voltage_volts', 'Voltage of a battery', (r) => r.voltageV),
  ofReadings('current_amperes', 'Current of a battery, positive while charging', (r) => r.currentA),
  ofReadings('soc_ratio', 'State of charge of a battery, 0 to 1', (r) => ratio(r.socPct)),
  ofReadings('cell_min_volts', 'Lowest cell of a battery', (r) => extreme(Math.min, r.cellVoltagesV)),
  ofReadings('cell_max_volts', 'Highest cell of a battery', (r) => extreme(Math.max, r.cellVoltagesV)),
];

export const bankAndPackMetrics: readonly Metric<BankAt>[] = [...bankMetrics, ...packMetrics];
