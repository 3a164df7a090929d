// What lasts at the moment: told when it begins, when it gets worse, and when it is over.
import type { BankEvent, EventKind, Peak } from '../model/events.ts';

/** Something that holds now. It is the same as before when kind, subject and alarm are. */
export interface Condition extends Pick<BankEvent, 'kind' | 'subject' | 'alarm' | 'text' | 'details'> {
  readonly measured?: Peak;
  /** Which way it gets worse; default higher. */
  readonly worse?: 'higher' | 'lower';
}

export type Moment = Pick<BankEvent, 'kind' | 'subject' | 'text' | 'details'>;

export interface Ledger {
  /** All that holds now of what this source looks after: the rest of its events is over. */
  readonly hold: (source: string, conditions: readonly Condition[], atMs: number) => void;
  readonly moment: (what: Moment, atMs: number) => void;
  /** What lasts, oldest first. */
  readonly open: () => readonly BankEvent[];
}

interface Held {
  readonly source: string;
  readonly event: BankEvent;
}

const keyOf = ({ kind, subject, alarm }: { kind: EventKind; subject?: string; alarm?: string }): string =>
  `${kind} ${subject ?? ''} ${alarm ?? ''}`;

const isWorse = (was: Peak | undefined, { measured, worse = 'higher' }: Condition): boolean =>
  measured !== undefined &&
  (was === undefined || (worse === 'higher' ? measured.value > was.value : measured.value < was.value));

const withPeak = (event: BankEvent, { measured }: Condition): BankEvent =>
  measured === undefined ? event : { ...event, peak: measured };

function begun({ measured: _, worse: __, ...what }: Condition, id: string, atMs: number): BankEvent {
  return { id, ...what, beganAtMs: atMs };
}

/** `run` makes the ids of this start differ from those of all others. */
export function newLedger(run: string, tell: (event: BankEvent) => void): Ledger {
  const held = new Map<string, Held>();
  let count = 0;
  const nextId = (): string => {
    count++;
    return `${run}-${count}`;
  };
  const put = (key: string, source: string, event: BankEvent) => {
    held.set(key, { source, event });
    tell(event);
  };
  const take = (source: string, condition: Condition, atMs: number) => {
    const key = keyOf(condition);
    const was = held.get(key)?.event;
    if (!was) return put(key, source, withPeak(begun(condition, nextId(), atMs), condition));
    if (isWorse(was.peak, condition)) put(key, source, withPeak(was, condition));
  };

  return {
    hold(source, conditions, atMs) {
      const now = new Set(conditions.map(keyOf));
      for (const [key, { source: of, event }] of held) {
        if (of !== source || now.has(key)) continue;
        held.delete(key);
        tell({ ...event, endedAtMs: atMs });
      }
      for (const condition of conditions) take(source, condition, atMs);
    },
    moment(what, atMs) {
      tell({ id: nextId(), ...what, beganAtMs: atMs, endedAtMs: atMs });
    },
    open: () => Array.from(held.values(), ({ event }) => event),
  };
}
