// The list of what happened: what lasts first, then day by day.
import type { PastEvent } from '../../model/api/past.ts';
import type { Severity } from '../../model/events.ts';

export interface EventFilter {
  readonly severity: Severity | 'all';
  /** Id of a battery, inverter, wire or radio; empty is all. */
  readonly subject: string;
  readonly isOpenOnly: boolean;
}

export const isOpen = (event: Pick<PastEvent, 'ended_ms'>): boolean => event.ended_ms === undefined;

const urgency: { readonly [S in Severity]: number } = { alarm: 0, warning: 1, info: 2 };

export const isWanted = (event: PastEvent, { severity, subject, isOpenOnly }: EventFilter): boolean =>
  (severity === 'all' || urgency[event.severity] <= urgency[severity]) &&
  (subject === '' || event.subject === subject) &&
  (!isOpenOnly || isOpen(event));

/** Of what lasts the most urgent first, then the newest. */
const byUrgency = (a: PastEvent, b: PastEvent): number =>
  urgency[a.severity] - urgency[b.severity] || b.began_ms - a.began_ms;

export interface EventDay {
  /** Midnight of the reader's own day. */
  readonly dayMs: number;
  readonly events: readonly PastEvent[];
}

function dayOf(ms: number): number {
  const day = new Date(ms);
  return day.setHours(0, 0, 0, 0);
}

export interface EventList {
  readonly open: readonly PastEvent[];
  readonly days: readonly EventDay[];
}

export function listOf(events: readonly PastEvent[], filter: EventFilter): EventList {
  const wanted = events.filter((event) => isWanted(event, filter));
  const over = wanted.filter((event) => !isOpen(event)).sort((a, b) => b.began_ms - a.began_ms);
  return {
    open: wanted.filter(isOpen).sort(byUrgency),
    days: [...Map.groupBy(over, ({ began_ms }) => dayOf(began_ms))].map(([dayMs, all]) => ({
      dayMs,
      events: all,
    })),
  };
}

/** What was read and what is told live, each once; what is live is newer, but knows neither snapshot nor acknowledgement. */
export function withLive(read: readonly PastEvent[], live: readonly PastEvent[]): PastEvent[] {
  const all = new Map(read.map((event) => [event.id, event]));
  for (const event of live) all.set(event.id, { ...all.get(event.id), ...event });
  return [...all.values()];
}

/**
 * What to ask for behind those that were read: a bank that is lost begins many events in one moment, and a page may end among them,
 * so those of the oldest moment are asked for once more.
 */
export function olderThan(read: readonly PastEvent[], page: number): { toMs: number; most: number } {
  const oldestMs = Math.min(...read.map(({ began_ms }) => began_ms));
  return {
    toMs: oldestMs + 1,
    most: page + read.filter(({ began_ms }) => began_ms === oldestMs).length,
  };
}

/** Whether it began and ended at once: a moment has no duration. */
export const durationMs = (
  event: Pick<PastEvent, 'began_ms' | 'ended_ms'>,
  nowMs: number,
): number | undefined => {
  const ms = (event.ended_ms ?? nowMs) - event.began_ms;
  return event.ended_ms === event.began_ms ? undefined : Math.max(0, ms);
};

export const subjectsOf = (events: readonly PastEvent[]): string[] =>
  [...new Set(events.flatMap(({ subject }) => subject ?? []))].sort();
