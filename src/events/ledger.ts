// What lasts at the moment: told when it begins, when it gets worse, and when it is over.
import {
  type BankEvent,
  type EventKind,
  type EventsKept,
  eventKinds,
  type Peak,
  severityOf,
} from '../model/events.ts';
import { graceMs, NOT_SEEN, namesAnother } from './before.ts';
import { watchFlapping } from './flapping.ts';
import { rationed, WINDOW_MS, withoutNumbers } from './ration.ts';

type What = Pick<BankEvent, 'kind' | 'subject' | 'text' | 'line' | 'details'>;

/** Something that holds now. It is the same as before when kind, subject, alarm and `about` are. */
export interface Condition extends What, Pick<BankEvent, 'alarm' | 'about'> {
  readonly measured?: Peak;
  /** Which way it gets worse; default higher. */
  readonly worse?: 'higher' | 'lower';
  /** The batteries that it is about, where it has no subject; the text names them. */
  readonly batteries?: readonly string[];
}

export type Moment = What;

export interface Ledger {
  /**
   * All that holds now of what this source looks after: the rest of its events is over. `over` is how, where that needs a
   * sentence of its own.
   */
  readonly hold: (source: string, conditions: readonly Condition[], atMs: number, over?: string) => void;
  /** As much as is known of it, this is as it was before the start: what lasted goes on, nothing begins. */
  readonly stay: (source: string, condition: Condition, atMs: number) => void;
  /** Of one kind and subject ten in ten minutes, then none until they are over; the next one says how many were withheld. */
  readonly moment: (what: Moment, atMs: number) => void;
  /** Now and then: ends what came and went too often and has stayed away since, and tells peaks that are due. */
  readonly look: (atMs: number) => void;
  /** What lasted before this start, and until when that is known: it goes on under its id once it is seen again. */
  readonly carry: (before: EventsKept, atMs: number) => void;
  /** What lasted before this start and has not been seen since is over, or still waited for, as this says of it. */
  readonly review: (judge: (event: BankEvent) => 'over' | 'unknown' | undefined, atMs: number) => void;
  /** What lasts, oldest first. */
  readonly open: () => readonly BankEvent[];
}

/** A peak that rises with every look is told this often. */
const PEAK_EVERY_MS = 10_000;
const MOST_MOMENTS = 10;

/** Since when it is away, of one that comes and goes or has not been seen since the start, and when that is its end. */
interface Away extends Pick<BankEvent, 'over'> {
  readonly sinceMs: number;
  readonly untilMs: number;
}

interface Held {
  /** Nobody looks after what has not been seen since the start. */
  readonly source?: string;
  readonly event: BankEvent;
  readonly toldAtMs: number;
  readonly toldPeak: Peak | undefined;
  readonly away?: Away;
}

type Key = Pick<BankEvent, 'kind' | 'subject' | 'alarm' | 'about'>;

const keyOf = ({ kind, subject, alarm, about }: Key): string =>
  [kind, subject ?? '', alarm ?? '', about ?? ''].join('\n');

const isWorse = (was: Peak | undefined, { measured, worse = 'higher' }: Condition): boolean =>
  measured !== undefined &&
  (was === undefined || (worse === 'higher' ? measured.value > was.value : measured.value < was.value));

/** The ladder that a condition stands on: of one subject, and of one alarm. */
const ladderOf = ({ kind, subject, alarm }: Key): string | undefined => {
  const { ladder } = { ladder: undefined, ...eventKinds[kind] };
  return ladder && [ladder, subject ?? '', alarm ?? ''].join('\n');
};

function placeTaker(event: BankEvent, conditions: readonly Condition[]): EventKind | undefined {
  const ladder = ladderOf(event);
  return ladder === undefined ? undefined : conditions.find((c) => ladderOf(c) === ladder)?.kind;
}

/** Nothing is known yet of what these are about: they take nobody's place. */
const unknowing: readonly EventKind[] = ['bank_incomplete', 'battery_awaited', 'inverter_waits'];

function begun(condition: Condition, id: string, atMs: number, flaps: boolean): BankEvent {
  const { measured, worse: _, batteries: __, ...what } = condition;
  return {
    id,
    ...what,
    ...(flaps && { text: `${what.text}; it comes and goes`, flaps }),
    beganAtMs: atMs,
    ...(measured && { peak: measured }),
  };
}

/** `run` makes the ids of this start differ from those of all others. `gotWorse`: it was told before, only its peak is new. */
export function newLedger(run: string, tell: (event: BankEvent, gotWorse: boolean) => void): Ledger {
  const held = new Map<string, Held>();
  const flapping = watchFlapping();
  const admit = rationed(MOST_MOMENTS);
  let count = 0;
  const nextId = (): string => {
    count++;
    return `${run}-${count}`;
  };

  function put(key: string, one: Pick<Held, 'source' | 'event'>, atMs: number): void {
    const gotWorse = held.has(key);
    held.set(key, { ...one, toldAtMs: atMs, toldPeak: one.event.peak });
    tell(one.event, gotWorse);
  }

  function end(key: string, { event }: Held, atMs: number, how: Pick<BankEvent, 'over' | 'became'>): void {
    held.delete(key);
    tell({ ...event, endedAtMs: atMs, ...how }, false);
  }

  /** What comes and goes is only away, until it has been so for long enough. */
  function leave(key: string, one: Held, atMs: number, how: Pick<BankEvent, 'over' | 'became'>): void {
    if (!one.event.flaps) end(key, one, atMs, how);
    else if (!one.away) held.set(key, { ...one, away: { sinceMs: atMs, untilMs: atMs + WINDOW_MS } });
  }

  /** Where nothing is known yet: what was on its ladder before this start, if that wanted a look. */
  function asBefore(condition: Condition): Condition {
    if (!unknowing.includes(condition.kind)) return condition;
    const ladder = ladderOf(condition);
    for (const { event } of held.values())
      if (!event.id.startsWith(`${run}-`) && ladderOf(event) === ladder && severityOf(event) !== 'info')
        return event;
    return condition;
  }

  function take(source: string, condition: Condition, atMs: number): void {
    const key = keyOf(condition);
    const was = held.get(key);
    const isAnother = was && was.source === undefined && namesAnother(was.event, condition.batteries);
    if (isAnother) end(key, was, was.away?.sinceMs ?? atMs, { became: condition.kind });
    if (!was || isAnother) {
      put(key, { source, event: begun(condition, nextId(), atMs, flapping(key, atMs)) }, atMs);
      return;
    }
    const { away: _, ...there } = was;
    const { measured } = condition;
    const worse = measured && isWorse(was.event.peak, condition);
    held.set(key, { ...there, source, ...(worse && { event: { ...was.event, peak: measured } }) });
  }

  function look(atMs: number): void {
    for (const [key, one] of held) {
      const { event, toldAtMs, toldPeak, away } = one;
      if (away && atMs >= away.untilMs) end(key, one, away.sinceMs, away.over ? { over: away.over } : {});
      else if (event.peak !== toldPeak && atMs - toldAtMs >= PEAK_EVERY_MS) put(key, one, atMs);
    }
  }

  function carry({ events, untilMs }: EventsKept, atMs: number): void {
    for (const event of events) {
      const away = { sinceMs: untilMs, untilMs: atMs + graceMs(event), over: NOT_SEEN };
      held.set(keyOf(event), { event, toldAtMs: atMs, toldPeak: event.peak, away });
    }
  }

  return {
    hold(source, conditions, atMs, over) {
      const there = conditions.map(asBefore);
      const now = new Set(there.map(keyOf));
      for (const [key, one] of held) {
        if (now.has(key)) continue;
        const became = placeTaker(one.event, there);
        if (one.source === source)
          leave(key, one, atMs, became ? { became } : { ...(over !== undefined && { over }) });
        else if (one.source === undefined && became) end(key, one, one.away?.sinceMs ?? atMs, { became });
      }
      for (const condition of there) take(source, condition, atMs);
      look(atMs);
    },
    stay(source, condition, atMs) {
      if (held.has(keyOf(condition))) take(source, condition, atMs);
    },
    carry,
    review(judge, atMs) {
      for (const [key, one] of held) {
        const { source, event, away } = one;
        const found = source === undefined && away && judge(event);
        if (found === 'over') end(key, one, away?.sinceMs ?? atMs, { over: NOT_SEEN });
        else if (found) held.set(key, { ...one, away: { ...away, untilMs: atMs + graceMs(event) } });
      }
    },
    moment(what, atMs) {
      const withheld = admit([what.kind, what.subject, withoutNumbers(what.text)].join('\n'), atMs);
      if (withheld === undefined) return;
      const details = withheld ? { details: { ...what.details, withheld } } : {};
      tell({ id: nextId(), ...what, ...details, beganAtMs: atMs, endedAtMs: atMs }, false);
    },
    look,
    open: () => Array.from(held.values(), ({ event }) => event),
  };
}
