import type { BankState, LimitName, PackState, Reason } from '../model/bank-state.ts';
import { readingToNames } from '../model/battery.ts';
import { toNames } from '../model/signals.ts';

const limitNames: { readonly [L in LimitName]: string } = {
  chargeVoltage: 'charge_voltage_limit_V',
  dischargeVoltage: 'discharge_voltage_limit_V',
  chargeCurrent: 'charge_current_limit_A',
  dischargeCurrent: 'discharge_current_limit_A',
};

/** Seconds to a tenth from a monotonic moment to another. */
const secondsTo = (nowMs: number, atMs: number | undefined): number | undefined =>
  atMs === undefined ? undefined : Math.max(0, Math.round((nowMs - atMs) / 100) / 10);

const reasonJson = ({ sinceMs, ...reason }: Reason, nowMs: number) => ({
  ...reason,
  for_s: secondsTo(nowMs, sinceMs),
});

const packJson = (pack: PackState, nowMs: number) => ({
  id: pack.id,
  freshness: pack.freshness,
  data_age_s: secondsTo(nowMs, pack.sampleAtMs),
  fault: pack.fault,
  is_partial: pack.isPartial,
  charge_current_limit_A: pack.chargeCurrentLimitA,
  discharge_current_limit_A: pack.dischargeCurrentLimitA,
  ...(pack.reading && readingToNames(pack.reading)),
});

/**
 * The bank at one evaluation for people and programs, to be kept with an event: signals and what each pack reports under
 * the names of the catalogue, and what decided each limit. Ages in s count to the evaluation. What is unknown is left out.
 */
export function snapshotOf(state: BankState) {
  const { evaluatedAtMs: nowMs, reasons } = state;
  // The keys are limit names, by the type of the table.
  const limits = Object.keys(limitNames) as LimitName[];
  const snapshot = {
    ...toNames(state.signals),
    stage: state.stage,
    reasons: Object.fromEntries(
      limits.map((limit) => [limitNames[limit], reasons[limit].map((reason) => reasonJson(reason, nowMs))]),
    ),
    notices: state.notices,
    packs: state.packs.map((pack) => packJson(pack, nowMs)),
  };
  // JSON has no word for unknown: what is undefined is left out once, here, and a broken sensor becomes null.
  return JSON.parse(JSON.stringify(snapshot)) as Readonly<Record<string, unknown>>;
}
