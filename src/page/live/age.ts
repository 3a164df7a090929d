// Whether a number may still be read as one.

/** `late` shows its age beside it; `old` is struck through. */
export type AgeState = 'fresh' | 'late' | 'old' | 'unknown';

export interface AgeLimits {
  readonly fresh_ms: number;
  readonly late_ms: number;
}

/** What holds where the gateway has not said its own: the least strict ages of the freshness ladder. */
export const usualAges: AgeLimits = { fresh_ms: 15_000, late_ms: 15_000 };

/** `nowMs` on the gateway's monotonic clock; undefined where the gateway is not heard: then nothing is fresh. */
export function ageState(
  atMs: number | undefined,
  nowMs: number | undefined,
  { fresh_ms, late_ms }: AgeLimits = usualAges,
): AgeState {
  if (atMs === undefined) return 'unknown';
  if (nowMs === undefined) return 'old';
  const ageMs = nowMs - atMs;
  return ageMs <= fresh_ms ? 'fresh' : ageMs <= late_ms ? 'late' : 'old';
}

/** Ages never run backwards past zero: a message may be newer than our idea of now. */
export const ageMs = (atMs: number | undefined, nowMs: number | undefined): number | undefined =>
  atMs === undefined || nowMs === undefined ? undefined : Math.max(0, nowMs - atMs);
