import type { BatteryReading } from './battery.ts';
import type { Freshness } from './freshness.ts';
import type { SignalValues } from './signals.ts';

/** Why a limit is what it is: one rule that set or narrowed it. The first of a list is the one that decided. */
export interface Reason {
  /** What the rule is called, e.g. `highest cell`, `envelope`, `bank stale`. */
  readonly rule: string;
  /** What the limit would be by this rule alone, A or V. */
  readonly value: number;
  readonly pack?: string;
  /** Cell number from 1. */
  readonly cell?: number;
  /** What was measured, e.g. 3.447 (V) or 2.5 (°C). */
  readonly measured?: number;
  /** Monotonic moment since when this rule, for this pack, narrows the limit. */
  readonly sinceMs?: number;
}

export type LimitName = 'chargeVoltage' | 'dischargeVoltage' | 'chargeCurrent' | 'dischargeCurrent';

export interface PackState {
  readonly id: string;
  readonly freshness: Freshness;
  /** Monotonic stamp of the reading; absent before the first. */
  readonly sampleAtMs?: number;
  /** The last that counted; of a pack of which none ever did the last that came, and `fault` says why it does not count. */
  readonly reading?: BatteryReading;
  /** The reading is of a pack of which none ever counted: to be shown beside `fault`, never computed with or called fresh. */
  readonly isPartial?: true;
  /** Why this pack does not count, one sentence, e.g. `reports 15 cells, 16 are configured`. */
  readonly fault?: string;
  readonly chargeCurrentLimitA?: number;
  readonly dischargeCurrentLimitA?: number;
}

/** The one immutable truth of an evaluation. Outputs read this and nothing else. */
export interface BankState {
  /** Grows by one with each evaluation. */
  readonly sequence: number;
  /** Monotonic moment of the evaluation. */
  readonly evaluatedAtMs: number;
  /** Past this moment the wires say nothing (design section 8: evaluation + 3 s). */
  readonly validUntilMs: number;
  readonly freshness: Freshness;
  /** Stamp of the sample that the bank's age is measured from; `data_age_s` is computed from it when it is read. */
  readonly sampleAtMs?: number;
  readonly signals: SignalValues;
  /** Where the bank is in its charge; absent while it is stale. */
  readonly stage?: 'bulk' | 'absorption' | 'float' | 'stop';
  readonly packs: readonly PackState[];
  readonly reasons: { readonly [L in LimitName]: readonly Reason[] };
  /** What a person should know, one sentence each, e.g. `charge limit of pack a is a guess`. */
  readonly notices: readonly string[];
}

/** Age of the bank's data in seconds at `nowMs`, computed when it is read, never stored. */
export const dataAgeS = (state: Pick<BankState, 'sampleAtMs'>, nowMs: number): number | undefined =>
  state.sampleAtMs === undefined ? undefined : Math.max(0, nowMs - state.sampleAtMs) / 1000;

/** How long an evaluation may be told, ms (design section 8, "The image is dated too"). */
export const VALID_FOR_MS = 3000;
