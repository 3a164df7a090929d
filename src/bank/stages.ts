import {
  type ChargeAims,
  type ChargeHabits,
  type ChargeVoltages,
  chargeAims,
  countedMs,
} from './charge-habits.ts';
import { tidy } from './extremes.ts';

/** Where the bank is in its charge (bank reference, section 5). `stop` is the float of an inverter that has none. */
const stages = ['bulk', 'absorption', 'float', 'stop'] as const;

export type Stage = (typeof stages)[number];

export const isStage = (name: string): name is Stage => stages.some((stage) => stage === name);

/** Plain JSON, kept over restarts. Times are running time, ms: what passes while the bank is not fresh does not count. */
export interface Charge {
  readonly stage: Stage;
  readonly stageMs: number;
  /** The charge ended and SoC has not been below 97 % since. */
  readonly full: boolean;
  /** In this absorption: with the cells together, with the tail rule holding unbroken, since it first held long enough. */
  readonly togetherMs: number;
  readonly tailMs: number;
  readonly endingMs: number;
  /** Since the last charge that ended by its cells; since the last of these that ended balanced, at the balancing voltage. */
  readonly sinceFullMs: number;
  readonly sinceBalancedMs: number;
  /** This charge goes to the balancing voltage. */
  readonly balancing: boolean;
  /** The last absorption was ended by the never-full guard: notice `balance_timeout`. */
  readonly timedOut: boolean;
  /** What would have begun a new charge at the very end of this one; it must go away before it counts. */
  readonly excused: readonly Cause[];
}

type Cause = 'soc' | 'spread';
const causeNames: readonly Cause[] = ['soc', 'spread'];

const entered = { stageMs: 0, togetherMs: 0, tailMs: 0, endingMs: 0, excused: [] } as const;

export const newCharge: Charge = {
  stage: 'bulk',
  ...entered,
  full: false,
  sinceFullMs: 0,
  sinceBalancedMs: 0,
  balancing: false,
  timedOut: false,
};

/** What the stages look at. V of one cell where the name says so. */
export interface ChargeView {
  /** Of the bus voltage. */
  readonly meanCellV: number;
  /** What the inverter is asked for now: `stageCellV`, or less where the envelope or a pack's trip point says so. */
  readonly targetCellV: number;
  readonly highestCellV: number;
  /** Of the pack whose cells are furthest apart. */
  readonly spreadV: number;
  /** Mean cell of the conducting string whose voltage is lowest. */
  readonly lowestMeanCellV: number;
  /** Positive while charging. */
  readonly currentA: number;
  readonly capacityAh: number | undefined;
  readonly socPct: number;
}

interface Moment {
  readonly view: ChargeView;
  readonly aims: ChargeAims;
  readonly ms: number;
}

// Bank reference, section 5: the table and 5.1 to 5.7.
const REACHED_V = 0.03;
const CANCELLED_V = 0.5 / 16;
const TOGETHER_V = 0.01;
const APART_V = 0.013;
const BALANCED_V = 0.025;
const TAIL_C = 0.05;
const TAIL_HOLDS_MS = 10_000;
const EQUALISE_MS = 30 * 60_000;
const NEVER_FULL_MS = 4 * 3_600_000;
const FULL_CLEARED_PCT = 97;
/** What is due in a bank at rest waits so long, that a charge which the guard ended is not repeated at once. */
const BALANCE_AFTER_REST_MS = 24 * 3_600_000;
/** When a cause begins a new charge, and when one that was excused is gone for good. */
const causes: { readonly [C in Cause]: Record<'stands' | 'isGone', (v: ChargeView) => boolean> } = {
  soc: { stands: ({ socPct }) => socPct < 80, isGone: ({ socPct }) => socPct >= 82 },
  spread: { stands: ({ spreadV }) => spreadV >= 0.08, isGone: ({ spreadV }) => spreadV < 0.07 },
};

/** The voltage that the stage asks for, per cell. */
export function stageCellV(charge: Charge, voltages: ChargeVoltages, habits: ChargeHabits): number {
  const aims = chargeAims(voltages, habits);
  if (charge.stage === 'float') return aims.floatV;
  if (charge.stage === 'stop') return aims.rebulkV;
  return charge.balancing ? aims.balanceV : aims.bulkV;
}

/** One step of the charge, to be taken only while the bank is fresh. `passedMs` is the time since the last such step. */
export function stepCharge(
  was: Charge,
  view: ChargeView,
  voltages: ChargeVoltages,
  habits: ChargeHabits,
  passedMs: number,
): Charge {
  const ms = countedMs(passedMs);
  const now = {
    ...was,
    stageMs: was.stageMs + ms,
    sinceFullMs: was.sinceFullMs + ms,
    sinceBalancedMs: was.sinceBalancedMs + ms,
  };
  const tidied = { ...view, spreadV: tidy(view.spreadV) };
  return steps[was.stage](now, { view: tidied, aims: chargeAims(voltages, habits), ms });
}

const steps = { bulk: charge, absorption: absorb, float: rest, stop: rest } as const;

function enter(now: Charge, stage: Stage, more: Partial<Charge> = {}): Charge {
  return { ...now, ...entered, stage, ...more };
}

const isBalanceDue = (now: Charge, aims: ChargeAims): boolean => now.sinceBalancedMs >= aims.balanceEveryMs;

function charge(now: Charge, moment: Moment): Charge {
  const begun = { ...now, balancing: isBalanceDue(now, moment.aims) };
  return hasReached(moment.view) ? enter(begun, 'absorption') : begun;
}

const hasReached = ({ meanCellV, highestCellV, targetCellV }: ChargeView): boolean =>
  tidy(targetCellV - meanCellV) <= REACHED_V || highestCellV >= targetCellV;

/** A single high cell that began the absorption also keeps it. */
const hasFallen = ({ meanCellV, highestCellV, targetCellV }: ChargeView): boolean =>
  tidy(targetCellV - Math.max(meanCellV, highestCellV)) >= CANCELLED_V;

function absorb(now: Charge, moment: Moment): Charge {
  if (hasFallen(moment.view)) return enter(now, 'bulk');
  const timed = { ...now, ...absorptionTimes(now, moment) };
  if (hasEnded(timed, moment)) return end(timed, moment);
  return timed.stageMs >= NEVER_FULL_MS ? toRest(timed, moment, { timedOut: true }) : timed;
}

function absorptionTimes(now: Charge, { view, aims, ms }: Moment) {
  const tailMs = isTail(view, aims) ? now.tailMs + ms : 0;
  return {
    tailMs,
    togetherMs: view.spreadV > APART_V ? 0 : now.togetherMs + (view.spreadV <= TOGETHER_V ? ms : 0),
    endingMs: now.endingMs > 0 || tailMs >= TAIL_HOLDS_MS ? now.endingMs + ms : 0,
  };
}

/** The highest cell as it would rest, freed of the charging current's share (5.2). Unknown capacity: cannot be told. */
function isTail({ highestCellV, currentA, capacityAh }: ChargeView, { tail }: ChargeAims): boolean {
  if (!capacityAh) return false;
  const ohms = (tail.fullV - tail.startV) / (capacityAh * TAIL_C);
  return highestCellV - ohms * Math.max(0, currentA) >= tail.startV;
}

/** By time or by tail current; not while a string is as low as one to be charged, nor a balancing charge unbalanced. */
function hasEnded(now: Charge, { view, aims }: Moment): boolean {
  if (view.lowestMeanCellV <= aims.rebulkV) return false;
  if (now.balancing && view.spreadV >= BALANCED_V) return false;
  const isTailLong = now.tailMs >= TAIL_HOLDS_MS && (now.togetherMs > 0 || now.endingMs >= EQUALISE_MS);
  return now.togetherMs >= aims.absorptionMs || isTailLong;
}

function end(now: Charge, moment: Moment): Charge {
  const isAtTop = now.balancing || moment.aims.bulkV >= moment.aims.balanceV;
  return toRest(now, moment, {
    full: moment.view.socPct >= FULL_CLEARED_PCT,
    timedOut: false,
    sinceFullMs: 0,
    ...(isAtTop && moment.view.spreadV < BALANCED_V && { sinceBalancedMs: 0 }),
  });
}

const toRest = (now: Charge, { view, aims }: Moment, more: Partial<Charge>): Charge =>
  enter(now, aims.afterFull, {
    balancing: false,
    excused: causeNames.filter((name) => causes[name].stands(view)),
    ...more,
  });

function rest(now: Charge, moment: Moment): Charge {
  const excused = now.excused.filter((name) => !causes[name].isGone(moment.view));
  const again = isToBeCharged({ ...now, excused }, moment);
  if (again) return enter(now, 'bulk', { full: false, balancing: isBalanceDue(now, moment.aims) });
  const full = now.full && moment.view.socPct >= FULL_CLEARED_PCT;
  return { ...now, stage: moment.aims.afterFull, excused, full };
}

function isToBeCharged(now: Charge, { view, aims }: Moment): boolean {
  if (view.lowestMeanCellV <= aims.rebulkV || now.stageMs >= aims.rechargeEveryMs) return true;
  if (isBalanceDue(now, aims) && now.stageMs >= BALANCE_AFTER_REST_MS) return true;
  return causeNames.some((name) => causes[name].stands(view) && !now.excused.includes(name));
}
