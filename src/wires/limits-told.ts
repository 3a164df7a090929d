import type { Evaluation } from '../bank/memory.ts';
import type { LimitsOrder } from '../ble/orders.ts';

/** What inverters are told, for the living bank, which obeys it. */
export const limitsTold = ({ signals }: Evaluation): LimitsOrder => ({
  type: 'limits',
  chargeA: signals.chargeCurrentLimitA ?? 0,
  dischargeA: signals.dischargeCurrentLimitA ?? 0,
  ...(signals.chargeVoltageLimitV !== undefined && { chargeV: signals.chargeVoltageLimitV }),
  ...(signals.dischargeVoltageLimitV !== undefined && { dischargeV: signals.dischargeVoltageLimitV }),
});
