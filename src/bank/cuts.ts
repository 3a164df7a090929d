import type { Reason } from '../model/bank-state.ts';
import { type CurrentLimit, downToTenth } from './combine.ts';

// What cuts a current limit of the whole bank beside the rules of its packs.

const REJOIN_SHARE = 0.1;

/** A string that comes back at another voltage is charged or drained by the others already: the rest is cut to a tenth. */
export function cutForRejoin(limit: CurrentLimit, rejoining: readonly string[]): CurrentLimit {
  if (!rejoining.length) return limit;
  const value = downToTenth(Math.min(limit.value, limit.baseA * REJOIN_SHARE));
  const cut = rejoining.map((pack): Reason => ({ rule: 'came back at another voltage', value, pack }));
  return { ...limit, value, reasons: [...cut, ...limit.reasons].toSorted((a, b) => a.value - b.value) };
}

const ended = (limit: CurrentLimit, rule: string): CurrentLimit => ({
  ...limit,
  value: 0,
  reasons: [{ rule, value: 0 }, ...limit.reasons],
});

/** Full, for an inverter without float: nothing is charged until the next bulk. */
export const stopped = (limit: CurrentLimit): CurrentLimit => ended(limit, 'charge ended');

/** A FET that opens under current may break: first nothing may flow. */
export const withheld = (limit: CurrentLimit): CurrentLimit => ended(limit, 'a FET is being switched');
