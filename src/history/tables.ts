// The tables of the history file, and the SQL that follows from the list of columns.
import { type ColumnName, columnNames, columns, type Way } from './columns.ts';

/** A file of another number is not touched. */
export const SCHEMA_VERSION = 1;
/** `bmsg`: what `file(1)` and we know the file by. */
export const APPLICATION_ID = 0x626d7367;

export const DAY_MINUTES = 1440;
export const QUARTER_MINUTES = 15;

/** Room for so many batteries in the key of a row, and for so many quarters of a day. */
export const SERIES = 4096;
export const QUARTERS = 128;

/** When a row begins, in minutes since 1970. */
export const quarterStart = `key / ${SERIES * QUARTERS} * ${DAY_MINUTES} + key % ${QUARTERS} * ${QUARTER_MINUTES}`;
export const dayStart = `key / ${SERIES} * ${DAY_MINUTES}`;

const counts = columnNames.map((name) => `${name} INTEGER`).join(', ');

/**
 * Each key is one number: SQLite appends to such a table without moving what is there, so that a minute writes one page or a few,
 * and full ones. Minutes lie as they come: `minute * SERIES + series`. Quarters lie battery by battery within their day, for they
 * are written a day at once and read a battery at a time: `(day * SERIES + series) * QUARTERS + quarter`; days `day * SERIES +
 * series`. Values are whole counts; the views have them in units.
 */
export const schemaSql = `
CREATE TABLE series (id INTEGER PRIMARY KEY, battery TEXT NOT NULL UNIQUE);
CREATE TABLE minute_row (key INTEGER PRIMARY KEY, covered_ms INTEGER NOT NULL, ${counts});
CREATE TABLE quarter_row (key INTEGER PRIMARY KEY, covered_ms INTEGER NOT NULL, ${counts});
CREATE TABLE day_row (key INTEGER PRIMARY KEY, covered_ms INTEGER NOT NULL, ${counts});
CREATE TABLE due_day (day INTEGER PRIMARY KEY);
CREATE TABLE event (id TEXT PRIMARY KEY, kind TEXT NOT NULL, severity TEXT NOT NULL, subject TEXT, alarm TEXT,
  about TEXT, text TEXT NOT NULL, details TEXT, began_ms INTEGER NOT NULL, ended_ms INTEGER, ended_by TEXT, over TEXT, became TEXT, peak_quantity TEXT, peak_value REAL,
  snapshot TEXT, acknowledged_by TEXT, acknowledged_ms INTEGER);
CREATE INDEX event_began ON event (began_ms);
CREATE INDEX event_open ON event (began_ms) WHERE ended_ms IS NULL;
${view('minutes', 'minute_row', `key / ${SERIES}`, `key % ${SERIES}`)}
${view('quarters', 'quarter_row', quarterStart, `key / ${QUARTERS} % ${SERIES}`)}
${view('days', 'day_row', dayStart, `key % ${SERIES}`)}
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** For whoever reads the file with other programs: UTC, the battery's id or NULL for the bank, and units. */
function view(name: string, table: string, minute: string, series: string): string {
  const values = columnNames.map((c) => `${c} / ${columns[c].countsPerUnit}.0 AS ${c}`).join(', ');
  return `CREATE VIEW ${name} AS SELECT strftime('%Y-%m-%dT%H:%MZ', (${minute}) * 60, 'unixepoch') AS at,
  nullif(battery, '') AS battery, covered_ms / 1000.0 AS covered_s, ${values}
  FROM ${table} JOIN series ON series.id = ${series};`;
}

const whole = (real: string): string => `CAST(round(${real}) AS INTEGER)`;

const overRows: { readonly [W in Way]: (c: ColumnName) => string } = {
  mean: (c) => whole(`sum(${c} * covered_ms) * 1.0 / sum(CASE WHEN ${c} IS NOT NULL THEN covered_ms END)`),
  min: (c) => `min(${c})`,
  max: (c) => `max(${c})`,
  sum: (c) => `sum(${c})`,
};

/** What rows of `minute_row` or `quarter_row` come to, for a `SELECT … GROUP BY`. */
export const mergedOver = (names: readonly ColumnName[]): string =>
  ['sum(covered_ms)', ...names.map((c) => overRows[columns[c].way](c))].join(', ');

const ofTwo: { readonly [W in Way]: (c: ColumnName) => string } = {
  mean: (c) =>
    `coalesce(${whole(`(${c} * covered_ms + excluded.${c} * excluded.covered_ms) * 1.0 / (covered_ms + excluded.covered_ms)`)}, ${c}, excluded.${c})`,
  min: (c) => `coalesce(min(${c}, excluded.${c}), ${c}, excluded.${c})`,
  max: (c) => `coalesce(max(${c}, excluded.${c}), ${c}, excluded.${c})`,
  sum: (c) => `coalesce(${c} + excluded.${c}, ${c}, excluded.${c})`,
};

/** Two halves of a minute are not longer than this together; what is, is the same minute once more, and the clock was set back. */
const MINUTE_AND_A_BIT_MS = 65_000;

/**
 * A minute that a restart cut in two is made whole. Of one that comes again the fuller stays, of two as full the later: a clock
 * that is set back by seconds repeats but the end of a minute.
 */
export const putMinuteSql = ((): string => {
  const both = `covered_ms + excluded.covered_ms <= ${MINUTE_AND_A_BIT_MS}`;
  const one = (name: string, ofBoth: string): string =>
    `${name} = CASE WHEN ${both} THEN ${ofBoth} WHEN excluded.covered_ms >= covered_ms THEN excluded.${name} ELSE ${name} END`;
  const set = columnNames.map((c) => one(c, ofTwo[columns[c].way](c)));
  const total = one('covered_ms', 'covered_ms + excluded.covered_ms');
  return `INSERT INTO minute_row VALUES (?, ?, ${columnNames.map(() => '?').join(', ')})
    ON CONFLICT DO UPDATE SET ${[...set, total].join(', ')}`;
})();
