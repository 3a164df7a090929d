// A year of history as real use would have left it: minutes as long as they are kept, quarters and days for the rest.
import {
  type ColumnName,
  columnNames,
  type Minute,
  type SpanValues,
  toCounts,
} from '../../src/history/columns.ts';
import { sqliteStore } from '../../src/history/sqlite-store.ts';
import { QUARTERS, SERIES } from '../../src/history/tables.ts';

export const MINUTE_MS = 60_000;
export const DAY = 1440;
export const DAY_MS = DAY * MINUTE_MS;
const QUARTER = 15;

const around = (name: string, mean: number, spread: number): { [name: string]: number } => ({
  [name]: mean,
  [`min_${name}`]: mean - spread,
  [`max_${name}`]: mean + spread,
});

/** A pack that the sun charges and the evening empties; `no` 0 is the bank of 64 of them. */
export function valuesAt(minute: number, no: number): SpanValues {
  const phase = ((minute % DAY) / DAY) * 2 * Math.PI + no / 50;
  const noise = ((minute * 7919 + no * 104_729) % 1000) / 1000;
  const scale = no === 0 ? 64 : 1;
  const currentA = scale * (40 * Math.sin(phase) + 4 * noise);
  const voltageV = 52.8 + 0.9 * Math.sin(phase - 0.8) + 0.02 * noise;
  const cellV = voltageV / 16;
  return {
    ...around('voltage_V', voltageV, 0.03),
    ...around('current_A', currentA, scale * (0.4 + noise)),
    ...around('power_W', voltageV * currentA, scale * (20 + 50 * noise)),
    ...around('soc_pct', 55 - 40 * Math.cos(phase), 0.05),
    temperature_C: 24 + 4 * Math.sin(phase) + noise,
    min_cell_temperature_C: 22 + 4 * Math.sin(phase),
    max_cell_temperature_C: 26 + 4 * Math.sin(phase) + noise,
    mosfet_temperature_C: 30 + 6 * Math.sin(phase) + noise,
    min_cell_voltage_V: cellV - 0.004 - 0.003 * noise,
    max_cell_voltage_V: cellV + 0.004 + 0.003 * noise,
    cell_delta_V: 0.008 + 0.006 * noise,
    ...(no === 0 && { charge_voltage_limit_V: 55.2, min_charge_voltage_limit_V: 55.2 }),
    charge_current_limit_A: scale * 50,
    min_charge_current_limit_A: scale * (50 - noise),
    discharge_current_limit_A: scale * 100,
    min_discharge_current_limit_A: scale * 100,
    energy_charged_kWh: Math.max(0, voltageV * currentA) / 60_000,
    energy_discharged_kWh: Math.max(0, -voltageV * currentA) / 60_000,
  };
}

export const batteryOf = (no: number): string | undefined => (no === 0 ? undefined : `p${no}`);

/** One minute of the bank and its packs. */
export const minuteRows = (minute: number, packs: number): Minute[] =>
  Array.from({ length: packs + 1 }, (_, no) => {
    const battery = batteryOf(no);
    return { ...(battery && { battery }), minute, coveredMs: 60_000, values: valuesAt(minute, no) };
  });

export interface YearOptions {
  readonly packs: number;
  readonly lastDay: number;
  readonly days: number;
  /** Of them: so many with their minutes. */
  readonly minuteDays: number;
  readonly say: (text: string) => void;
}

const counts = (values: SpanValues) => columnNames.map((name: ColumnName) => toCounts(name, values[name]));
const marks = (n: number): string => Array.from({ length: n }, () => '?').join(', ');

/** Writes what the roll-ups of these days would have left. */
function writeOldDays(path: string, packs: number, firstDay: number, endDay: number): void {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const db = new DatabaseSync(path);
  db.exec('PRAGMA synchronous = OFF');
  const quarter = db.prepare(`INSERT INTO quarter_row VALUES (${marks(2 + columnNames.length)})`);
  const whole = db.prepare(`INSERT INTO day_row VALUES (${marks(2 + columnNames.length)})`);
  for (let day = firstDay; day < endDay; day++) {
    db.exec('BEGIN');
    for (let series = 1; series <= packs + 1; series++) {
      for (let q = 0; q < DAY / QUARTER; q++)
        quarter.run(
          (day * SERIES + series) * QUARTERS + q,
          900_000,
          ...counts(valuesAt(day * DAY + q * QUARTER, series - 1)),
        );
      whole.run(day * SERIES + series, DAY_MS, ...counts(valuesAt(day * DAY, series - 1)));
    }
    db.exec('COMMIT');
  }
  db.close();
}

/** Minute after minute and roll-up after roll-up, as the gateway does it. */
export function writeYear(path: string, { packs, lastDay, days, minuteDays, say }: YearOptions): void {
  const firstMinuteDay = lastDay - minuteDays + 1;
  const store = sqliteStore(path);
  for (let day = firstMinuteDay; day <= lastDay; day++) {
    for (let n = 0; n < DAY; n++) store.writeMinutes(minuteRows(day * DAY + n, packs));
    while (store.rollUp(day * DAY_MS));
    if ((day - firstMinuteDay) % 7 === 6) say(`history: ${day - firstMinuteDay + 1} days with minutes`);
  }
  store.close();
  say(`history: ${days - minuteDays} days without`);
  writeOldDays(path, packs, lastDay - days + 1, firstMinuteDay);
}
