import type { LimitsOrder } from '../ble/orders.ts';
import type { BankState } from '../model/bank-state.ts';

/** The living bank obeys the limits that inverters are told. */
export const limitsOf = ({ signals }: BankState): LimitsOrder => ({
  type: 'limits',
  chargeA: signals.chargeCurrentLimitA ?? 0,
  dischargeA: signals.dischargeCurrentLimitA ?? 0,
  ...(signals.chargeVoltageLimitV !== undefined && { chargeV: signals.chargeVoltageLimitV }),
  ...(signals.dischargeVoltageLimitV !== undefined && { dischargeV: signals.dischargeVoltageLimitV }),
});
