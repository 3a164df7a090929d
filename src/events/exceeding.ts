// Told against sensed: an inverter that measures more current than it was told to take or give.
import type { BankState } from '../model/bank-state.ts';
import type { SignalValues } from '../model/signals.ts';
import type { Condition } from './ledger.ts';

/** The battery's current as an inverter measured it itself, A, positive while charging. */
export interface Sensed {
  readonly inverter: string;
  readonly currentA: number;
  readonly atMs: number;
}

/** It has so long to follow a limit that fell, and as long again before it is said. */
const PATIENCE_MS = 10_000;
/** What was sensed before proves nothing. */
const NEW_MS = 10_000;
/** Two instruments differ by so much. */
const TOLERANCE_A = 2;
const TOLERANCE_SHARE = 0.05;

type Way = 'charge' | 'discharge';

interface Limits {
  readonly atMs: number;
  readonly charge: number | undefined;
  readonly discharge: number | undefined;
}

const limitOf = (limitA: number | undefined, isOn: boolean | undefined): number | undefined =>
  isOn === false ? 0 : limitA;

const limitsAt = (s: SignalValues, atMs: number): Limits => ({
  atMs,
  charge: limitOf(s.chargeCurrentLimitA, s.chargeEnable),
  discharge: limitOf(s.dischargeCurrentLimitA, s.dischargeEnable),
});

/** The mildest that was told of late; undefined while nothing was. */
function mildest(told: readonly Limits[], way: Way): number | undefined {
  const known = told.map((limits) => limits[way]).filter((limit) => limit !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

const verbs: { readonly [W in Way]: string } = { charge: 'charges', discharge: 'discharges' };
const amps = (a: number): string => `${Math.round(a * 10) / 10} A`;

function condition({ inverter, currentA }: Sensed, way: Way, limitA: number): Condition {
  const line = 'inverter goes beyond the limit that it is told';
  return {
    kind: 'inverter_exceeds',
    subject: inverter,
    about: way,
    line,
    text: `inverter ${inverter} ${verbs[way]} with ${amps(Math.abs(currentA))} by its own measure, and is told ${amps(limitA)} at most`,
    details: { limitA },
    measured: { quantity: 'current_A', value: currentA },
    worse: way === 'charge' ? 'higher' : 'lower',
  };
}

/** Tells, evaluation by evaluation, which inverter has gone beyond what it was told for ten seconds. It changes no limit. */
export function watchExceeding(): (
  state: Pick<BankState, 'signals' | 'evaluatedAtMs'>,
  sensed: readonly Sensed[],
) => Condition[] {
  let told: Limits[] = [];
  const sinceMs = new Map<string, number>();
  return ({ signals, evaluatedAtMs: nowMs }, sensed) => {
    told = [...told.filter(({ atMs }) => nowMs - atMs <= PATIENCE_MS), limitsAt(signals, nowMs)];
    const beyond = sensed.flatMap((one) => {
      const way: Way = one.currentA > 0 ? 'charge' : 'discharge';
      const limitA = mildest(told, way);
      if (limitA === undefined || nowMs - one.atMs > NEW_MS) return [];
      const tolerance = Math.max(TOLERANCE_A, limitA * TOLERANCE_SHARE);
      return Math.abs(one.currentA) > limitA + tolerance ? [{ one, way, limitA }] : [];
    });
    const keys = new Set(beyond.map(({ one, way }) => `${way} ${one.inverter}`));
    for (const key of sinceMs.keys()) if (!keys.has(key)) sinceMs.delete(key);
    for (const key of keys) if (!sinceMs.has(key)) sinceMs.set(key, nowMs);
    return beyond
      .filter(({ one, way }) => nowMs - (sinceMs.get(`${way} ${one.inverter}`) ?? nowMs) >= PATIENCE_MS)
      .map(({ one, way, limitA }) => condition(one, way, limitA));
  };
}
