// A chart of the history as the drawing takes it: named, in the reader's units, with gaps and marks.

import type { PastCourse } from '../../model/api/past.ts';
import type { EventMark, Ink, Series } from '../chart/spec.ts';
import { chosenTemperatureUnit, toChosenTemperature } from '../format.ts';
import { t } from '../words/words.ts';
import type { ChartSpec as Charted, Line } from './charts.ts';
import { gapsOf } from './gaps.ts';
import type { TimeWindow } from './spans.ts';

type Values = readonly (number | null)[];

const digitsOf: { readonly [U in Charted['unit']]: number } = { '%': 1, V: 2, A: 1, W: 2, mV: 0, '°C': 1 };

/** What stands on the axis for a value of the history. */
function shownAs(unit: Charted['unit'], { isNegated }: Line): (value: number) => number {
  if (unit === 'mV') return (volts) => volts * 1000;
  if (unit === 'W') return (watts) => watts / 1000;
  if (unit === '°C') return toChosenTemperature;
  return isNegated ? (value) => -value : (value) => value;
}

const unitText = (unit: Charted['unit']): string =>
  unit === '°C' ? chosenTemperatureUnit() : unit === 'W' ? 'kW' : unit;

const mapped = (values: Values | undefined, to: (value: number) => number): Values =>
  (values ?? []).map((value) => (value === null ? null : to(value)));

/** Told apart by colour and by dash. */
const looks: readonly { readonly ink: Ink; readonly dash?: readonly number[] }[] = [
  { ink: 'charge' },
  { ink: 'discharge', dash: [7, 4] },
  { ink: 'quiet', dash: [2, 3] },
];

function seriesOf(line: Line, at: number, { unit }: Charted, { values }: PastCourse): Series {
  const to = shownAs(unit, line);
  const [low, high] = line.band ?? [];
  const look = looks[at % looks.length] ?? { ink: 'text' };
  return {
    name: t(`history.${line.column}`),
    unit: unitText(unit),
    digits: unit === 'V' && line.column.includes('cell') ? 3 : digitsOf[unit],
    ...look,
    values: mapped(values[line.column], to),
    ...(low !== undefined &&
      high !== undefined && { band: { low: mapped(values[low], to), high: mapped(values[high], to) } }),
  };
}

const isKnown = (values: Values | undefined): boolean => values?.some((value) => value !== null) ?? false;

/** Undefined where the history has nothing of it. */
export function chartOf(chart: Charted, course: PastCourse, window: TimeWindow, marks: readonly EventMark[]) {
  const lines = chart.lines.filter(({ column }) => isKnown(course.values[column]));
  if (lines.length === 0) return undefined;
  return {
    atMs: course.at_ms,
    stepMs: course.step_ms,
    whole: window,
    gaps: gapsOf(course, window),
    series: lines.map((line, at) => seriesOf(line, at, chart, course)),
    marks,
    ...(chart.unit === '%' && { range: { min: 0, max: 100 } }),
  };
}
