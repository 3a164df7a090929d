import type { Dialect, DriverOptions } from '../bms/driver.ts';
import type { Round } from '../bms/round.ts';
import type { Timers } from '../model/timers.ts';
import { type RoundResult, runRound, type Tries } from './rounds.ts';
import { ATTEMPTS_MS, type Talk } from './talk.ts';
import { pause, unless } from './timers.ts';

/** The next moment of the beat that is not over yet: rounds never overlap and never catch up. */
export const nextDueMs = (dueMs: number, everyMs: number, nowMs: number): number =>
  dueMs + everyMs * Math.max(1, Math.ceil((nowMs - dueMs) / everyMs));

/** One battery on the link; several share it where one module speaks for a bus of them. */
export interface LinkedUnit {
  readonly options?: DriverOptions | undefined;
  /** What is known from an earlier link and asked only once per link. */
  readonly before: Round;
  readonly onRound: (result: RoundResult) => void;
}

export interface PolledOptions {
  readonly dialect: Dialect;
  readonly line: Talk;
  readonly units: readonly LinkedUnit[];
  readonly pollMs: number;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  /** The link is wanted by another unit: the next round begins at once. */
  readonly leave: AbortSignal;
  /** Nothing is asked before this moment. */
  readonly heldUntilMs: () => number;
}

/** A unit among others that stayed silent is asked only once a round: it must not keep the others waiting. */
interface Asked {
  readonly unit: LinkedUnit;
  readonly tries: Tries;
  round: Round;
  isSilent: boolean;
}

async function askOne(o: PolledOptions, asked: Asked): Promise<void> {
  const { dialect, line, signal } = o;
  const { tries, round: before, unit } = asked;
  const attemptsMs = o.units.length > 1 && asked.isSilent ? ATTEMPTS_MS.slice(0, 1) : ATTEMPTS_MS;
  const { options } = unit;
  const round = runRound({ dialect, options, line, now: o.timers.now, before, tries, attemptsMs });
  const result = await unless(signal, round);
  Object.assign(asked, { round: result.round, isSilent: result.complete === undefined });
  unit.onRound(result);
}

/** Asks one unit after the other, round after round, until the signal ends it. */
export async function poll(o: PolledOptions): Promise<void> {
  const { timers, signal, leave } = o;
  const all = o.units.map((unit): Asked => ({ unit, tries: new Map(), round: unit.before, isSilent: false }));
  for (let dueMs = timers.now(); !signal.aborted; ) {
    for (const one of all) await askOne(o, one);
    dueMs = Math.max(nextDueMs(dueMs, o.pollMs, timers.now()), o.heldUntilMs());
    await pause(timers, dueMs - timers.now(), signal, leave);
    // A stall may have come meanwhile.
    await pause(timers, o.heldUntilMs() - timers.now(), signal, leave);
  }
}
