// The gateway's monotonic clock as this browser sees it. No wall clock has a part in it: setting one changes no age.

/** Gateway time less browser time, ms, and the browser's moment of the message that told it. */
export interface Offset {
  readonly ms: number;
  readonly atMs: number;
}

/** How fast two clocks may run apart, ms a second. */
const DRIFT = 1;

/**
 * A message says its time as it was sent; on its way it only gets older. So the largest difference is the truest, less what the
 * clocks may have run apart since. A smaller one came late and would make ages look young.
 */
export function offsetAfter(was: Offset | undefined, sentMs: number, cameMs: number): Offset {
  const ms = sentMs - cameMs;
  if (was === undefined) return { ms, atMs: cameMs };
  const still = was.ms - (DRIFT * (cameMs - was.atMs)) / 1000;
  return { ms: Math.max(ms, still), atMs: cameMs };
}
