import type { SignalValues } from '../model/signals.ts';
import { type ChargeHabits, countedMs, DAY_MS } from './charge-habits.ts';

/** What the bank has asked of the inverter so far. Plain JSON; the time is running time, ms. */
export interface Requests {
  /** Charge at once: a cell is near its end, or SoC at half of the start. */
  readonly urgent: boolean;
  /** Charge before it is too late. */
  readonly early: boolean;
  /** Since SoC was last at 97 %. */
  readonly sinceHighSocMs: number;
}

export const noRequests: Requests = { urgent: false, early: false, sinceHighSocMs: 0 };

export interface RequestView {
  readonly socPct: number;
  readonly lowestCellV: number;
  /** Where the BMS, or else the chemistry, cuts discharging. */
  readonly underVoltageV: number;
}

// Bank reference, section 4.2; CAN reference, 0x35C (97 %, 30 days).
const NEAR_END_V = 0.1;
/** Ours: a cell that sagged under load must be this far from its end before the request is taken back. */
const CLEAR_OF_END_V = 0.3;
const HIGH_SOC_PCT = 97;
const FULL_CHARGE_AFTER_MS = 30 * DAY_MS;

/** One step, to be taken only while the bank is fresh. `passedMs` is the time since the last such step. */
export function stepRequests(
  was: Requests,
  view: RequestView,
  { forceCharge }: Pick<ChargeHabits, 'forceCharge'>,
  passedMs: number,
): Requests {
  const { socPct } = view;
  const nearEnd = isWithin(NEAR_END_V, view);
  const goesOn = socPct < forceCharge.stopPct || isWithin(CLEAR_OF_END_V, view);
  const urgent = nearEnd || socPct <= forceCharge.startPct / 2 || (was.urgent && goesOn);
  return {
    urgent,
    early: urgent || socPct <= forceCharge.startPct || (was.early && goesOn),
    sinceHighSocMs: socPct >= HIGH_SOC_PCT ? 0 : was.sinceHighSocMs + countedMs(passedMs),
  };
}

const isWithin = (marginV: number, { lowestCellV, underVoltageV }: RequestView): boolean =>
  lowestCellV <= underVoltageV + marginV;

/** The requests as signals; the bank clears them all while it is stale. */
export const askedFor = ({ urgent, early, sinceHighSocMs }: Requests) =>
  ({
    forceCharge1: urgent,
    forceCharge2: early,
    fullChargeRequest: sinceHighSocMs >= FULL_CHARGE_AFTER_MS,
  }) satisfies SignalValues;
