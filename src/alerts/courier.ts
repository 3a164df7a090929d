// Brings the messages of one target to it, one after the other, and tries again while its server is away.
import type { BankEvent } from '../model/events.ts';
import type { Timers } from '../model/timers.ts';
import { type Box, type Due, returned, sentOff, settled, taken } from './box.ts';
import type { AlertTarget } from './target.ts';

/** What became of one attempt; `why` is the end of a sentence about the server. */
export type Outcome =
  | { readonly end: 'delivered' }
  | { readonly end: 'later'; readonly why: string; readonly notBeforeMs?: number }
  | { readonly end: 'refused'; readonly why: string };

export interface CourierGround {
  readonly timers: Timers;
  /** Never rejects. */
  readonly send: (due: Due) => Promise<Outcome>;
  readonly changed: () => void;
  /** Why nothing arrives; undefined when it does again. */
  readonly trouble: (why: string | undefined) => void;
}

export interface Courier {
  readonly take: (event: BankEvent) => void;
  readonly box: () => Box;
  /** Sends nothing more; resolves when what was on its way has arrived or not. */
  readonly stop: () => Promise<void>;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 300_000;
/** What is older is no news. */
const LONGEST_MS = 86_400_000;
/** A server that was away for one attempt is no event. */
const TROUBLE_FROM = 3;

const waitMs = (failures: number, notBeforeMs = 0): number =>
  Math.min(LONGEST_WAIT_MS, Math.max(FIRST_WAIT_MS * 2 ** (failures - 1), notBeforeMs));

export function courier(target: AlertTarget, stored: Box, ground: CourierGround): Courier {
  const { timers, send, changed, trouble } = ground;
  let box = stored;
  let failures = 0;
  let stopped = false;
  let flight = Promise.resolve();
  /** While it rests. */
  let cancel: (() => void) | undefined;

  function become(next: Box): void {
    if (next === box) return;
    box = next;
    changed();
  }
  function rest(ms: number): void {
    cancel = timers.after(ms, () => {
      cancel = undefined;
      goOn();
    });
  }
  function failed(outcome: Exclude<Outcome, { end: 'delivered' }>): void {
    failures++;
    if (outcome.end === 'refused' || failures >= TROUBLE_FROM) trouble(outcome.why);
    rest(waitMs(failures, outcome.end === 'later' ? outcome.notBeforeMs : undefined));
  }
  function landed(outcome: Outcome): void {
    become(outcome.end === 'later' ? returned(box) : settled(box));
    if (outcome.end === 'delivered') {
      failures = 0;
      trouble(undefined);
      goOn();
    } else failed(outcome);
  }
  function goOn(): void {
    if (stopped || cancel || box.flying) return;
    for (let next = box.due[0]; next && timers.now() - next.sinceMs > LONGEST_MS; next = box.due[0])
      become(settled(sentOff(box)));
    const [next] = box.due;
    if (!next) return;
    box = sentOff(box);
    flight = send(next).then(landed);
  }

  rest(0);
  return {
    take(event) {
      become(taken(box, event, target, timers.now()));
      goOn();
    },
    box: () => box,
    stop() {
      stopped = true;
      cancel?.();
      return flight;
    },
  };
}
