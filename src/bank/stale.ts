import type { BankConfig } from './config.ts';
import type { Falling } from './memory.ts';

/** CCL and DCL, A. */
export interface CurrentLimits {
  readonly chargeA: number;
  readonly dischargeA: number;
}

const STEP_MS = 1000;

/** The lower of two limits, each direction for itself. */
export const lower = (a: CurrentLimits, b: CurrentLimits): CurrentLimits => ({
  chargeA: Math.min(a.chargeA, b.chargeA),
  dischargeA: Math.min(a.dischargeA, b.dischargeA),
});

/** What is left of a limit that falls in equal one-second steps since `sinceMs`; the first step is taken at once. */
export function ramped(fromA: number, sinceMs: number, rampMs: number, nowMs: number): number {
  if (nowMs < sinceMs) return fromA;
  const steps = Math.max(1, Math.floor(rampMs / STEP_MS));
  const taken = Math.min(steps, Math.floor((nowMs - sinceMs) / STEP_MS) + 1);
  return (fromA * (steps - taken)) / steps;
}

/** Nothing was told, because a pack is not the one configured: limits begin at zero when the bank speaks again. */
export const fallenAt = (atMs: number): Falling => ({ atMs, chargeA: 0, dischargeA: 0, aged: false });

/** By how much an installer lets discharge go on beyond *stale*: only while the lowest cell last seen was healthy. */
function dischargeGraceMs({ ages, chemistry }: BankConfig, lowestCellV: number | undefined): number {
  const healthy = lowestCellV !== undefined && lowestCellV > chemistry.healthyCellV;
  return healthy ? Math.max(0, (ages.dischargeStaleAfterMs ?? ages.lateMs) - ages.lateMs) : 0;
}

/** The limits while stale or lost: both fall to zero within the ramp. */
export function fallingLimits(
  from: Falling,
  config: BankConfig,
  lowestCellV: number | undefined,
  nowMs: number,
): CurrentLimits {
  const { rampMs } = config.ages;
  const dischargeFromMs = from.atMs + (from.aged ? dischargeGraceMs(config, lowestCellV) : 0);
  return {
    chargeA: ramped(from.chargeA, from.atMs, rampMs, nowMs),
    dischargeA: ramped(from.dischargeA, dischargeFromMs, rampMs, nowMs),
  };
}
