// uPlot's side of a chart; loaded when the first one is looked at.
import Uplot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { numberText } from '../format.ts';
import { timeMarks } from './axis.ts';
import { holed, lonely, type Span } from './course.ts';
import type { ChartSpec, Ink, Series } from './spec.ts';

export interface Plot {
  readonly xs: readonly number[];
  /** The row of each series, without its band. */
  readonly valuesAt: (at: number) => readonly (number | null | undefined)[];
  readonly point: (at: number) => void;
  readonly resize: () => void;
  readonly end: () => void;
}

const HIGH = 220;

const inkOf = (ink: Ink | 'line' | 'soft'): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${ink}`).trim();

const fade = (color: string): string => `color-mix(in srgb, ${color} 22%, transparent)`;

const line = ({ ink, dash, name }: Series): Uplot.Series => ({
  label: name,
  stroke: inkOf(ink),
  width: 2,
  // A line shows no sample that stands alone.
  points: { size: 5, show: false, filter: (u, row) => lonely(u.data[row] ?? []) },
  ...(dash && { dash: [...dash] }),
});

const edge: Uplot.Series = { stroke: 'transparent', width: 0, points: { show: false } };

/** Rows in uPlot's order: each line, behind it the high and low edge of its band. */
const rowsOf = (series: readonly Series[]) =>
  series.flatMap(({ values, band }) => (band ? [values, band.high, band.low] : [values]));

function seriesOf(series: readonly Series[]): { series: Uplot.Series[]; bands: Uplot.Band[]; at: number[] } {
  const made: Uplot.Series[] = [{}];
  const bands: Uplot.Band[] = [];
  const at: number[] = [];
  for (const one of series) {
    at.push(made.length - 1);
    made.push(line(one));
    if (!one.band) continue;
    bands.push({ series: [made.length, made.length + 1], fill: fade(inkOf(one.ink)) });
    made.push(edge, edge);
  }
  return { series: made, bands, at };
}

function shadeGaps({ ctx, bbox, valToPos }: Uplot, gaps: readonly Span[]): void {
  ctx.save();
  ctx.fillStyle = fade(inkOf('quiet'));
  for (const { fromMs, toMs } of gaps) {
    const [left, right] = [valToPos(fromMs / 1000, 'x', true), valToPos(toMs / 1000, 'x', true)];
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

function drawMarks({ ctx, bbox, valToPos }: Uplot, { marks = [] }: ChartSpec): void {
  const unit = devicePixelRatio;
  ctx.save();
  for (const { atMs, ink } of marks) {
    const x = valToPos(atMs / 1000, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.fillStyle = ctx.strokeStyle = inkOf(ink);
    ctx.lineWidth = unit;
    ctx.setLineDash([3 * unit, 3 * unit]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - 5 * unit, bbox.top);
    ctx.lineTo(x + 5 * unit, bbox.top);
    ctx.lineTo(x, bbox.top + 8 * unit);
    ctx.fill();
  }
  ctx.restore();
}

const axis = (): Uplot.Axis => ({
  stroke: inkOf('soft'),
  grid: { stroke: inkOf('line'), width: 1 },
  ticks: { stroke: inkOf('line'), width: 1 },
  font: '12px system-ui, sans-serif',
});

function axes({ series }: ChartSpec): Uplot.Axis[] {
  const digits = series[0]?.digits ?? 0;
  const decimals = (apart: number) => Math.min(digits, Math.max(0, Math.ceil(-Math.log10(apart) - 1e-9)));
  return [
    { ...axis(), space: 64, values: (_, splits, __, ___, apart) => timeMarks(splits, apart) },
    {
      ...axis(),
      size: 56,
      values: (_, splits, __, ___, apart) => splits.map((v) => numberText(v, decimals(apart))),
    },
  ];
}

/** Some room above and below: two of the last digit at least, so that no two marks read alike. */
function rangeOf({ range, series }: ChartSpec) {
  const least = 2 * 10 ** -(series[0]?.digits ?? 0);
  return (_: Uplot, low: number | null, high: number | null): [number, number] => {
    const min = Math.min(low ?? 0, range?.min ?? low ?? 0);
    const max = Math.max(high ?? 1, range?.max ?? high ?? 1);
    const room = Math.max((max - min) * 0.08, least);
    return [min - room, max + room];
  };
}

/** Draws into `host`; `pointed` hears which sample the pointer is at, undefined where it left. */
export function plot(host: HTMLElement, spec: ChartSpec, pointed: (at: number | undefined) => void): Plot {
  const { series, bands, at } = seriesOf(spec.series);
  const made = holed(spec.atMs, rowsOf(spec.series), spec.stepMs, spec.whole);
  const size = () => ({ width: Math.max(200, host.clientWidth), height: HIGH });
  const drawn = new Uplot(
    {
      ...size(),
      series,
      bands,
      axes: axes(spec),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: {
        x: { time: true, range: () => [spec.whole.fromMs / 1000, spec.whole.toMs / 1000] },
        y: { range: rangeOf(spec) },
      },
      hooks: {
        drawClear: [(u) => shadeGaps(u, spec.gaps ?? made.gaps)],
        draw: [(u) => drawMarks(u, spec)],
        setCursor: [({ cursor }) => pointed(cursor.idx ?? undefined)],
      },
    },
    [made.xs, ...made.rows],
    host,
  );
  return {
    xs: made.xs,
    valuesAt: (i) => at.map((row) => made.rows[row]?.[i]),
    point: (i) => drawn.setCursor({ left: drawn.valToPos(made.xs[i] ?? 0, 'x'), top: 1 }),
    resize: () => drawn.setSize(size()),
    end: () => drawn.destroy(),
  };
}
