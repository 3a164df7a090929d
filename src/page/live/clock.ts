// The gateway's monotonic clock as this browser sees it. No wall clock has a part in it: setting one changes no age.

/** Gateway time less browser time, ms, and the browser's moment of the message that told it. */
export interface Offset {
  readonly ms: number;
  readonly atMs: number;
}

/** How fast two clocks may run apart, ms a second. */
const DRIFT = 1;

/** A wall clock moves like this against a monotonic one only where it was set, or where the monotonic one slept. */
const JUMP_MS = 3000;

/** Whether the two moved apart between two looks; then what is counted from before them is not to be trusted. */
export const hasJumped = (beforeMs: number, afterMs: number): boolean =>
  Math.abs(afterMs - beforeMs) > JUMP_MS;

/** A stream that gave its first message later than this may be a slow one. */
export const SLOW_MS = 2000;

/**
 * The first message was sent after the stream was asked for. Where it came late nobody knows how long it was on its way: it is
 * taken to be as old as it can be, for what is old must not look young.
 */
export const firstOffset = (sentMs: number, askedMs: number, cameMs: number): Offset => ({
  ms: sentMs - (cameMs - askedMs > SLOW_MS ? askedMs : cameMs),
  atMs: cameMs,
});

/**
 * A message says its time as it was sent; on its way it only gets older. So the largest difference is the truest, less what the
 * clocks may have run apart since. A smaller one came late and would make ages look young.
 */
export function offsetAfter(was: Offset, sentMs: number, cameMs: number): Offset {
  const ms = sentMs - cameMs;
  const still = was.ms - (DRIFT * (cameMs - was.atMs)) / 1000;
  return { ms: Math.max(ms, still), atMs: cameMs };
}
