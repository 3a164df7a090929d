import type { Timers } from '../model/timers.ts';

const EVERY_MS = 1000;

/** Counts what was not believed and tells it at most once a second: the first at once, the rest summed up. */
export function rejectionCount(
  timers: Timers,
  tell: (why: string, count: number) => void,
): (why: string) => void {
  let [count, lastWhy, isResting] = [0, '', false];

  const flush = () => {
    isResting = count > 0;
    if (!isResting) return;
    tell(lastWhy, count);
    count = 0;
    timers.after(EVERY_MS, flush);
  };

  return (why) => {
    [count, lastWhy] = [count + 1, why];
    if (!isResting) flush();
  };
}
