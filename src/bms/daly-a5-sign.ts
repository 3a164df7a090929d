import type { Learned } from './driver.ts';

/** States that 0x93 tells. */
export const CHARGING = 1;
export const DISCHARGING = 2;
/** Fewer tenths of an ampere teach nothing: around zero the state lags behind the current, and its noise has either sign. */
const TEACHES = 10;
/** So many more rounds of one kind than of the other settle it. */
const SETTLED = 3;

/**
 * The sign trap of A5 (BLE reference 3.3): here a count above 30000 discharges, the opposite of D2 (recorded with the state
 * "discharging": tomatensaus/bms), and boards exist that do it the other way round. So the state of the same round decides. The two
 * are asked one after the other, and a current that turns between them must not turn the sign: once the board has shown its way
 * three times, one round that contradicts is not followed.
 */
export function signed(tenths: number, { state, way = 0 }: Learned): { currentA: number; learned: Learned } {
  const votes = typeof way === 'number' ? way : 0;
  const amperes = Math.abs(tenths) / 10;
  const isState = state === CHARGING || state === DISCHARGING;
  if (!isState || tenths === 0) return { currentA: votes < 0 ? tenths / 10 : 0 - tenths / 10, learned: {} };
  const isUsual = (state === CHARGING) === tenths < 0;
  const sign = state === CHARGING ? 1 : -1;
  const isOdd = Math.abs(votes) === SETTLED && votes > 0 !== isUsual;
  const next = Math.max(-SETTLED, Math.min(SETTLED, votes + (isUsual ? 1 : -1)));
  const learned = Math.abs(tenths) < TEACHES ? {} : { way: next };
  return { currentA: (isOdd ? -sign : sign) * amperes, learned };
}
