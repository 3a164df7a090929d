/** The ladder of design section 8, best rung first. `never` is before the first complete bank. */
export const rungs = ['never', 'fresh', 'late', 'stale', 'lost'] as const;

export type Freshness = (typeof rungs)[number];

/** Monotonic milliseconds, the same for every process of this machine; never a wall clock. */
export type Clock = () => number;

/** A value and the monotonic moment it was true. */
export interface Stamped<T> {
  readonly value: T;
  readonly atMs: number;
}

/** CLOCK_MONOTONIC: comparable between the gateway's processes and across a restart within one boot. */
export const monotonicMs: Clock = () => Number(process.hrtime.bigint()) / 1e6;

/** No gateway was built before: a board without a clock of its own starts in 1970, or when its image was made. */
export const BUILT_MS = Date.UTC(2020, 0, 1);

/** True from *stale* on: the profile's stale sign is up and limits are falling or zero. */
export const isStale = (rung: Freshness): boolean => rung === 'stale' || rung === 'lost';

/** The worse of two rungs; *never* yields to any rung that was reached. */
export const worseRung = (a: Freshness, b: Freshness): Freshness =>
  rungs.indexOf(a) >= rungs.indexOf(b) ? a : b;
