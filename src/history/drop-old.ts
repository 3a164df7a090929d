// What is too old goes in small steps: no transaction is longer than an hour of minutes or a day of quarters.
import { MINUTE_MS } from './gather.ts';
import type { Database } from './sqlite.ts';
import type { Keeping } from './store.ts';
import { DAY_MINUTES, QUARTERS, SERIES } from './tables.ts';

const AN_HOUR = 60;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
const EVENTS_AT_ONCE = 200;
/** So that a fault that comes and goes each minute for a year fills no disk. */
const MOST_EVENTS = 20_000;

const numberOf = (db: Database, sql: string, ...given: number[]): number | undefined => {
  const value = Object.values(db.prepare(sql).get(...given) ?? {})[0];
  return typeof value === 'number' ? value : undefined;
};

/** Takes one piece from an end of a table, if that end lies beyond the edge. A day that is not rolled up keeps its minutes. */
function dropMinutes(db: Database, nowMs: number, { minutesMs, keepMs }: Keeping): boolean {
  const kept = Math.floor((nowMs - Math.min(minutesMs, keepMs)) / MINUTE_MS);
  const due = numberOf(db, 'SELECT min(day) FROM due_day');
  const edge = Math.min(kept, due === undefined ? kept : due * DAY_MINUTES);
  const oldest = numberOf(db, `SELECT min(key) / ${SERIES} FROM minute_row`);
  if (oldest === undefined || oldest >= edge - AN_HOUR) return false;
  db.prepare('DELETE FROM minute_row WHERE key < ?').run((oldest + AN_HOUR) * SERIES);
  return true;
}

/** So many keys lie within a day. */
const dayTables = [
  { table: 'quarter_row', perDay: SERIES * QUARTERS },
  { table: 'day_row', perDay: SERIES },
];

function dropDays(db: Database, nowMs: number, { keepMs }: Keeping): boolean {
  const edge = Math.floor((nowMs - keepMs) / DAY_MS);
  const dropped = dayTables.map(({ table, perDay }) => {
    const oldest = numberOf(db, `SELECT min(key) / ${perDay} FROM ${table}`);
    if (oldest === undefined || oldest >= edge) return false;
    db.prepare(`DELETE FROM ${table} WHERE key < ?`).run((oldest + 1) * perDay);
    return true;
  });
  return dropped.includes(true);
}

function dropEvents(db: Database, nowMs: number, { keepMs }: Keeping): boolean {
  const surplus = Math.max(0, (numberOf(db, 'SELECT count(*) FROM event') ?? 0) - MOST_EVENTS);
  const drop = (where: string, value: number): number =>
    Number(
      db.prepare(`DELETE FROM event WHERE id IN (SELECT id FROM event WHERE ${where})`).run(value).changes,
    );
  const old = drop(
    `began_ms < ? AND ended_ms IS NOT NULL ORDER BY began_ms LIMIT ${EVENTS_AT_ONCE}`,
    nowMs - keepMs,
  );
  const many = surplus > 0 ? drop('true ORDER BY began_ms LIMIT ?', Math.min(surplus, EVENTS_AT_ONCE)) : 0;
  return old + many > 0;
}

/** One step of everything. True while there may be more. What lies in the future stays: perhaps the clock is behind, not ahead. */
export const dropOld = (db: Database, nowMs: number, keeping: Keeping): boolean =>
  [dropMinutes, dropDays, dropEvents].map((drop) => drop(db, nowMs, keeping)).includes(true);
