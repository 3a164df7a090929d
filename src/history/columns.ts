import type { SignalValues } from '../model/signals.ts';

/** What is measured of a bank or a battery and kept: under the catalogue's keys, in the catalogue's units and signs. */
export type Measured = Pick<
  SignalValues,
  | 'voltageV'
  | 'currentA'
  | 'powerW'
  | 'socPct'
  | 'temperatureC'
  | 'minCellTemperatureC'
  | 'maxCellTemperatureC'
  | 'mosfetTemperatureC'
  | 'minCellVoltageV'
  | 'maxCellVoltageV'
  | 'cellDeltaV'
  | 'chargeVoltageLimitV'
  | 'chargeCurrentLimitA'
  | 'dischargeCurrentLimitA'
>;

/** The energies are made here from the power: the catalogue's own go on counting from year to year. */
export type Quantity = keyof Measured | 'energyChargedKWh' | 'energyDischargedKWh';

/** How the one value of a span is made of many; a mean is weighted by the time that each value stands for. */
export type Way = 'mean' | 'min' | 'max' | 'sum';

interface ColumnSpec {
  readonly of: Quantity;
  readonly way: Way;
  /** Kept as a whole number of these: a short one takes a third of the room of a floating-point number. */
  readonly countsPerUnit: number;
}

const column =
  <W extends Way>(way: W) =>
  <Q extends Quantity>(of: Q, countsPerUnit: number) =>
    ({ of, way, countsPerUnit }) as const;
const [mean, min, max, sum] = [column('mean'), column('min'), column('max'), column('sum')];

const CENTI = 100;
const MILLI = 1000;
const MWH_IN_KWH = 1e6;

/** What a row of history holds, in its order. Without `min_` or `max_` it is the mean; energy is that of the span alone. */
export const columns = {
  voltage_V: mean('voltageV', CENTI),
  min_voltage_V: min('voltageV', CENTI),
  max_voltage_V: max('voltageV', CENTI),
  current_A: mean('currentA', CENTI),
  min_current_A: min('currentA', CENTI),
  max_current_A: max('currentA', CENTI),
  power_W: mean('powerW', 1),
  min_power_W: min('powerW', 1),
  max_power_W: max('powerW', 1),
  soc_pct: mean('socPct', CENTI),
  min_soc_pct: min('socPct', CENTI),
  max_soc_pct: max('socPct', CENTI),
  temperature_C: mean('temperatureC', 10),
  min_cell_temperature_C: min('minCellTemperatureC', 10),
  max_cell_temperature_C: max('maxCellTemperatureC', 10),
  mosfet_temperature_C: max('mosfetTemperatureC', 10),
  min_cell_voltage_V: min('minCellVoltageV', MILLI),
  max_cell_voltage_V: max('maxCellVoltageV', MILLI),
  cell_delta_V: max('cellDeltaV', MILLI),
  charge_voltage_limit_V: mean('chargeVoltageLimitV', CENTI),
  min_charge_voltage_limit_V: min('chargeVoltageLimitV', CENTI),
  charge_current_limit_A: mean('chargeCurrentLimitA', 10),
  min_charge_current_limit_A: min('chargeCurrentLimitA', 10),
  discharge_current_limit_A: mean('dischargeCurrentLimitA', 10),
  min_discharge_current_limit_A: min('dischargeCurrentLimitA', 10),
  energy_charged_kWh: sum('energyChargedKWh', MWH_IN_KWH),
  energy_discharged_kWh: sum('energyDischargedKWh', MWH_IN_KWH),
} as const satisfies Record<string, ColumnSpec>;

export type ColumnName = keyof typeof columns;

// Object.keys forgets the literal type of the table above.
export const columnNames = Object.keys(columns) as readonly ColumnName[];

export const isColumnName = (name: string): name is ColumnName => Object.hasOwn(columns, name);

/** What is known of a span, in physical units; what is not is absent. */
export type SpanValues = { readonly [C in ColumnName]?: number };

/** One minute of the bank, or of one battery. */
export interface Minute {
  /** Absent: the bank. */
  readonly battery?: string;
  /** Minutes since 1970, UTC. */
  readonly minute: number;
  /** For how long its values stand; ms. */
  readonly coveredMs: number;
  readonly values: SpanValues;
}

/** As it is kept; null is unknown. */
export const toCounts = (name: ColumnName, value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : Math.round(value * columns[name].countsPerUnit);

export const toUnits = (name: ColumnName, counts: number): number => counts / columns[name].countsPerUnit;
