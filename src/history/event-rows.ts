// Events in the file: written when they begin, get worse and end; closed when the process that told them is gone.
import { severityOf } from '../model/events.ts';
import { MINUTE_MS } from './gather.ts';
import { type Database, inOne } from './sqlite.ts';
import type { KeptEvent } from './store.ts';
import { SERIES } from './tables.ts';

/**
 * A word that was told once stays, and so does what a person acknowledged; peak and end are the newest. Begin and end are dated by
 * one clock: where it was set meanwhile the event would else have lasted for days, or no time at all.
 */
const putSql = `INSERT INTO event
  (id, kind, severity, subject, alarm, about, text, details, began_ms, ended_ms, over, became, peak_quantity, peak_value, snapshot)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET began_ms = excluded.began_ms, ended_ms = excluded.ended_ms, ended_by = NULL,
    over = excluded.over, became = excluded.became,
    peak_quantity = coalesce(excluded.peak_quantity, peak_quantity),
    peak_value = coalesce(excluded.peak_value, peak_value)`;

export function eventWriter(db: Database): (events: readonly KeptEvent[]) => void {
  const put = db.prepare(putSql);
  return (events) =>
    inOne(db, () => {
      for (const { event, beganMs, endedMs, snapshot } of events)
        put.run(
          event.id,
          event.kind,
          severityOf(event),
          event.subject ?? null,
          event.alarm ?? null,
          event.about ?? null,
          event.text,
          event.details === undefined ? null : JSON.stringify(event.details),
          Math.round(beganMs),
          endedMs === undefined ? null : Math.round(Math.max(beganMs, endedMs)),
          event.over ?? null,
          event.became ?? null,
          event.peak?.quantity ?? null,
          event.peak?.value ?? null,
          snapshot ?? null,
        );
    });
}

const lastWrittenSql = `SELECT max(
  coalesce((SELECT (max(key) / ${SERIES} + 1) * ${MINUTE_MS} FROM minute_row
    WHERE key <= CAST(?1 / ${MINUTE_MS} AS INTEGER) * ${SERIES} + ${SERIES - 1}), 0),
  coalesce((SELECT max(began_ms) FROM event WHERE began_ms <= ?1), 0),
  coalesce((SELECT max(ended_ms) FROM (SELECT ended_ms FROM event ORDER BY began_ms DESC LIMIT 1000)
    WHERE ended_ms <= ?1), 0)) AS at`;

/** Those that last by the file but not by the list. */
export function endOthers(db: Database, openIds: readonly string[], nowMs: number): void {
  const at = Math.min(nowMs, Number(db.prepare(lastWrittenSql).get(nowMs)?.at));
  db.prepare(
    `UPDATE event SET ended_ms = max(began_ms, ?), ended_by = 'restart'
     WHERE ended_ms IS NULL AND id NOT IN (SELECT value FROM json_each(?))`,
  ).run(Math.round(at), JSON.stringify(openIds));
}
