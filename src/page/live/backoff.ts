// How long to wait before the gateway is tried again.

const FIRST_MS = 500;
const MOST_MS = 8000;

/** Doubles from half a second to eight; `chance` from 0 to 1 spreads the browsers that lost it together. */
export const waitBefore = (attempt: number, chance: number): number =>
  Math.min(MOST_MS, FIRST_MS * 2 ** attempt) * (0.75 + chance / 2);
