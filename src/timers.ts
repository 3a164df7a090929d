// Time as it really goes by. Rooms take it as an argument (`model/timers.ts`); only the heads hand this one out.
import { monotonicMs } from './model/freshness.ts';
import type { After, Every, Timers } from './model/timers.ts';

/** Node's timers count whole milliseconds: rounded up, nothing comes early. */
export const after: After = (ms, act) => {
  const timer = setTimeout(act, Math.ceil(Math.max(0, ms)));
  return () => clearTimeout(timer);
};

/** As `after`, for what a stopped process need not wait for. */
export const whileRunning: After = (ms, act) => {
  const timer = setTimeout(act, Math.ceil(Math.max(0, ms))).unref();
  return () => clearTimeout(timer);
};

export const every: Every = (ms, act) => {
  const timer = setInterval(act, ms);
  return () => clearInterval(timer);
};

export const realTimers: Timers = { now: monotonicMs, after };
