// Events as they are read and acknowledged, by the page and the command line.
import type { Severity } from '../model/events.ts';
import type { Database } from './sqlite.ts';

/** One event of the file; moments are of the wall clock, ms since 1970. What is not known is absent. */
export interface ListedEvent {
  readonly id: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly subject?: string;
  readonly alarm?: string;
  /** Tells it from others of the same kind and subject. */
  readonly about?: string;
  readonly text: string;
  /** What else belongs to it, JSON. */
  readonly details?: string;
  readonly beganMs: number;
  /** Absent while it lasts. */
  readonly endedMs?: number;
  /** It ended with the gateway, at the last moment that is known of. */
  readonly endedBy?: 'restart';
  /** How it ended, where that needs a sentence of its own; and the kind of what took its place. */
  readonly over?: string;
  readonly became?: string;
  readonly peak?: { readonly quantity: string; readonly value: number };
  readonly acknowledged?: Acknowledged;
  /** The bank when it began, JSON. */
  readonly snapshot?: string;
}

export interface Acknowledged {
  readonly by: string;
  readonly atMs: number;
}

export interface EventsAsked {
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Only what lasts still. */
  readonly open?: boolean;
  /** The newest so many. */
  readonly most: number;
}

/** What touched the span: it began before its end, and did not end before its beginning. */
const listSql = `SELECT id, kind, severity, subject, alarm, about, text, details, began_ms, ended_ms, ended_by, over, became, peak_quantity, peak_value,
  acknowledged_by, acknowledged_ms, snapshot FROM event
  WHERE began_ms < ? AND (ended_ms IS NULL OR ended_ms >= ?) AND (ended_ms IS NULL OR NOT ?)
  ORDER BY began_ms DESC LIMIT ?`;

type Row = Record<string, string | number | null>;

function listed(row: Row): ListedEvent {
  const { peak_quantity, peak_value, acknowledged_by, acknowledged_ms, ...rest } = row;
  const event = {
    id: rest.id,
    kind: rest.kind,
    severity: rest.severity,
    subject: rest.subject,
    alarm: rest.alarm,
    about: rest.about,
    text: rest.text,
    details: rest.details,
    beganMs: rest.began_ms,
    endedMs: rest.ended_ms,
    endedBy: rest.ended_by,
    over: rest.over,
    became: rest.became,
    peak: peak_quantity && { quantity: peak_quantity, value: peak_value },
    acknowledged: acknowledged_by && { by: acknowledged_by, atMs: acknowledged_ms },
    snapshot: rest.snapshot,
  };
  // The columns are written by event-rows.ts alone; NULL is what an event does not have.
  return Object.fromEntries(Object.entries(event).filter(([, v]) => v !== null)) as unknown as ListedEvent;
}

/** Oldest first. */
export function readEvents(
  db: Database,
  { fromMs = 0, toMs, open = false, most }: EventsAsked,
): ListedEvent[] {
  const end = toMs ?? Number.MAX_SAFE_INTEGER;
  const rows = db.prepare(listSql).all(end, fromMs, open ? 1 : 0, most) as Row[];
  return rows.map(listed).reverse();
}

/** Who acknowledged it, if somebody had before; `unknown` when there is no such event. */
export function acknowledge(
  db: Database,
  id: string,
  ack: Acknowledged,
): Acknowledged | 'unknown' | undefined {
  const { changes } = db
    .prepare(
      'UPDATE event SET acknowledged_by = ?, acknowledged_ms = ? WHERE id = ? AND acknowledged_by IS NULL',
    )
    .run(ack.by, Math.round(ack.atMs), id);
  if (changes) return undefined;
  const row = db.prepare('SELECT acknowledged_by, acknowledged_ms FROM event WHERE id = ?').get(id);
  return row ? { by: String(row.acknowledged_by), atMs: Number(row.acknowledged_ms) } : 'unknown';
}
