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

/** A stale bank asks for nothing and claims neither to be charging nor to be there (design, section 8; RS485 reference, G11). */
const asksNothing = {
  forceCharge1: false,
  forceCharge2: false,
  fullChargeRequest: false,
  balanceRequest: false,
  balancing: false,
  charging: false,
  discharging: false,
  online: false,
} as const satisfies SignalValues;

/** W: none where no current may flow, whatever else is known; else what is said, or the current at the present voltage. */
function power(saidW: number | undefined, limitA: number | undefined, voltageV: number | undefined) {
  if (limitA === 0) return 0;
  if (saidW !== undefined) return Math.max(0, saidW);
  return limitA === undefined || voltageV === undefined ? undefined : limitA * voltageV;
}

/** kWh left of a bank whose size is known. */
const remaining = ({ remainingKWh, capacityKWh, socPct }: SignalValues): number | undefined =>
  remainingKWh ??
  (capacityKWh === undefined || socPct === undefined ? undefined : (capacityKWh * socPct) / 100);

const cellDelta = ({ cellDeltaV, minCellVoltageV, maxCellVoltageV }: SignalValues): number | undefined =>
  cellDeltaV ??
  (minCellVoltageV === undefined || maxCellVoltageV === undefined
    ? undefined
    : maxCellVoltageV - minCellVoltageV);

/** Minutes until the bank is empty at the present current; unknown while it is not being discharged. */
function runTime({ runTimeMin, remainingCapacityAh, currentA = 0 }: SignalValues): number | undefined {
  if (runTimeMin !== undefined || remainingCapacityAh === undefined || currentA >= 0) return runTimeMin;
  return (remainingCapacityAh / -currentA) * 60;
}

function statusByCurrent(currentA: number | undefined): SignalValues['status'] | undefined {
  if (currentA === undefined) return undefined;
  return currentA > 0 ? 'charge' : currentA < 0 ? 'discharge' : 'idle';
}

/** What the bank does; of a stale one nobody knows, and it does not claim to be charging or discharging. */
function status({ status, currentA }: SignalValues, stale: boolean): SignalValues['status'] | undefined {
  const said = status ?? statusByCurrent(currentA);
  return stale && said !== undefined && said !== 'sleep' ? 'idle' : said;
}

/** What follows from values that are told, where nobody said it. A state that numbers its cells once means their packs' own. */
const derived = (signals: SignalValues, chargeA: number | undefined, dischargeA: number | undefined) => ({
  chargePowerLimitW: power(signals.chargePowerLimitW, chargeA, signals.voltageV),
  dischargePowerLimitW: power(signals.dischargePowerLimitW, dischargeA, signals.voltageV),
  remainingKWh: remaining(signals),
  cellDeltaV: cellDelta(signals),
  runTimeMin: runTime(signals),
  minVoltagePackCellNo: signals.minVoltagePackCellNo ?? signals.minVoltageCellNo,
  maxVoltagePackCellNo: signals.maxVoltagePackCellNo ?? signals.maxVoltageCellNo,
});

const known = <V extends object>(values: V): Partial<{ [K in keyof V]: Exclude<V[K], undefined> }> =>
  // Only members with a value are left, so none of them is undefined.
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<{
    [K in keyof V]: Exclude<V[K], undefined>;
  }>;

/** The bank as an inverter may hear of it (CAN reference, section 2, rule 4; design, section 8). */
export function asTold(signals: SignalValues, staleCvl: Profile['stale_cvl']): SignalValues {
  const stale = isStale(signals.freshness ?? 'fresh');
  const chargeA = current(signals.chargeCurrentLimitA, signals.chargeEnable);
  const dischargeA = current(signals.dischargeCurrentLimitA, signals.dischargeEnable);
  return {
    ...signals,
    ...(stale && asksNothing),
    ...known({
      socToldPct: signals.socToldPct ?? signals.socPct,
      ...derived(signals, chargeA, dischargeA),
      chargeCurrentLimitA: chargeA,
      dischargeCurrentLimitA: dischargeA,
      status: status(signals, stale),
      chargeVoltageLimitV:
        stale && staleCvl === 'measured' ? measuredCvl(signals) : signals.chargeVoltageLimitV,
    }),
  };
}
