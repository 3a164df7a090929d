import type { Dialect, DriverOptions } from '../bms/driver.ts';
import { complete, nextRound, type Round, withAnswer } from '../bms/round.ts';
import type { Timers } from '../model/timers.ts';
import { isAskedOut, type RoundResult, runRound, type Tries } from './rounds.ts';
import type { Talk } from './talk.ts';
import { pause } from './timers.ts';

/** A stream that is silent for so long is roused again (BLE reference 2.1). */
export const ROUSE_AFTER_MS = 5_000;

export interface StreamedOptions {
  readonly dialect: Dialect;
  readonly options?: DriverOptions | undefined;
  readonly line: Talk;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  readonly before: Round;
  readonly onRound: (result: RoundResult) => void;
  readonly isResting?: (() => boolean) | undefined;
  readonly onSkipped?: (() => void) | undefined;
}

/** A unit that talks by itself: gathers its parts into samples, each as old as the oldest of them. */
export interface Streamed {
  /** Takes a part as it comes. */
  readonly gather: (
    ...streamed: Parameters<typeof withAnswer> extends [Round, ...infer A] ? A : never
  ) => void;
  /** Asks what is asked once, rouses the stream and again whenever it falls silent, until the signal ends it. */
  readonly run: () => Promise<void>;
}

export function streamed(o: StreamedOptions): Streamed {
  const { dialect, options, line, timers, signal } = o;
  const tries: Tries = new Map();
  let round: Round = o.before;
  let heardAtMs = Number.NEGATIVE_INFINITY;

  const gather: Streamed['gather'] = (answer, atMs) => {
    heardAtMs = timers.now();
    round = withAnswer(round, answer, atMs);
    const whole = complete({ dialect, options }, round);
    if (!whole) return;
    round = nextRound({ dialect, options }, round);
    o.onRound({ atMs: whole.atMs, round, complete: whole });
  };

  /** What is asked only once; parts of the stream that come meanwhile are kept beside it. */
  const askOnce = async () => {
    const asked = await runRound({ dialect, options, line, now: timers.now, before: round, tries });
    round = new Map([...round, ...asked.round]);
    if (asked.why !== undefined) o.onRound({ ...asked, round });
  };

  const rouse = async () => {
    heardAtMs = timers.now();
    for (const bytes of dialect.stream?.rouse ?? []) await line.tell(bytes);
  };

  const run = async () => {
    while (!signal.aborted && !isAskedOut({ dialect, options }, tries)) await askOnce();
    while (!signal.aborted) {
      if (o.isResting?.()) {
        o.onSkipped?.();
        heardAtMs = timers.now();
      } else if (timers.now() - heardAtMs >= ROUSE_AFTER_MS) await rouse();
      await pause(timers, heardAtMs + ROUSE_AFTER_MS - timers.now(), signal);
    }
  };

  return { gather, run };
}
