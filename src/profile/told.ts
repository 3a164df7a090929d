import { isStale } from '../model/freshness.ts';
import type { SignalValues } from '../model/signals.ts';
import type { Profile } from './schema.ts';

/** A hard zero when that direction is switched off; never below zero. */
const current = (limitA: number | undefined, enabled: boolean | undefined): number | undefined =>
  enabled === false ? 0 : limitA === undefined ? undefined : Math.max(0, limitA);

/** CVL of a stale bank told as measured: near what the pack last had, never above the last CVL, never below DVL. */
function measuredCvl({
  chargeVoltageLimitV,
  dischargeVoltageLimitV,
  voltageV,
}: SignalValues): number | undefined {
  if (chargeVoltageLimitV === undefined || voltageV === undefined) return chargeVoltageLimitV;
  return Math.min(chargeVoltageLimitV, Math.max(dischargeVoltageLimitV ?? 0, voltageV));
}

/** A stale bank asks for nothing and does not claim to be charging (design, section 8; RS485 reference, G11). */
const asksNothing = {
  forceCharge1: false,
  forceCharge2: false,
  fullChargeRequest: false,
  balanceRequest: false,
  balancing: false,
  charging: false,
  discharging: false,
} as const satisfies SignalValues;

const known = <V extends object>(values: V): Partial<{ [K in keyof V]: Exclude<V[K], undefined> }> =>
  // Only members with a value are left, so none of them is undefined.
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<{
    [K in keyof V]: Exclude<V[K], undefined>;
  }>;

/** The bank as an inverter may hear of it (CAN reference, section 2, rule 4; design, section 8). */
export function asTold(signals: SignalValues, staleCvl: Profile['stale_cvl']): SignalValues {
  const stale = isStale(signals.freshness ?? 'fresh');
  return {
    ...signals,
    ...(stale && asksNothing),
    ...known({
      socToldPct: signals.socToldPct ?? signals.socPct,
      chargeCurrentLimitA: current(signals.chargeCurrentLimitA, signals.chargeEnable),
      dischargeCurrentLimitA: current(signals.dischargeCurrentLimitA, signals.dischargeEnable),
      chargeVoltageLimitV:
        stale && staleCvl === 'measured' ? measuredCvl(signals) : signals.chargeVoltageLimitV,
    }),
  };
}
