import type { Clock } from './freshness.ts';

/** Runs something once, not sooner than `ms` from now; calling the result takes it back. */
export type After = (ms: number, act: () => void) => () => void;

/** Runs something again and again; calling the result ends it. */
export type Every = (ms: number, act: () => void) => () => void;

/** Time as an argument, so that a test cranks it by hand. */
export interface Timers {
  readonly now: Clock;
  readonly after: After;
}
