// The ranges of the gauges, from how the site is made.
import type { Site } from '../../model/api/site.ts';

export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface Ranges {
  readonly voltageV: Range;
  readonly currentA: Range;
  readonly powerKW: Range;
  readonly temperatureC: Range;
}

/** Cells of the first string in series; strings of unequal number are refused at load. */
export function cellsInSeries({ strings, batteries }: Site): number {
  const [first = []] = strings;
  return first.reduce((sum, id) => sum + (batteries.find((b) => b.id === id)?.cells ?? 0), 0);
}

const up = (value: number, to: number): number => Math.ceil(value / to - 1e-9) * to;

export function rangesOf(site: Site): Ranges {
  const cells = cellsInSeries(site);
  const { envelope } = site;
  const [lowV, highV] = site.cell_range_V;
  const powerOf = (currentA: number) => up((currentA * cells * highV) / 1000, 0.5);
  const [coldC, hotC] = site.temperature_range_C;
  return {
    voltageV: { min: lowV * cells, max: highV * cells },
    currentA: { min: -envelope.discharge_current_A, max: envelope.charge_current_A },
    powerKW: { min: -powerOf(envelope.discharge_current_A), max: powerOf(envelope.charge_current_A) },
    temperatureC: { min: coldC, max: hotC },
  };
}
