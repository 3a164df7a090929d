// How long the machine withheld the processor: a claim about seconds is only fair about those in which we could run.
import { readFileSync } from 'node:fs';

/** How often `look` is to be called, unless it is said otherwise. */
export const LOOK_MS = 100;

export interface Stillness {
  /** `others` are the processes that run now and on which what is claimed rests, always in the same order. */
  readonly look: (nowMs: number, ...others: readonly (number | undefined)[]) => void;
  /** Milliseconds between two moments in which the machine stood still; never more than lie between them. */
  readonly between: (fromMs: number, toMs: number) => number;
}

/** Nanoseconds that a thread was ready to run and got no processor (second number of the kernel's schedstat). */
function waitedMs(thread: string): number {
  try {
    return Number(readFileSync(`/proc/${thread}/schedstat`, 'utf8').split(' ')[1] ?? 0) / 1e6;
  } catch {
    return 0; // it has ended, or this kernel keeps no book
  }
}

/** How much a counter grew; one that belongs to a new process begins anew. */
const growth = () => {
  let before = { key: '', ms: 0 };
  return (key: string) => {
    const now = { key, ms: waitedMs(key) };
    const grown = now.ms - (before.key === key ? before.ms : 0);
    before = now;
    return Math.max(0, grown);
  };
};

/**
 * Adds up, between two looks, how late the look came (or how long our own thread waited for a processor, if that is more) and
 * how long the threads of the others waited for one.
 */
export function stillness(startMs: number, everyMs = LOOK_MS): Stillness {
  const points = [{ atMs: startMs, totalMs: 0 }];
  const ofUs = growth();
  const ofOthers: ReturnType<typeof growth>[] = [];
  ofUs('thread-self');
  const last = () => points.at(-1) ?? { atMs: startMs, totalMs: 0 };
  const totalAt = (ms: number) => (points.findLast(({ atMs }) => atMs <= ms) ?? points[0])?.totalMs ?? 0;

  return {
    look: (nowMs, ...others) => {
      const { atMs, totalMs } = last();
      const lateMs = Math.max(0, nowMs - atMs - everyMs);
      const waits = others.map((pid, i) => {
        const of = ofOthers[i] ?? growth();
        ofOthers[i] = of;
        return pid === undefined ? 0 : of(String(pid));
      });
      const othersMs = waits.reduce((sum, ms) => sum + ms, 0);
      const stillMs = Math.max(lateMs, ofUs('thread-self')) + othersMs;
      points.push({ atMs: nowMs, totalMs: totalMs + Math.min(stillMs, nowMs - atMs) });
    },
    between: (fromMs, toMs) => {
      const after = points[points.findLastIndex(({ atMs }) => atMs < toMs) + 1] ?? last();
      return Math.min(Math.max(0, toMs - fromMs), Math.max(0, after.totalMs - totalAt(fromMs)));
    },
  };
}
