import { VALID_FOR_MS } from '../model/bank-state.ts';
import { HOLD_MS, RISE_A_PER_S } from './config.ts';

/** How one current limit moves: down at once, up after a hold and no faster than 5 A/s (bank reference, section 3.1). */
export interface Course {
  /** What was told, A. */
  readonly toldA: number;
  /** When the computed limit last held it down. */
  readonly boundAtMs: number;
  /** Up to when a rise has been counted. */
  readonly risenToMs: number;
}

/** What the rules allow at this moment. */
export interface Allowed {
  readonly limitA: number;
  /** The limit without any derating, A. */
  readonly baseA: number;
  /** False while the cell that caused a zero has not yet moved clear of its end. */
  readonly released: boolean;
  /** While late, nothing rises. */
  readonly isLate: boolean;
}

const STEP_MS = 1000;
/** Zero is left only above this share of the base. */
const LEAVES_ZERO = 0.015;

/** The first limit of a start, as computed. */
export const begun = (limitA: number, nowMs: number): Course => ({
  toldA: limitA,
  boundAtMs: nowMs,
  risenToMs: nowMs,
});

/** What was told while stale, as the start of a rise that need not wait. */
export const backFrom = (toldA: number, nowMs: number): Course => ({
  toldA,
  boundAtMs: nowMs - HOLD_MS,
  risenToMs: nowMs,
});

const staysZero = ({ toldA }: Course, { limitA, baseA, released }: Allowed): boolean =>
  toldA === 0 && (limitA <= LEAVES_ZERO * baseA || !released);

/**
 * One step. A stall counts for no more seconds of rise than an image is valid, because nobody was told anything after
 * that.
 */
export function stepCourse(was: Course, allowed: Allowed, nowMs: number): Course {
  if (allowed.limitA <= was.toldA || staysZero(was, allowed))
    return begun(Math.min(was.toldA, allowed.limitA), nowMs);
  if (allowed.isLate || nowMs - was.boundAtMs < HOLD_MS) return { ...was, risenToMs: nowMs };
  const sinceMs = Math.max(was.risenToMs, was.boundAtMs + HOLD_MS);
  const seconds = Math.floor((nowMs - sinceMs) / STEP_MS);
  const gainedA = RISE_A_PER_S * Math.min(seconds, VALID_FOR_MS / STEP_MS);
  return {
    ...was,
    toldA: Math.min(allowed.limitA, was.toldA + gainedA),
    risenToMs: sinceMs + seconds * STEP_MS,
  };
}
