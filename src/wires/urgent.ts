import type { BankState } from '../model/bank-state.ts';

/** True when an inverter must not wait for the next beat: a limit became zero, or a new protection came up. */
export function isUrgent(before: BankState | undefined, now: BankState): boolean {
  if (!before) return false;
  const [was, is] = [before.signals, now.signals];
  const zeroed =
    (was.chargeEnable === true && is.chargeEnable === false) ||
    (was.dischargeEnable === true && is.dischargeEnable === false);
  return zeroed || (is.alarms ?? []).some((alarm) => !was.alarms?.includes(alarm));
}
