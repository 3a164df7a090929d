import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ColumnName,
  columnNames,
  columns,
  type Minute,
  type SpanValues,
  toCounts,
  toUnits,
} from '../../src/history/columns.ts';
import { readHistory } from '../../src/history/reader.ts';
import { sqliteStore } from '../../src/history/sqlite-store.ts';
import { historyPath } from './folder.ts';

const MINUTE_MS = 60_000;
const DAY = 1440;
const FIRST_DAY = 20_000;

/** What is kept of a value: a whole number of counts. */
const kept = (name: ColumnName, value: number): number => toUnits(name, toCounts(name, value) ?? Number.NaN);

const anyValues: fc.Arbitrary<SpanValues> = fc.record(
  Object.fromEntries(
    columnNames.map((name) => [
      name,
      fc.double({ min: -300, max: 300, noNaN: true }).map((v) => kept(name, v)),
    ]),
  ),
  { requiredKeys: [] },
);

/** Minutes of the bank and a battery over two days and a bit, no two the same, with holes as they may be. */
const anyMinutes = fc.uniqueArray(
  fc.record({
    minute: fc.integer({ min: FIRST_DAY * DAY, max: (FIRST_DAY + 2) * DAY + 200 }),
    coveredMs: fc.integer({ min: 1, max: 62_000 }),
    values: anyValues,
    battery: fc.constantFrom(undefined, 'a'),
  }),
  { selector: ({ minute, battery }) => `${minute} ${battery}`, minLength: 1, maxLength: 60 },
);

type Made = { minute: number; coveredMs: number; values: SpanValues; battery: string | undefined };

const written = ({ battery, ...rest }: Made): Minute => ({ ...rest, ...(battery && { battery }) });

/** The same by other means than SQL. */
function merged(name: ColumnName, rows: readonly Made[]): number | null {
  const known = rows.flatMap(({ values, coveredMs }) => {
    const value = values[name];
    return value === undefined ? [] : [{ value, coveredMs }];
  });
  if (known.length === 0) return null;
  const all = known.map(({ value }) => value);
  const { way } = columns[name];
  if (way === 'min') return Math.min(...all);
  if (way === 'max') return Math.max(...all);
  if (way === 'sum') return all.reduce((a, b) => a + b, 0);
  const weight = known.reduce((sum, { coveredMs }) => sum + coveredMs, 0);
  return known.reduce((sum, { value, coveredMs }) => sum + value * coveredMs, 0) / weight;
}

function grouped(rows: readonly Made[], step: number): Map<number, Made[]> {
  const groups = new Map<number, Made[]>();
  for (const row of rows) {
    const at = Math.floor(row.minute / step) * step * MINUTE_MS;
    groups.set(at, [...(groups.get(at) ?? []), row]);
  }
  return new Map([...groups].sort(([a], [b]) => a - b));
}

/** Half a count is lost each time it is rounded: in the row of a quarter, and in the step of several quarters. */
function expectNear(
  name: ColumnName,
  value: number,
  wanted: number,
  rows: readonly Made[],
  step: number,
): void {
  const slack = 1.01 / columns[name].countsPerUnit;
  const known = rows.flatMap(({ values }) => values[name] ?? []);
  // A row says how long it was measured, not how long each of its values was known: several quarters are weighted by that.
  if (columns[name].way === 'mean' && known.length < rows.length && step > 15 && step < DAY) {
    expect(value).toBeGreaterThanOrEqual(Math.min(...known) - slack);
    expect(value).toBeLessThanOrEqual(Math.max(...known) + slack);
  } else expect(Math.abs(value - wanted)).toBeLessThanOrEqual(slack);
}

function sameAsMinutes(
  path: string,
  rows: readonly Made[],
  battery: string | undefined,
  points: number,
): void {
  const reader = readHistory(path);
  const [fromMs, toMs] = [FIRST_DAY * DAY * MINUTE_MS, (FIRST_DAY + 3) * DAY * MINUTE_MS];
  const course = reader.course({ battery, fromMs, toMs, columns: columnNames, points });
  reader.close();
  const expected = grouped(
    rows.filter((row) => row.battery === battery),
    course.stepMs / MINUTE_MS,
  );
  expect(course.atMs).toEqual([...expected.keys()]);
  expect(course.atMs.length).toBeLessThanOrEqual(points);
  for (const name of columnNames)
    for (const [i, group] of [...expected.values()].entries()) {
      const [value, wanted] = [course.values[name]?.[i] ?? null, merged(name, group)];
      if (wanted === null || value === null) expect(value).toBe(wanted);
      else expectNear(name, value, wanted, group, course.stepMs / MINUTE_MS);
    }
}

describe('what is read of the history', () => {
  test('is what its minutes say, whether they are rolled up, half of them or not at all', () => {
    fc.assert(
      fc.property(
        anyMinutes,
        fc.integer({ min: 0, max: 7 }),
        fc.constantFrom(3, 30, 90, 300, 5000),
        (rows, rollUps, points) => {
          const undo: (() => void)[] = [];
          const path = historyPath({ onTestFinished: (fn) => void undo.push(fn as () => void) });
          try {
            const store = sqliteStore(path);
            store.writeMinutes(rows.map(written));
            const nowMs = ((FIRST_DAY + 2) * DAY + 210) * MINUTE_MS;
            for (let i = 0; i < rollUps; i++) store.rollUp(nowMs);
            for (const battery of [undefined, 'a']) sameAsMinutes(path, rows, battery, points);
            store.close();
          } finally {
            for (const end of undo) end();
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('may be a minute that was written again after its day was rolled up', (context) => {
    const path = historyPath(context);
    const store = sqliteStore(path);
    const minute = (voltage_V: number) => [
      { minute: FIRST_DAY * DAY + 5, coveredMs: 60_000, values: { voltage_V } },
    ];
    const later = (FIRST_DAY + 3) * DAY * MINUTE_MS;
    const read = () => {
      const reader = readHistory(path);
      const at = { fromMs: FIRST_DAY * DAY * MINUTE_MS, toMs: later, points: 400 };
      const { values } = reader.course({ ...at, columns: ['voltage_V'] });
      reader.close();
      return values.voltage_V;
    };
    store.writeMinutes(minute(52));
    while (store.rollUp(later));
    expect(read()).toEqual([52]);
    store.writeMinutes(minute(53));
    expect(read()).toEqual([53]);
    while (store.rollUp(later));
    expect(read()).toEqual([53]);
    store.close();
  });
});
