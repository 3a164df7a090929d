import type { BankEvent, EventsBefore } from '../model/events.ts';
import type { Clock } from '../model/freshness.ts';

/** An office that is stuck is killed within 4 s, one that still loads may take longer: what was told since may be lost with it. */
const RECENT_MS = 60_000;
/** Of what no office takes the oldest is forgotten first. */
const MOST_WAITING = 1000;

interface Posted {
  readonly event: BankEvent;
  readonly atMs: number;
  readonly taken: boolean;
}

export interface EventPost {
  readonly tell: (event: BankEvent) => void;
  /** Once a second or so: what was not taken is told again. */
  readonly look: () => void;
  /** For an office that begins. */
  readonly atBegin: () => EventsBefore;
}

/** Brings events to the office, also past a full channel and past its end: of each event its newest news. */
export function eventPost(
  clock: Clock,
  open: () => readonly BankEvent[],
  send: (event: BankEvent) => boolean,
): EventPost {
  const posted = new Map<string, Posted>();

  function forget(nowMs: number): void {
    for (const [id, { atMs, taken }] of posted)
      if ((taken && nowMs - atMs >= RECENT_MS) || posted.size > MOST_WAITING) posted.delete(id);
  }

  return {
    tell(event) {
      const nowMs = clock();
      posted.delete(event.id);
      posted.set(event.id, { event, atMs: nowMs, taken: send(event) });
      forget(nowMs);
    },
    look() {
      for (const [id, one] of posted) {
        if (one.taken) continue;
        if (!send(one.event)) break;
        posted.set(id, { ...one, taken: true });
      }
      forget(clock());
    },
    atBegin() {
      const recent = Array.from(posted.values(), ({ event }) => event);
      for (const [id, one] of posted) posted.set(id, { ...one, taken: true });
      return { open: open(), recent };
    },
  };
}
