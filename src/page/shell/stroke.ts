// What a stroke of the finger means.
import { type Tab, tabs } from '../router.ts';

export interface Stroke {
  readonly dx: number;
  readonly dy: number;
  readonly ms: number;
}

const LEAST_PX = 70;
const MOST_MS = 600;
/** So much longer than high it must be. */
const FLAT = 2.5;

/** The tab that a stroke of the finger leads to; undefined where it was none that is meant so. */
export function swipedTo(tab: Tab, { dx, dy, ms }: Stroke): Tab | undefined {
  if (ms > MOST_MS || Math.abs(dx) < LEAST_PX || Math.abs(dx) < FLAT * Math.abs(dy)) return undefined;
  return tabs[tabs.indexOf(tab) + (dx < 0 ? 1 : -1)];
}
