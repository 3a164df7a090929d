/** How late things came, in buckets of fixed number: it never grows, however long the gateway runs. */
export interface Lateness {
  /** Counts per bucket; bucket n holds what was at most `latenessBoundsMs[n]` late, the last one all the rest. */
  readonly counts: readonly number[];
  readonly sumMs: number;
  readonly maxMs: number;
}

export const latenessBoundsMs = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 500] as const;

export interface LatenessMeter {
  readonly add: (lateMs: number) => void;
  readonly read: () => Lateness;
}

export function latenessMeter(): LatenessMeter {
  const counts = new Array<number>(latenessBoundsMs.length + 1).fill(0);
  let sumMs = 0;
  let maxMs = 0;
  return {
    add(lateMs) {
      const bound = latenessBoundsMs.findIndex((boundMs) => lateMs <= boundMs);
      const bucket = bound < 0 ? latenessBoundsMs.length : bound;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      sumMs += lateMs;
      maxMs = Math.max(maxMs, lateMs);
    },
    read: () => ({ counts: [...counts], sumMs, maxMs }),
  };
}
