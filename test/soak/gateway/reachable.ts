// When the bank may be stale: only while some unit cannot be heard, or could not a moment ago.

import { excuses } from './excuses.ts';
import type { WatchOptions } from './watch.ts';

/** A unit that is in reach and well for 15 s is fresh; a second and dust until it is told. */
const IN_TIME_MS = 17_000;
/** And ten seconds of good data more until the bank is back. */
const BACK_MS = 30_000;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`;

export interface Reachable {
  readonly hinder: () => () => void;
  /** A wire shows the sign of old data, which it did not before. */
  readonly onStale: (atMs: number) => void;
  readonly look: (nowMs: number, isWell: boolean) => void;
}

export function reachable({
  stillness,
  fail,
  clock,
}: Pick<WatchOptions, 'stillness' | 'fail' | 'clock'>): Reachable {
  const hindered = excuses();
  let openOnes = 0;
  let lastMs = clock();
  let isTold = false;
  return {
    hinder() {
      const end = hindered.begin(clock(), 0);
      let isOver = false;
      openOnes++;
      return () => {
        if (isOver) return;
        isOver = true;
        openOnes--;
        lastMs = clock();
        isTold = false;
        end(lastMs);
      };
    },
    onStale(atMs) {
      const sinceMs = atMs - IN_TIME_MS - stillness.between(atMs - 2 * IN_TIME_MS, atMs);
      if (!hindered.covers(sinceMs, atMs))
        fail(`the bank is stale although every unit was in reach and well for ${seconds(atMs - sinceMs)}`);
    },
    look(nowMs, isWell) {
      const wellMs = nowMs - lastMs - stillness.between(lastMs, nowMs);
      if (openOnes > 0 || isWell || isTold || wellMs < BACK_MS) return;
      isTold = true;
      fail(
        `the bank is not fresh on every wire although nothing keeps its units away for ${seconds(wellMs)}`,
      );
    },
  };
}
