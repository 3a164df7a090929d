import type { LimitName, Reason } from '../model/bank-state.ts';
import { type Freshness, isStale } from '../model/freshness.ts';
import type { SignalValues } from '../model/signals.ts';
import type { AbsentString } from './absent.ts';
import {
  type CurrentLimit,
  conducts,
  currentLimit,
  dischargeVoltageLimit,
  type OwnLimits,
} from './combine.ts';
import type { BankConfig } from './config.ts';
import { backFrom, begun, type Course, stepCourse } from './course.ts';
import { cutForRejoin, stopped, withheld } from './cuts.ts';
import { type CvlCourse, stepCvl } from './cvl.ts';
import { type Direction, isReleased } from './limits.ts';
import type { BankMemory, Evaluation, Falling } from './memory.ts';
import { type CurrentLimits, fallenAt, fallingLimits, lower } from './stale.ts';
import { isLate, type StringValues } from './strings.ts';

/** CVL, DVL, CCL and DCL with the enables, why, and what the next evaluation must know of their course. */
export interface Limits {
  readonly signals: SignalValues;
  readonly reasons: { readonly [L in LimitName]: readonly Reason[] };
  readonly falling?: Falling;
  readonly chargeCourse?: Course;
  readonly dischargeCourse?: Course;
  readonly cvl?: CvlCourse;
}

/** The moment of an evaluation and what came before it. */
export interface Moment {
  readonly nowMs: number;
  readonly previous: Evaluation | undefined;
  readonly was: BankMemory;
  /** Stamp that the bank's age is measured from. */
  readonly oldestMs: number;
}

/** The strings that a limit is made of. */
export interface Grounds {
  /** Fresh or late: what limits are computed from. */
  readonly counting: readonly StringValues[];
  /** Stale, lost or never heard, beside them. */
  readonly absent: readonly AbsentString[];
  /** Every string that was ever read whole, with its last readings. */
  readonly read: readonly StringValues[];
  /** What each pack of these allows by itself. */
  readonly own: OwnLimits;
  /** The cell voltage that the charge stage asks for. */
  readonly stageCellV: number;
  /** The charge has ended, and the inverter knows no float. */
  readonly isStopped: boolean;
  /** A string came back at another voltage: until it has settled, next to nothing may flow. */
  readonly rejoining: readonly string[];
  /** Nothing may flow that way: a FET is about to be switched. */
  readonly withheld: readonly Direction[];
}

const none: Limits = {
  signals: {},
  reasons: { chargeVoltage: [], dischargeVoltage: [], chargeCurrent: [], dischargeCurrent: [] },
};

/** The limits by the rung: computed while fresh, never rising while late, falling to zero from stale on. */
export function limitsOf(freshness: Freshness, grounds: Grounds, config: BankConfig, moment: Moment): Limits {
  if (freshness === 'never') return moment.was.heard ? { ...none, falling: fallenAt(moment.nowMs) } : none;
  if (isStale(freshness)) return staleLimits(grounds, config, moment);
  return freshLimits(grounds, config, moment, grounds.counting.some(isLate));
}

const currentSignals = ({ chargeA, dischargeA }: CurrentLimits): SignalValues => ({
  chargeCurrentLimitA: chargeA,
  dischargeCurrentLimitA: dischargeA,
  chargeEnable: chargeA > 0,
  dischargeEnable: dischargeA > 0,
});

/** What was last told; where nothing was, `otherwise`. */
const toldBefore = (previous: Evaluation | undefined, otherwise: number): CurrentLimits => ({
  chargeA: previous?.signals.chargeCurrentLimitA ?? otherwise,
  dischargeA: previous?.signals.dischargeCurrentLimitA ?? otherwise,
});

interface Moved {
  readonly course: Course;
  readonly reasons: readonly Reason[];
}

/** One direction: the computed limit, and what of it may be told now. */
function moved(
  direction: Direction,
  grounds: Grounds,
  config: BankConfig,
  moment: Moment,
  holds: boolean,
): Moved {
  const { counting: strings, absent, own, rejoining } = grounds;
  const ruled = cutForRejoin(currentLimit({ strings, absent, own }, config, direction), rejoining);
  const permitted = direction === 'charge' && grounds.isStopped ? stopped(ruled) : ruled;
  const limit = grounds.withheld.includes(direction) ? withheld(permitted) : permitted;
  const released = strings
    .filter((s) => conducts(s, direction))
    .every((s) => s.packs.every((p) => isReleased(p, config, direction)));
  const { was, previous, nowMs } = moment;
  const key = direction === 'charge' ? 'chargeA' : 'dischargeA';
  const before = was.falling
    ? backFrom(toldBefore(previous, 0)[key], nowMs)
    : direction === 'charge'
      ? was.chargeCourse
      : was.dischargeCourse;
  const allowed = { limitA: limit.value, baseA: limit.baseA, released, isLate: holds };
  const course = before ? stepCourse(before, allowed, nowMs) : begun(limit.value, nowMs);
  return { course, reasons: narrowed(course.toldA, limit, holds) };
}

/** The reasons of a limit, led by what holds it down where that is its own course. */
function narrowed(toldA: number, limit: CurrentLimit, holds: boolean): readonly Reason[] {
  if (toldA >= limit.value) return limit.reasons;
  return [{ rule: holds ? 'late: no rise' : 'rising', value: toldA }, ...limit.reasons];
}

function freshLimits(grounds: Grounds, config: BankConfig, moment: Moment, holds: boolean): Limits {
  const charge = moved('charge', grounds, config, moment, holds);
  const discharge = moved('discharge', grounds, config, moment, holds);
  const cvl = stepCvl(moment.was.cvl, grounds.counting, grounds.stageCellV, config, !holds, moment.nowMs);
  const dvl = dischargeVoltageLimit(grounds.counting, config);
  return {
    signals: {
      ...currentSignals({ chargeA: charge.course.toldA, dischargeA: discharge.course.toldA }),
      chargeVoltageLimitV: cvl.course.toldV,
      dischargeVoltageLimitV: dvl.value,
    },
    reasons: {
      chargeVoltage: cvl.reasons,
      dischargeVoltage: dvl.reasons,
      chargeCurrent: charge.reasons,
      dischargeCurrent: discharge.reasons,
    },
    chargeCourse: charge.course,
    dischargeCourse: discharge.course,
    cvl: cvl.course,
  };
}

/** A fall begins when the age crossed the edge, if that happened since the last evaluation; else now. */
function entry({ nowMs, previous, oldestMs }: Moment, config: BankConfig): Falling {
  const crossedMs = oldestMs + config.ages.lateMs;
  const aged = crossedMs <= nowMs;
  const sinceLast = aged && crossedMs >= (previous?.evaluatedAtMs ?? nowMs);
  return { ...toldBefore(previous, 0), atMs: sinceLast ? crossedMs : nowMs, aged };
}

const lowestCellV = (strings: readonly StringValues[]): number | undefined =>
  strings.length
    ? Math.min(...strings.flatMap((s) => s.packs.map((p) => p.cells.lowest.measured)))
    : undefined;

/** Falls with time, falls at once where a pack that still speaks says zero, and never rises on the way. */
function staleLimits(
  { read, own, stageCellV, withheld: held }: Grounds,
  config: BankConfig,
  moment: Moment,
): Limits {
  const { previous, was, nowMs } = moment;
  const falling = was.falling ?? entry(moment, config);
  const fallen = fallingLimits(falling, config, lowestCellV(read), nowMs);
  const present = { strings: read, absent: [], own };
  const charge = currentLimit(present, config, 'charge');
  const discharge = currentLimit(present, config, 'discharge');
  const allowed = {
    chargeA: held.includes('charge') ? 0 : charge.value,
    dischargeA: held.includes('discharge') ? 0 : discharge.value,
  };
  const told = lower(lower(fallen, allowed), toldBefore(previous, 0));
  const first = read.length ? stepCvl(undefined, read, stageCellV, config, false, nowMs).course : undefined;
  const cvl = was.cvl ?? first;
  const cvlV = previous?.signals.chargeVoltageLimitV ?? cvl?.toldV;
  const dvlV =
    previous?.signals.dischargeVoltageLimitV ??
    (read.length ? dischargeVoltageLimit(read, config).value : undefined);
  return {
    signals: {
      ...currentSignals(told),
      ...(cvlV !== undefined && { chargeVoltageLimitV: cvlV }),
      ...(dvlV !== undefined && { dischargeVoltageLimitV: dvlV }),
    },
    reasons: {
      chargeVoltage: because(cvlV),
      dischargeVoltage: because(dvlV),
      chargeCurrent: fallenBecause(told.chargeA, charge),
      dischargeCurrent: fallenBecause(told.dischargeA, discharge),
    },
    falling,
    ...(cvl && { cvl: { ...cvl, atMs: nowMs } }),
  };
}

const because = (value: number | undefined): readonly Reason[] =>
  value === undefined ? [] : [{ rule: 'bank data stale', value }];

const fallenBecause = (toldA: number, limit: CurrentLimit): readonly Reason[] => [
  ...because(toldA),
  ...limit.reasons.filter((r) => r.value <= toldA),
];
