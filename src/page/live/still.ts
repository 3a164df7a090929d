// Whether what comes is past its moment, although something comes: the gateway judges nothing any more, or the line is slow.
import type { LiveBank } from '../../model/api/live.ts';

/** On its way here an evaluation may be held up by so much. */
const HELD_UP_MS = 2000;

/** Past its moment an evaluation is told to no inverter. */
export function pastBecause(
  bank: Pick<LiveBank, 'valid_until_ms'> | undefined,
  nowMs: number | undefined,
  /** The gateway's moment at which the newest message left. */
  sentMs: number | undefined,
): 'still' | 'slow' | undefined {
  if (bank === undefined || nowMs === undefined || nowMs <= bank.valid_until_ms + HELD_UP_MS)
    return undefined;
  return sentMs !== undefined && sentMs > bank.valid_until_ms ? 'still' : 'slow';
}
