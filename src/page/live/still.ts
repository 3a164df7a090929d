// Whether the gateway has stopped judging, while its page is served all the same.
import type { LiveBank } from '../../model/api/live.ts';

/** On its way here an evaluation may be held up by so much. */
const HELD_UP_MS = 2000;

/** Past its moment an evaluation is told to no inverter. */
export const isStillAt = (
  bank: Pick<LiveBank, 'valid_until_ms'> | undefined,
  nowMs: number | undefined,
): boolean => bank !== undefined && nowMs !== undefined && nowMs > bank.valid_until_ms + HELD_UP_MS;
