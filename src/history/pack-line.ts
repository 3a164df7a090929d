import { type BatteryReading, readingNames } from '../model/battery.ts';

const field = (name: string, value: number | string | undefined): string[] =>
  value === undefined || value === '' ? [] : [`${name}=${value}`];

/** A broken sensor keeps its place as `-`. */
const row = (values: readonly (number | undefined)[] | undefined): string | undefined =>
  values?.map((v) => v ?? '-').join(',');

const edge = (of: (...values: number[]) => number, cells: readonly number[] | undefined) =>
  cells?.length ? of(...cells) : undefined;

/**
 * One sample as a line of a log file, under the names of the catalogue; what the BMS did not say is left out:
 * `2026-11-21T08:49:00.123Z voltage_V=52.92 current_A=-12.3 soc_pct=76 min_cell_voltage_V=3.301 …`
 */
export function packLine(wallMs: number, r: BatteryReading): string {
  return [
    new Date(wallMs).toISOString(),
    ...field(readingNames.voltageV, r.voltageV),
    ...field(readingNames.currentA, r.currentA),
    ...field(readingNames.socPct, r.socPct),
    ...field('min_cell_voltage_V', edge(Math.min, r.cellVoltagesV)),
    ...field('max_cell_voltage_V', edge(Math.max, r.cellVoltagesV)),
    ...field(readingNames.temperaturesC, row(r.temperaturesC)),
    ...field(readingNames.alarms, r.alarms?.join(',')),
    ...field(readingNames.warnings, r.warnings?.join(',')),
  ].join(' ');
}
