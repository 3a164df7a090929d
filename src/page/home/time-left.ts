// How long until the bank is full or empty, were the current to stay as it is.

/** Follows a value slowly: after `tauMs` 63 % of a step. */
export const followed = (was: number | undefined, value: number, passedMs: number, tauMs: number): number =>
  was === undefined ? value : was + (value - was) * (1 - Math.exp(-passedMs / tauMs));

export interface Charge {
  readonly remainingAh: number | undefined;
  readonly capacityAh: number | undefined;
  /** Smoothed; positive while charging. */
  readonly currentA: number | undefined;
}

export interface TimeLeft {
  readonly to: 'full' | 'empty';
  readonly ms: number;
}

/** Below a two-hundredth of the capacity nothing can be said. */
const LEAST_SHARE = 1 / 200;
const HOUR_MS = 3_600_000;

/** Undefined where a number is missing, or the current is next to none. */
export function timeLeft({ remainingAh, capacityAh, currentA }: Charge): TimeLeft | undefined {
  if (remainingAh === undefined || capacityAh === undefined || currentA === undefined) return undefined;
  if (capacityAh <= 0 || Math.abs(currentA) < capacityAh * LEAST_SHARE) return undefined;
  const wayAh = currentA > 0 ? capacityAh - remainingAh : remainingAh;
  return { to: currentA > 0 ? 'full' : 'empty', ms: (Math.max(0, wayAh) / Math.abs(currentA)) * HOUR_MS };
}
