import type { Clock } from '../model/freshness.ts';
import type { Said } from './said.ts';

const EVERY_MS = 60_000;

interface Tally {
  readonly saidAtMs: number;
  readonly count: number;
}

/** Counts what was not believed and says it at once, then at most once a minute for each battery. */
export function tallyRejections(clock: Clock, say: (said: Said) => void) {
  const tallies = new Map<string, Tally>();
  return (battery: string, why: string, count: number): void => {
    const nowMs = clock();
    const was = tallies.get(battery) ?? { saidAtMs: Number.NEGATIVE_INFINITY, count: 0 };
    const total = was.count + count;
    const due = nowMs - was.saidAtMs >= EVERY_MS;
    tallies.set(battery, due ? { saidAtMs: nowMs, count: 0 } : { ...was, count: total });
    if (due)
      say({
        level: 'warn',
        text: 'frames of a battery were not believed',
        fields: { battery, why, count: total },
      });
  };
}
