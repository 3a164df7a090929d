// The watchdog ladder as a picture: where the data stand, what comes next, and when.
import type { LiveBank } from '../../model/api/live.ts';
import type { Site } from '../../model/api/site.ts';
import type { Freshness } from '../../model/freshness.ts';
import type { AsRead } from '../../model/wire-health.ts';

/** `zero`: still stale, and the limits have fallen to zero. */
export type Step = 'fresh' | 'late' | 'stale' | 'zero' | 'lost';

export interface Rung {
  readonly step: Step;
  /** Age of the data from which it is in force, ms. */
  readonly fromMs: number;
  readonly stands: 'passed' | 'here' | 'ahead';
}

export interface Ladder {
  readonly rungs: readonly Rung[];
  /** Absent before the first complete bank. */
  readonly here?: Step;
  readonly next?: { readonly step: Step; readonly inMs: number };
  /** The data are young again, and the gateway waits for more of them before it believes. */
  readonly isReturning: boolean;
}

const stepFrom = ({
  fresh_ms,
  late_ms,
  lost_ms,
  ramp_ms,
  discharge_ms = late_ms,
}: Site['ages']): readonly (readonly [Step, number])[] => [
  ['fresh', 0],
  ['late', fresh_ms],
  ['stale', late_ms],
  ['zero', Math.min(Math.max(late_ms, discharge_ms) + ramp_ms, lost_ms)],
  ['lost', lost_ms],
];

/** The rung that the gateway says; within *stale* what it tells says where. */
function stepAt(freshness: Freshness, isZero: boolean): Step | undefined {
  if (freshness === 'never') return undefined;
  return freshness === 'stale' && isZero ? 'zero' : freshness;
}

/**
 * Both limits have fallen to zero: those of the bank, or what this inverter reads of them, by its coarser count before that. One
 * that is unknown has not.
 */
export const isZeroTold = ({ signals }: Pick<LiveBank, 'signals'>, told: AsRead = {}): boolean =>
  (['charge', 'discharge'] as const).every(
    (way) =>
      signals[`${way}_current_limit_A`] === 0 ||
      told[`${way}_current_limit_A`] === 0 ||
      told[`${way}_power_limit_W`] === 0,
  );

/** `ageMs` of the bank's data, by the reader's own monotonic clock; `isZero`: the limits that are told now. */
export function ladderAt(
  ages: Site['ages'],
  freshness: Freshness,
  ageMs: number | undefined,
  isZero: boolean,
): Ladder {
  const steps = stepFrom(ages);
  const here = stepAt(freshness, isZero);
  const at = steps.findIndex(([step]) => step === here);
  const isReturning =
    (freshness === 'stale' || freshness === 'lost') && (ageMs ?? ages.lost_ms) < ages.late_ms;
  const after = at < 0 || isReturning || ageMs === undefined ? undefined : steps[at + 1];
  return {
    rungs: steps.map(([step, fromMs], i) => ({
      step,
      fromMs,
      stands: at < 0 || i > at ? 'ahead' : i < at ? 'passed' : 'here',
    })),
    ...(here && { here }),
    ...(after && { next: { step: after[0], inMs: Math.max(0, after[1] - (ageMs ?? 0)) } }),
    isReturning,
  };
}
