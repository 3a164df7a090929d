// The events that this office was told, as the page shows them: what lasts, and the newest that are over.
import type { LiveEvent } from '../model/api/live.ts';
import type { PastEvent } from '../model/api/past.ts';
import type { BankState } from '../model/bank-state.ts';
import { type BankEvent, type EventKind, eventKinds, severityOf } from '../model/events.ts';
import { snapshotOf } from './snapshot.ts';

/** Of those that are over. */
const MOST_KEPT = 200;
const MOST_SHOWN = 50;
const MOST_TRIPS = 10;

const trips: readonly EventKind[] = ['bank_late', 'bank_stale', 'bank_lost'];

interface Kept {
  readonly event: BankEvent;
  readonly snapshot?: PastEvent['snapshot'];
}

export interface HeardEvents {
  /** All that lasts, as this office begins. */
  readonly open: (events: readonly BankEvent[]) => void;
  readonly take: (event: BankEvent) => void;
  /** What was over before this office began, as a history has it, oldest first. */
  readonly remember: (events: readonly PastEvent[]) => void;
  readonly shown: () => Readonly<Record<string, LiveEvent>>;
  /** Newest first. */
  readonly trips: () => readonly LiveEvent[];
  /** Of the time since this office began, newest first. */
  readonly past: () => readonly PastEvent[];
}

/** Times to a date. */
type Wall = (atMs: number) => number;

const timesOf = ({ beganAtMs, endedAtMs }: BankEvent, wall: Wall) => ({
  began_ms: wall(beganAtMs),
  ...(endedAtMs !== undefined && { ended_ms: wall(endedAtMs) }),
});

function liveEvent(event: BankEvent, wall: Wall): LiveEvent {
  const { kind, subject, alarm, text, over, peak, flaps } = event;
  return {
    kind,
    severity: severityOf(event),
    text,
    ...timesOf(event, wall),
    ...(subject !== undefined && { subject }),
    ...(alarm !== undefined && { alarm }),
    ...(over !== undefined && { over }),
    ...(peak && { peak }),
    ...(flaps && { flaps }),
  };
}

function pastEvent({ event, snapshot }: Kept, wall: Wall): PastEvent {
  const { id, became } = event;
  const { flaps: _, ...live } = liveEvent(event, wall);
  return { id, ...live, ...(became !== undefined && { became }), ...(snapshot && { snapshot }) };
}

const isKind = (kind: string): kind is EventKind => Object.hasOwn(eventKinds, kind);

/** `apartMs`: of the wall clock over the monotonic one. Undefined for what lasts, or is of a kind that is no more. */
function bankEvent(past: PastEvent, apartMs: number): BankEvent | undefined {
  const { id, kind, text, subject, over, peak, began_ms, ended_ms } = past;
  if (ended_ms === undefined || !isKind(kind)) return undefined;
  return {
    id,
    kind,
    text,
    beganAtMs: began_ms - apartMs,
    endedAtMs: ended_ms - apartMs,
    ...(subject !== undefined && { subject }),
    ...(over !== undefined && { over }),
    ...(peak && { peak }),
  };
}

const isOver = ({ event }: Kept): boolean => event.endedAtMs !== undefined;

const newestFirst = (a: Kept, b: Kept): number => b.event.beganAtMs - a.event.beganAtMs;

export function heardEvents(wall: Wall, bank: () => BankState | undefined): HeardEvents {
  /** By id, in the order of their news. */
  const kept = new Map<string, Kept>();
  let tripped: readonly Kept[] = [];

  function forget(): void {
    const over = [...kept.values()].filter(isOver);
    for (const { event } of over.slice(0, Math.max(0, over.length - MOST_KEPT))) kept.delete(event.id);
  }

  function take(event: BankEvent): void {
    const was = kept.get(event.id);
    const isBegin = event.endedAtMs === undefined;
    const state = isBegin && !was ? bank() : undefined;
    const snapshot = state ? snapshotOf(state) : was?.snapshot;
    const now = { event, ...(snapshot && { snapshot }) };
    kept.delete(event.id);
    kept.set(event.id, now);
    if (trips.includes(event.kind))
      tripped = [...tripped.filter((one) => one.event.id !== event.id), now]
        .toSorted(newestFirst)
        .slice(0, MOST_TRIPS);
    forget();
  }

  return {
    take,
    /** What lasted for an office before this one, and does not any more, ended unseen. */
    open(events) {
      for (const event of events) take(event);
    },
    remember(events) {
      const known = events.flatMap((past) => bankEvent(past, wall(0)) ?? []);
      const earlier = known.filter(({ id }) => !kept.has(id)).map((event) => ({ event }));
      const later = [...kept];
      kept.clear();
      for (const one of earlier) kept.set(one.event.id, one);
      for (const [id, one] of later) kept.set(id, one);
      const trippedEarlier = earlier.filter(({ event }) => trips.includes(event.kind));
      tripped = [...tripped, ...trippedEarlier].toSorted(newestFirst).slice(0, MOST_TRIPS);
      forget();
    },
    shown() {
      const all = [...kept.values()];
      const over = all.filter(isOver).slice(-MOST_SHOWN);
      const lasting = all.filter((one) => !isOver(one));
      return Object.fromEntries([...lasting, ...over].map(({ event }) => [event.id, liveEvent(event, wall)]));
    },
    trips: () => tripped.map(({ event }) => liveEvent(event, wall)),
    past: () => [...kept.values()].toSorted(newestFirst).map((one) => pastEvent(one, wall)),
  };
}
