// Whether something came in time on a machine that itself may stand still.
import type { Stalls } from '../../stalls.ts';
import { claim, seconds } from '../steps.mts';

/** What the machine stood still so long before the latest moment, and until the thing came, is not the gateway's. */
const LOOK_BACK_MS = 1000;

export interface Moment {
  readonly atMs: number;
  /** When it was last looked for in vain; without it nothing is known of that. */
  readonly notYetMs?: number;
}

/** Fails unless something came at least `lowS` and less than `highS` after a moment; gives when, as text. */
export const onTime =
  ({ lostMs }: Stalls) =>
  (what: string, sinceMs: number, came: Moment, [lowS, highS]: readonly [number, number]): string => {
    const { atMs, notYetMs = atMs } = came;
    const latestMs = sinceMs + highS * 1000;
    const stoodStillMs = lostMs(latestMs - LOOK_BACK_MS, atMs);
    const text = `${what} ${seconds(atMs - sinceMs)}`;
    const isInTime = atMs >= sinceMs + lowS * 1000 && notYetMs - stoodStillMs < latestMs;
    const vain = `had not come at ${seconds(notYetMs - sinceMs)}, stood still for ${seconds(stoodStillMs)}`;
    claim(isInTime, `${text}, expected ${lowS} to ${highS} s (${vain})`);
    return text;
  };
