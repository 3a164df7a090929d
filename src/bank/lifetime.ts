import { countedMs } from './charge-habits.ts';
import { noRequests, type Requests } from './requests.ts';
import { type Charge, isStage, newCharge } from './stages.ts';

/** What outlives a boot, small and plain: the charge stage, the requests and the counters. Running time, never a wall clock. */
export interface Lifetime {
  readonly charge: Charge;
  readonly requests: Requests;
  readonly runningMs: number;
  readonly chargedWh: number;
  readonly dischargedWh: number;
}

export const newLifetime: Lifetime = {
  charge: newCharge,
  requests: noRequests,
  runningMs: 0,
  chargedWh: 0,
  dischargedWh: 0,
};

const MS_PER_H = 3_600_000;

/** Time that counts between two evaluations of a bank that speaks, ms. */
export const passedMs = (sinceMs: number | undefined, nowMs: number): number =>
  sinceMs === undefined ? 0 : countedMs(nowMs - sinceMs);

/** The counters after `ms` at this power, W, + while charging. */
export function counted(was: Lifetime, powerW: number | undefined, ms: number): Lifetime {
  const wh = ((powerW ?? 0) * ms) / MS_PER_H;
  return {
    ...was,
    runningMs: was.runningMs + ms,
    chargedWh: was.chargedWh + Math.max(0, wh),
    dischargedWh: was.dischargedWh + Math.max(0, -wh),
  };
}

const isCount = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** Holds what was read against what is written now: the same members, numbers that count, a stage that exists. */
export function isLifetime(value: unknown): value is Lifetime {
  const fits = (found: unknown, like: object): boolean =>
    typeof found === 'object' &&
    found !== null &&
    Object.entries(like).every(([key, usual]) => {
      const member: unknown = Reflect.get(found, key);
      if (typeof usual === 'number') return isCount(member);
      return typeof usual === 'object' && usual !== null
        ? fits(member, usual)
        : typeof member === typeof usual;
    });
  if (!fits(value, newLifetime)) return false;
  // All members were just found to be there.
  return isStage((value as Lifetime).charge.stage);
}
