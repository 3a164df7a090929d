// Who must be fresh: a unit that has been in reach and well for 15 s has a sample younger than that. On a slow machine a new ear
// gets more time for its first.
import type { FaultKind } from './plan.ts';
import type { Stillness } from './stillness.ts';

/** Design, section 8: after this the bank is stale. One lost link is back before. */
export const STALE_MS = 15_000;

export interface ReachOptions {
  readonly unit: number;
  readonly startMs: number;
  /** How long a new ear may take to its first sample of the unit: 15 s like all others, unless the machine is slow. */
  readonly firstMs?: number;
  readonly stillness: Stillness;
  readonly fail: (sentence: string) => void;
}

export interface Reach {
  /** A fault keeps the unit from being heard until `free`. */
  readonly hinder: () => void;
  readonly free: (kind: FaultKind, nowMs: number) => void;
  /** A new ear begins. */
  readonly anew: (nowMs: number) => void;
  /** A sample of this stamp came. */
  readonly heard: (atMs: number, nowMs: number) => void;
  readonly watch: (nowMs: number) => void;
  /** From the end of a fault to the next sample, by kind. */
  readonly backMs: readonly { readonly kind: FaultKind; readonly ms: number }[];
  /** Of the newest sample, at each look at which the unit had to be fresh. */
  readonly agesMs: readonly number[];
  readonly lastMs: () => number;
  /** Since the newest ear began. */
  readonly isHeard: () => boolean;
}

const seconds = (ms: number) => (ms / 1000).toFixed(1);

export function reach({ unit, startMs, firstMs = STALE_MS, stillness, fail }: ReachOptions): Reach {
  const backMs: { kind: FaultKind; ms: number }[] = [];
  const agesMs: number[] = [];
  let hindrances = 0;
  let wellSinceMs = startMs;
  let lastMs = startMs;
  let earSinceMs = startMs;
  let isHeard = false;
  let awaited: FaultKind | undefined;
  let isTold = false;

  const tooOld = (nowMs: number) => {
    const fromMs = Math.max(wellSinceMs, lastMs, earSinceMs);
    const stillMs = stillness.between(fromMs, nowMs);
    if (isTold || nowMs - fromMs - stillMs <= (isHeard ? STALE_MS : firstMs)) return;
    isTold = true;
    fail(
      `unit ${unit} is in reach and well for ${seconds(nowMs - wellSinceMs)} s, its newest sample is ` +
        `${seconds(nowMs - lastMs)} s old${isHeard ? '' : `, the ear ${seconds(nowMs - earSinceMs)} s`} ` +
        `(the machine stood still for ${seconds(stillMs)} s of that)`,
    );
  };

  return {
    hinder: () => {
      hindrances++;
    },
    free: (kind, nowMs) => {
      hindrances--;
      wellSinceMs = nowMs;
      awaited = kind;
      isTold = false;
    },
    anew: (nowMs) => {
      earSinceMs = nowMs;
      isHeard = false;
      isTold = false;
    },
    heard: (atMs, nowMs) => {
      isHeard ||= atMs >= earSinceMs;
      lastMs = Math.max(lastMs, atMs);
      isTold = false;
      if (!awaited || hindrances > 0 || atMs < wellSinceMs) return;
      backMs.push({ kind: awaited, ms: nowMs - wellSinceMs });
      awaited = undefined;
    },
    watch: (nowMs) => {
      if (hindrances > 0) return;
      tooOld(nowMs);
      if (isHeard && nowMs - wellSinceMs >= STALE_MS) agesMs.push(nowMs - lastMs);
    },
    backMs,
    agesMs,
    lastMs: () => lastMs,
    isHeard: () => isHeard,
  };
}
