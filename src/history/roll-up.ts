// Days that are over become quarters of an hour and one row of the day, a battery at a time.
import { columnNames } from './columns.ts';
import { MINUTE_MS } from './gather.ts';
import { type Database, inOne } from './sqlite.ts';
import { DAY_MINUTES, mergedOver, QUARTER_MINUTES, QUARTERS, SERIES } from './tables.ts';

/** A minute of one battery is found by its key; to read the whole day of all of them for each would take a second. */
const minutesOf = `WITH RECURSIVE m(n) AS (VALUES(?1 * ${DAY_MINUTES})
    UNION ALL SELECT n + 1 FROM m WHERE n < ?1 * ${DAY_MINUTES} + ${DAY_MINUTES - 1})`;
const joined = `FROM m CROSS JOIN minute_row ON key = m.n * ${SERIES} + ?2`;

const quartersSql = `${minutesOf} INSERT OR REPLACE INTO quarter_row
  SELECT (?1 * ${SERIES} + ?2) * ${QUARTERS} + m.n % ${DAY_MINUTES} / ${QUARTER_MINUTES} AS quarter,
  ${mergedOver(columnNames)} ${joined} GROUP BY quarter`;
const daySql = `${minutesOf} INSERT OR REPLACE INTO day_row
  SELECT ?1 * ${SERIES} + ?2, ${mergedOver(columnNames)} ${joined} HAVING count(*) > 0`;

/** The first day of which minutes were written since it was rolled up, if it is over. */
const dueSql = 'SELECT min(day) AS day FROM due_day WHERE day < ?';
const nextSql = 'SELECT min(id) AS series FROM series WHERE id > ?';

/** The last minutes of a day come a little late. */
const SETTLED_MS = 120_000;

export interface RollUps {
  /** One battery of one day. True while there may be more. */
  readonly step: (nowMs: number) => boolean;
  /** Minutes of this day were written. */
  readonly touched: (day: number) => void;
}

/** A day stays due until all of it is rolled up: one that a process left half done is begun anew by the next. */
export function rollUps(db: Database): RollUps {
  const [due, next] = [db.prepare(dueSql), db.prepare(nextSql)];
  const [makeQuarters, makeDay] = [db.prepare(quartersSql), db.prepare(daySql)];
  const markDue = db.prepare('INSERT INTO due_day VALUES (?) ON CONFLICT DO NOTHING');
  const isDone = db.prepare('DELETE FROM due_day WHERE day = ?');
  let at: { day: number; series: number } | undefined;

  function step(nowMs: number): boolean {
    const day = due.get(Math.floor((nowMs - SETTLED_MS) / MINUTE_MS / DAY_MINUTES))?.day;
    if (typeof day !== 'number') return false;
    const series = next.get(at?.day === day ? at.series : 0)?.series;
    if (typeof series === 'number')
      inOne(db, () => {
        // A plain number would be bound as a floating-point one, and a day's division have a fraction.
        makeQuarters.run(BigInt(day), BigInt(series));
        makeDay.run(BigInt(day), BigInt(series));
      });
    else isDone.run(day);
    at = typeof series === 'number' ? { day, series } : undefined;
    return true;
  }

  return {
    step,
    touched(day) {
      markDue.run(day);
      if (at?.day === day) at = undefined;
    },
  };
}
