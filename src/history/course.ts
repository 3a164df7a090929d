// What a chart shows: the bank or one battery over a span, in at most so many points.
import { type ColumnName, toUnits } from './columns.ts';
import { MINUTE_MS } from './gather.ts';
import type { Database } from './sqlite.ts';
import {
  DAY_MINUTES,
  dayStart,
  mergedOver,
  QUARTER_MINUTES,
  QUARTERS,
  quarterStart,
  SERIES,
} from './tables.ts';

export interface CourseAsked {
  /** Absent: the bank. */
  readonly battery?: string | undefined;
  /** Wall clock, ms since 1970; `to` is not in it. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly columns: readonly ColumnName[];
  readonly points: number;
}

/** Column by column, as a chart wants it. A step in which nothing was measured is not there. */
export interface Course {
  /** Each value is of a step that begins at its moment: a multiple of this since 1970, UTC. */
  readonly stepMs: number;
  readonly atMs: readonly number[];
  /** How much of each step was measured, ms. */
  readonly coveredMs: readonly number[];
  /** Under the names that were asked for; null is unknown. */
  readonly values: { readonly [C in ColumnName]?: readonly (number | null)[] };
}

/** Steps that divide a day, and whole days; minutes. */
const steps = [1, 2, 3, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 7200, 14_400];

/** The shortest step with at most so many of it in the span, and none shorter than `least`. */
function stepFor({ fromMs, toMs, points }: CourseAsked, least: number): number {
  const fits = (step: number) =>
    Math.ceil(toMs / (step * MINUTE_MS)) - Math.floor(fromMs / (step * MINUTE_MS)) <= points;
  const step = steps.find((minutes) => minutes >= least && fits(minutes));
  if (step !== undefined) return step;
  const days = Math.ceil((toMs - fromMs) / MINUTE_MS / DAY_MINUTES / Math.max(1, points - 1));
  return Math.max(1, days) * DAY_MINUTES;
}

/** A number for each minute or day from `?2` to `?3`: rows of one battery are found by their key, one by one. */
const count = (name: string, per: number): string =>
  `${name}(n) AS (SELECT ?2 / ${per} WHERE ?2 <= ?3 UNION ALL SELECT n + 1 FROM ${name} WHERE n < ?3 / ${per})`;

const minutesSql = (names: string): string => `WITH RECURSIVE ${count('m', 1)},
  found AS (SELECT m.n AS start, ${names} FROM m CROSS JOIN minute_row ON key = m.n * ${SERIES} + ?1)`;

interface Rolled {
  readonly table: string;
  readonly start: string;
  /** Of day `d.n`. */
  readonly keys: string;
}

const seriesOfDay = `(d.n * ${SERIES} + ?1)`;
const quarters: Rolled = {
  table: 'quarter_row',
  start: quarterStart,
  keys: `BETWEEN ${seriesOfDay} * ${QUARTERS} AND ${seriesOfDay} * ${QUARTERS} + ${QUARTERS - 1}`,
};
const days: Rolled = { table: 'day_row', start: dayStart, keys: `= ${seriesOfDay}` };

/** Rolled-up rows, and the minutes of days that are not rolled up yet. */
const rolledSql = (
  names: string,
  { table, start, keys }: Rolled,
): string => `WITH RECURSIVE ${count('d', DAY_MINUTES)},
  m(n) AS (SELECT day * ${DAY_MINUTES} FROM d CROSS JOIN due_day ON day = d.n
    UNION ALL SELECT n + 1 FROM m WHERE (n + 1) % ${DAY_MINUTES} > 0),
  found AS (
    SELECT ${start} AS start, ${names} FROM d CROSS JOIN ${table} ON key ${keys}
      WHERE d.n NOT IN (SELECT day FROM due_day)
    UNION ALL SELECT m.n, ${names} FROM m CROSS JOIN minute_row ON key = m.n * ${SERIES} + ?1)`;

function sqlFor(step: number, names: readonly ColumnName[]): string {
  const listed = ['covered_ms', ...names].join(', ');
  const found =
    step < QUARTER_MINUTES ? minutesSql(listed) : rolledSql(listed, step < DAY_MINUTES ? quarters : days);
  return `${found} SELECT start / ${step} AS step, ${mergedOver(names)} FROM found
    WHERE start BETWEEN ?2 AND ?3 GROUP BY step ORDER BY step`;
}

const boundsSql = `SELECT (SELECT min(key) / ${SERIES} FROM minute_row) AS minute,
  (SELECT max(key) / ${SERIES} FROM minute_row) AS last,
  (SELECT min(key) / ${SERIES * QUARTERS} * ${DAY_MINUTES} FROM quarter_row) AS quarter,
  (SELECT (max(key) / ${SERIES * QUARTERS} + 1) * ${DAY_MINUTES} - 1 FROM quarter_row) AS lastQuarter`;

const seriesSql = 'SELECT id FROM series WHERE battery = ?';

const numbers = (row: object | undefined): number[] =>
  Object.values(row ?? {}).map((value) => (typeof value === 'number' ? value : Number.NaN));

/** From when to when there is anything at all, in minutes, and whether minutes reach back as far as the span does. */
function bounds(db: Database, fromMinute: number) {
  const [minute = Number.NaN, last = Number.NaN, quarter = Number.NaN, lastQuarter = Number.NaN] = numbers(
    db.prepare(boundsSql).get(),
  );
  const known = (...all: number[]) => all.filter((n) => !Number.isNaN(n));
  return {
    first: Math.min(...known(minute, quarter)),
    last: Math.max(...known(last, lastQuarter)),
    hasMinutes: !(quarter < minute && fromMinute < minute),
  };
}

function readRows(db: Database, asked: CourseAsked, step: number, first: number, last: number): number[][] {
  const series = db.prepare(seriesSql).get(asked.battery ?? '')?.id;
  if (typeof series !== 'number' || !(first <= last)) return [];
  const query = db.prepare(sqlFor(step, asked.columns));
  query.setReturnArrays(true);
  // Whole numbers are bound as such: others divide with a fraction. Every expression of a row is a number or NULL.
  return query.all(BigInt(series), BigInt(first), BigInt(last)) as unknown as number[][];
}

/** The steps that the span touches, whole ones, with what is known of each. Where there is nothing no points are spent. */
export function readCourse(db: Database, asked: CourseAsked): Course {
  const edges = bounds(db, Math.floor(asked.fromMs / MINUTE_MS));
  const fromMs = Math.max(asked.fromMs, edges.first * MINUTE_MS);
  const toMs = Math.min(asked.toMs, (edges.last + 1) * MINUTE_MS);
  const step =
    fromMs < toMs ? stepFor({ ...asked, fromMs, toMs }, edges.hasMinutes ? 1 : QUARTER_MINUTES) : 1;
  const stepMs = step * MINUTE_MS;
  const first = Math.floor(fromMs / stepMs) * step;
  const last = Math.ceil(toMs / stepMs) * step - 1;
  const rows = readRows(db, asked, step, first, last);
  const columnAt = (at: number) => rows.map((row) => row[at] ?? null);
  const physical = (name: ColumnName, at: number) =>
    columnAt(at).map((counts) => (counts === null ? null : toUnits(name, counts)));
  return {
    stepMs,
    atMs: rows.map(([at = 0]) => at * stepMs),
    coveredMs: rows.map(([, covered = 0]) => covered),
    values: Object.fromEntries(asked.columns.map((name, i) => [name, physical(name, i + 2)])),
  };
}
