import type { Clock } from '../model/freshness.ts';

/** A clock that is slewed moves less than this between two looks; one that was set moves more. */
const SET_MS = 1000;

/** The wall clock at monotonic moments, ms since 1970: one moment has one date, until somebody sets the clock. */
export function steadyWall(clock: Clock, wall: () => number = Date.now): (atMs: number) => number {
  let apartMs: number | undefined;
  return (atMs) => {
    const nowMs = wall() - clock();
    if (apartMs === undefined || Math.abs(nowMs - apartMs) > SET_MS) apartMs = nowMs;
    return Math.round(atMs + apartMs);
  };
}
