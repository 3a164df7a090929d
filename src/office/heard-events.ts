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

type Times = Pick<PastEvent, 'began_ms' | 'ended_ms'>;

interface Kept {
  readonly event: BankEvent;
  readonly snapshot?: PastEvent['snapshot'];
  /** As the history has them; setting the clock moves what this office heard, and not what was written before. */
  readonly written?: Times;
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

const timesOf = ({ beganAtMs, endedAtMs }: BankEvent, wall: Wall): Times => ({
  began_ms: wall(beganAtMs),
  ...(endedAtMs !== undefined && { ended_ms: wall(endedAtMs) }),
});

function liveEvent({ event, written }: Kept, wall: Wall): LiveEvent {
  const { kind, subject, alarm, text, over, peak, flaps } = event;
  return {
    kind,
    severity: severityOf(event),
    text,
    ...(written ?? timesOf(event, wall)),
    ...(subject !== undefined && { subject }),
    ...(alarm !== undefined && { alarm }),
    ...(over !== undefined && { over }),
    ...(peak && { peak }),
    ...(flaps && { flaps }),
  };
}

function pastEvent(kept: Kept, wall: Wall): PastEvent {
  const { event, snapshot } = kept;
  const { id, became } = event;
  const { flaps: _, ...live } = liveEvent(kept, wall);
  return { id, ...live, ...(became !== undefined && { became }), ...(snapshot && { snapshot }) };
}

const isKind = (kind: string): kind is EventKind => Object.hasOwn(eventKinds, kind);

/** Undefined for what lasts, or is of a kind that is no more. */
function keptOf(past: PastEvent): Kept | undefined {
  const { id, kind, text, subject, over, peak, began_ms, ended_ms } = past;
  if (ended_ms === undefined || !isKind(kind)) return undefined;
  const event = {
    id,
    kind,
    text,
    // Before all that this office hears.
    beganAtMs: Number.NEGATIVE_INFINITY,
    endedAtMs: Number.NEGATIVE_INFINITY,
    ...(subject !== undefined && { subject }),
    ...(over !== undefined && { over }),
    ...(peak && { peak }),
  };
  return { event, written: { began_ms, ended_ms } };
}

const isOver = ({ event }: Kept): boolean => event.endedAtMs !== undefined;

const newestFirst = (a: Kept, b: Kept): number =>
  a.written && b.written ? b.written.began_ms - a.written.began_ms : b.event.beganAtMs - a.event.beganAtMs;

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
      const known = events.flatMap((past) => keptOf(past) ?? []);
      const earlier = known.filter(({ event }) => !kept.has(event.id));
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
      return Object.fromEntries([...lasting, ...over].map((one) => [one.event.id, liveEvent(one, wall)]));
    },
    trips: () => tripped.map((one) => liveEvent(one, wall)),
    past: () => [...kept.values()].toSorted(newestFirst).map((one) => pastEvent(one, wall)),
  };
}
