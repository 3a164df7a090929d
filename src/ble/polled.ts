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
  /** When it was last asked in vain, on this link or an earlier one; undefined of one that answered, or was never asked. */
  readonly silentAtMs?: number | undefined;
  readonly onRound: (result: RoundResult) => void;
  /** A person lets it rest: nothing is asked of it, and nothing that it says is heard. */
  readonly isResting?: () => boolean;
  /** Its turn came, and it rests. */
  readonly onSkipped?: () => void;
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

/**
 * A unit among others that has not answered on this link is asked only once a round: it must not keep the others waiting. A little
 * longer once its silence is known, for it may only be slow, and then it is the one such unit of its round.
 */
const attemptsFor = ({ isPatient, unit }: Asked): readonly number[] => {
  if (isPatient) return ATTEMPTS_MS;
  return unit.silentAtMs === undefined ? ATTEMPTS_MS.slice(0, 1) : ATTEMPTS_MS.slice(1, 2);
};

interface Asked {
  readonly unit: LinkedUnit;
  readonly tries: Tries;
  round: Round;
  isPatient: boolean;
}

async function askOne(o: PolledOptions, asked: Asked): Promise<void> {
  const { dialect, line, signal } = o;
  const { tries, round: before, unit } = asked;
  const attemptsMs = attemptsFor(asked);
  const { options } = unit;
  const round = runRound({ dialect, options, line, now: o.timers.now, before, tries, attemptsMs });
  const result = await unless(signal, round);
  const isPatient = o.units.length === 1 || result.complete !== undefined;
  Object.assign(asked, { round: result.round, isPatient });
  unit.onRound(result);
}

const isSilent = ({ unit }: Asked): boolean => unit.silentAtMs !== undefined;

/**
 * One round. Those that were silent come last, the one that waits longest first, and beside others that answer the round ends with
 * the first that is silent again: were all waited for each time, a few that are off would cost the others their link, which is
 * dead after 8 s without a sample.
 */
async function askAll(o: PolledOptions, all: readonly Asked[]): Promise<void> {
  const silentAtMs = ({ unit }: Asked) => unit.silentAtMs ?? Number.MIN_SAFE_INTEGER;
  for (const one of all.toSorted((a, b) => silentAtMs(a) - silentAtMs(b))) {
    if (one.unit.isResting?.()) {
      one.unit.onSkipped?.();
      continue;
    }
    const wasSilent = isSilent(one);
    await askOne(o, one);
    if (wasSilent && isSilent(one) && !all.every(isSilent) && !o.leave.aborted) return;
  }
}

/** Asks one unit after the other, round after round, until the signal ends it. */
export async function poll(o: PolledOptions): Promise<void> {
  const { timers, signal, leave } = o;
  const isPatient = o.units.length === 1;
  const all = o.units.map((unit): Asked => ({ unit, tries: new Map(), round: unit.before, isPatient }));
  for (let dueMs = timers.now(); !signal.aborted; ) {
    await askAll(o, all);
    dueMs = Math.max(nextDueMs(dueMs, o.pollMs, timers.now()), o.heldUntilMs());
    await pause(timers, dueMs - timers.now(), signal, leave);
    // A stall may have come meanwhile.
    await pause(timers, o.heldUntilMs() - timers.now(), signal, leave);
  }
}
