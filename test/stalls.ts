// How long this machine stood still, by a clock that ticks in this process: what its other users took is no lateness of ours.
import { monotonicMs } from '../src/model/freshness.ts';

const TICK_MS = 20;

export interface Stalls {
  /** What was lost of the time between two moments, ms. */
  readonly lostMs: (fromMs: number, toMs: number) => number;
  readonly stop: () => void;
}

export function watchStalls(): Stalls {
  const seen: { readonly fromMs: number; readonly toMs: number }[] = [];
  let lastMs = monotonicMs();
  const ticking = setInterval(() => {
    const nowMs = monotonicMs();
    if (nowMs - lastMs > 2 * TICK_MS) seen.push({ fromMs: lastMs + TICK_MS, toMs: nowMs });
    lastMs = nowMs;
  }, TICK_MS).unref();
  const overlap = (fromMs: number, toMs: number) => (stall: (typeof seen)[number]) =>
    Math.max(0, Math.min(toMs, stall.toMs) - Math.max(fromMs, stall.fromMs));
  return {
    lostMs: (fromMs, toMs) => seen.map(overlap(fromMs, toMs)).reduce((sum, ms) => sum + ms, 0),
    stop: () => clearInterval(ticking),
  };
}

/** The longest time from one moment to the next, without what the machine stood still. */
export const longestGapMs = (momentsMs: readonly number[], { lostMs }: Stalls): number =>
  Math.max(
    0,
    ...momentsMs.slice(1).map((ms, i) => ms - (momentsMs[i] ?? ms) - lostMs(momentsMs[i] ?? ms, ms)),
  );
