import { describe, expect, type TestContext, test } from 'vitest';
import { readHistory } from '../../src/history/reader.ts';
import { sqliteStore } from '../../src/history/sqlite-store.ts';
import type { HistoryStore } from '../../src/history/store.ts';
import { historyPath } from './folder.ts';

const DAY_MS = 86_400_000;
const DAY = 1440;
const FIRST = 20_000;
const keeping = { keepMs: 20 * DAY_MS, minutesMs: 5 * DAY_MS };

/** Thirty days of a battery that is measured every tenth minute; its voltage says which day it is. */
function thirtyDays(context: TestContext) {
  const path = historyPath(context);
  const store = sqliteStore(path);
  for (let day = FIRST; day < FIRST + 30; day++)
    store.writeMinutes(
      Array.from({ length: DAY / 10 }, (_, i) => ({
        minute: day * DAY + i * 10,
        coveredMs: 60_000,
        values: { voltage_V: day - FIRST, energy_charged_kWh: 0.001 },
      })),
    );
  return { path, store };
}

const END_MS = (FIRST + 30) * DAY_MS;

/** All steps, with the rows that each took out. */
function tidied(store: HistoryStore, path: string): number[] {
  while (store.rollUp(END_MS + 600_000));
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const db = new DatabaseSync(path, { readOnly: true });
  const rows = () =>
    Number(
      db.prepare('SELECT (SELECT count(*) FROM minute_row) + (SELECT count(*) FROM quarter_row) AS n').get()
        ?.n,
    );
  const taken: number[] = [];
  let before = rows();
  while (store.dropOld(END_MS, keeping)) {
    taken.push(before - rows());
    before = rows();
  }
  db.close();
  return taken;
}

const read = (path: string, fromMs: number, points: number) => {
  const reader = readHistory(path);
  const columns = ['voltage_V', 'energy_charged_kWh'] as const;
  const course = reader.course({ fromMs, toMs: END_MS, columns, points });
  reader.close();
  return course;
};

describe('what is too old', () => {
  test('goes in small steps: minutes after five days, all the rest after twenty', (context) => {
    const { path, store } = thirtyDays(context);
    const taken = tidied(store, path);
    expect(Math.max(...taken)).toBeLessThanOrEqual(6 + DAY / 15);
    // Of the last five days each minute; an hour at most is left of the day before.
    const minutes = read(path, END_MS - 5 * DAY_MS, 5 * DAY);
    expect([minutes.stepMs, minutes.atMs.length]).toEqual([60_000, (5 * DAY) / 10]);
    const all = read(path, FIRST * DAY_MS, 31);
    expect(all.stepMs).toBe(DAY_MS);
    expect(all.values.voltage_V).toEqual(Array.from({ length: 20 }, (_, i) => 10 + i));
    expect(all.values.energy_charged_kWh).toEqual(Array(20).fill(0.144));
    store.close();
  });

  test('is read by the quarter of an hour, for the days whose minutes are gone', (context) => {
    const { path, store } = thirtyDays(context);
    tidied(store, path);
    const course = read(path, END_MS - 10 * DAY_MS, 100_000);
    expect(course.stepMs).toBe(15 * 60_000);
    expect(course.atMs.length).toBe((10 * DAY) / 15);
    store.close();
  });

  test('stays while its day is not rolled up', (context) => {
    const { path, store } = thirtyDays(context);
    while (store.dropOld(END_MS, keeping));
    expect(read(path, FIRST * DAY_MS, 31).values.energy_charged_kWh).toEqual(Array(30).fill(0.144));
    store.close();
  });

  test('goes by the clock, but a clock that starts years behind, on a board without one of its own, drops nothing', (context) => {
    const { path, store } = thirtyDays(context);
    const before = read(path, FIRST * DAY_MS, 31).values.voltage_V;
    while (store.dropOld((FIRST - 700) * DAY_MS, keeping));
    expect(read(path, FIRST * DAY_MS, 31).values.voltage_V).toEqual(before);
    store.close();
  });

  test('are events that are over; one that lasts stays', (context) => {
    const path = historyPath(context);
    const store = sqliteStore(path);
    const event = (id: string) =>
      ({ id, kind: 'battery_stale', subject: 'a', text: 'a is stale', beganAtMs: 0 }) as const;
    const old = END_MS - 30 * DAY_MS;
    store.writeEvents([
      { event: event('over'), beganMs: old, endedMs: old + 1 },
      { event: event('lasts'), beganMs: old },
      { event: event('new'), beganMs: END_MS - 1, endedMs: END_MS },
    ]);
    while (store.dropOld(END_MS, keeping));
    const reader = readHistory(path);
    expect(reader.events({ most: 9 }).map(({ id }) => id)).toEqual(['lasts', 'new']);
    reader.close();
    store.close();
  });
});
