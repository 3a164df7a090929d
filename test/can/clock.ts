import type { After } from '../../src/model/timers.ts';

/** A clock that only moves when it is cranked, and the timers that hang on it. */
export function crankedClock(startMs = 0, { oversleepMs = (): number => 0 } = {}) {
  let nowMs = startMs;
  const timers = new Set<{ atMs: number; run: () => void }>();
  const after: After = (delayMs, run) => {
    const timer = { atMs: nowMs + Math.max(0, delayMs) + oversleepMs(), run };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const next = (untilMs: number) =>
    [...timers].filter((t) => t.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];

  function fire(timer: { atMs: number; run: () => void }): void {
    timers.delete(timer);
    nowMs = Math.max(nowMs, timer.atMs);
    timer.run();
  }

  return {
    clock: () => nowMs,
    after,
    /** Time goes by and everything due happens at its moment. */
    until(ms: number): void {
      for (let timer = next(ms); timer; timer = next(ms)) fire(timer);
      nowMs = ms;
    },
    /** Time jumps, and nothing of what is due has happened yet. */
    jump(byMs: number): void {
      nowMs += byMs;
    },
    /** The process is held up: time jumps, and what was due happens late. */
    stallUntil(ms: number): void {
      nowMs = ms;
      this.until(ms);
    },
  };
}

export type CrankedClock = ReturnType<typeof crankedClock>;
