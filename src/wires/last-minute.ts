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

const isAnew = (before: Counters, now: Counters): boolean =>
  Object.entries(before).some(([name, n]) => n > (now[name] ?? n));

/**
 * Given the counters every few seconds, tells by how much they grew in the last minute. All of them were 0 at `sinceMs`, and
 * one that is new was 0 before.
 */
export function lastMinute(sinceMs: number): (now: Counters, nowMs: number) => Growth {
  let seen: { readonly atMs: number; readonly counters: Counters }[] = [{ atMs: sinceMs, counters: {} }];
  return (now, nowMs) => {
    const before = seen.at(-1);
    if (before && isAnew(before.counters, now)) seen = [{ atMs: before.atMs, counters: {} }];
    seen.push({ atMs: nowMs, counters: now });
    // The newest that is a minute old stays, so that the span is whole.
    while ((seen[1]?.atMs ?? nowMs) <= nowMs - MINUTE_MS) seen.shift();
    const first = seen[0] ?? { atMs: nowMs, counters: now };
    const spanMs = nowMs - first.atMs;
    return { spanMs, whole: spanMs >= MINUTE_MS, by: grownBy(first.counters, now) };
  };
}

/** What grew in the span, told per minute, to a tenth. */
export const perMinute = (grown: number, { spanMs }: Growth): number =>
  spanMs === 0 ? 0 : Math.round((grown * MINUTE_MS * 10) / spanMs) / 10;
