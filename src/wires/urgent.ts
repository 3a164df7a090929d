import type { BankState } from '../model/bank-state.ts';
import { isStale } from '../model/freshness.ts';

/**
 * True when an inverter must not wait for the next beat: a limit became zero, a new protection came up, or what it is told is
 * *stale* from now on.
 */
export function isUrgent(before: BankState | undefined, now: BankState): boolean {
  if (!before) return false;
  const [was, is] = [before.signals, now.signals];
  const zeroed =
    (was.chargeEnable === true && is.chargeEnable === false) ||
    (was.dischargeEnable === true && is.dischargeEnable === false);
  const aged = isStale(now.freshness) && !isStale(before.freshness);
  return zeroed || aged || (is.alarms ?? []).some((alarm) => !was.alarms?.includes(alarm));
}

/** True when who looks at a page must not wait either: the bank is on another rung, or an inverter hears of it now. */
export const isSeenSoon = (before: BankState | undefined, now: BankState): boolean =>
  before?.freshness !== now.freshness || isUrgent(before, now);
