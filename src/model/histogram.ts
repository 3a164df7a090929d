/** How long things took, in buckets of fixed number: it never grows, however long the gateway runs. */
export interface HistogramMs {
  /** Upper bounds, ascending. */
  readonly boundsMs: readonly number[];
  /** Counts per bucket; bucket n holds what took at most `boundsMs[n]`, the last one all the rest. */
  readonly counts: readonly number[];
  readonly sumMs: number;
  readonly maxMs: number;
}

export interface HistogramMeter {
  readonly observe: (ms: number) => void;
  readonly read: () => HistogramMs;
}

/** `boundsMs` ascending. A duration that is no number is not counted, for no bucket is its own. */
export function newHistogram(boundsMs: readonly number[]): HistogramMeter {
  const counts = new Array<number>(boundsMs.length + 1).fill(0);
  let sumMs = 0;
  let maxMs = 0;
  return {
    observe(ms) {
      if (!Number.isFinite(ms)) return;
      let bucket = 0;
      while (bucket < boundsMs.length && ms > (boundsMs[bucket] ?? 0)) bucket++;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      sumMs += ms;
      maxMs = Math.max(maxMs, ms);
    },
    read: () => ({ boundsMs, counts: [...counts], sumMs, maxMs }),
  };
}

/** How many were counted. */
export const countOf = ({ counts }: HistogramMs): number => counts.reduce((sum, n) => sum + n, 0);

/** How many took longer than `ms`, which must be one of the bounds. */
export const countAbove = ({ boundsMs, counts }: HistogramMs, ms: number): number =>
  counts.reduce(
    (sum, n, bucket) => ((boundsMs[bucket - 1] ?? Number.NEGATIVE_INFINITY) >= ms ? sum + n : sum),
    0,
  );

/** Each bound with how many took at most that long, as Prometheus counts. */
export function cumulative({
  boundsMs,
  counts,
}: HistogramMs): { readonly leMs: number; readonly count: number }[] {
  let count = 0;
  return boundsMs.map((leMs, bucket) => {
    count += counts[bucket] ?? 0;
    return { leMs, count };
  });
}

/**
 * The value below which the share `q` (0 to 1) lies, by a straight line through its bucket and never above the longest;
 * undefined of nothing.
 */
export function quantileMs(histogram: HistogramMs, q: number): number | undefined {
  const { boundsMs, counts, maxMs } = histogram;
  const wanted = q * countOf(histogram);
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && below + count >= wanted) {
      const from = boundsMs[bucket - 1] ?? 0;
      const to = Math.min(boundsMs[bucket] ?? maxMs, maxMs);
      return Math.min(maxMs, from + (Math.max(to - from, 0) * (wanted - below)) / count);
    }
    below += count;
  }
  return undefined;
}
