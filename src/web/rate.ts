// How much one household may ask: a bucket that fills again, so that a page's first burst is free and a flood is not.
import type { Clock } from '../model/freshness.ts';

const MOST = 300;
const PER_SECOND = 20;
/** More are not told apart; who comes new then begins full. */
const MOST_KEYS = 2000;

/** Whether one more question is too many. */
export function newRate(clock: Clock, { most = MOST, perSecond = PER_SECOND } = {}) {
  const buckets = new Map<string, { left: number; atMs: number }>();
  return (key: string): boolean => {
    const nowMs = clock();
    if (buckets.size > MOST_KEYS) buckets.clear();
    const { left, atMs } = buckets.get(key) ?? { left: most, atMs: nowMs };
    const now = Math.min(most, left + ((nowMs - atMs) / 1000) * perSecond);
    buckets.set(key, { left: Math.max(0, now - 1), atMs: nowMs });
    return now < 1;
  };
}
