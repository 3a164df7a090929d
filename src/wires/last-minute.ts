/** Counters that only grow, by name; one that fell was begun anew. */
export type Counters = Readonly<Record<string, number>>;

export interface Growth {
  /** Over how long, ms: a minute, or less while less is known. */
  readonly spanMs: number;
  /** True once a whole minute is known. */
  readonly whole: boolean;
  readonly by: Counters;
}

export const MINUTE_MS = 60_000;

/** By how much each counter grew; one that is less than it was grew by all that it has. */
const grownBy = (before: Counters, now: Counters): Counters =>
  Object.fromEntries(
    Object.entries(now).map(([name, n]) => {
      const was = before[name] ?? 0;
      return [name, n < was ? n : n - was];
    }),
  );

const sum = (a: Counters, b: Counters): Counters =>
  Object.fromEntries(Object.entries(b).map(([name, n]) => [name, n + (a[name] ?? 0)]));

/**
 * Given the counters every few seconds, tells by how much they grew in the last minute. All of them were 0 at `sinceMs`, and
 * one that is new was 0 before. Each begins anew by itself: of two inverters on a wire one may be given another profile.
 */
export function lastMinute(sinceMs: number): (now: Counters, nowMs: number) => Growth {
  let last: Counters = {};
  /** What has been counted in all, however often a counter began anew; of those alone that there are. */
  let total: Counters = {};
  const seen: { readonly atMs: number; readonly total: Counters }[] = [{ atMs: sinceMs, total }];
  return (now, nowMs) => {
    total = sum(total, grownBy(last, now));
    last = now;
    seen.push({ atMs: nowMs, total });
    // The newest that is a minute old stays, so that the span is whole.
    while ((seen[1]?.atMs ?? nowMs) <= nowMs - MINUTE_MS) seen.shift();
    const first = seen[0] ?? { atMs: nowMs, total };
    const spanMs = nowMs - first.atMs;
    return { spanMs, whole: spanMs >= MINUTE_MS, by: grownBy(first.total, total) };
  };
}

/** What grew in the span, told per minute, to a tenth. */
export const perMinute = (grown: number, { spanMs }: Growth): number =>
  spanMs === 0 ? 0 : Math.round((grown * MINUTE_MS * 10) / spanMs) / 10;
