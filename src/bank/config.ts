import type { ChargeHabits } from './charge-habits.ts';
import type { Chemistry } from './chemistry.ts';

/** What the installer said of one pack. Currents in A, both positive. */
export interface PackConfig {
  readonly id: string;
  /** Cells in series. A BMS that reports another number stops all output. */
  readonly cells: number;
  readonly capacityAh?: number;
  readonly chargeCurrentA?: number;
  readonly dischargeCurrentA?: number;
  /** False only where the installer said `temperature: none`. */
  readonly needsTemperature: boolean;
}

/** Hard, local, the last word on every limit; never set from afar. */
export interface Envelope {
  readonly chargeCurrentA: number;
  readonly dischargeCurrentA: number;
  readonly cellMaxV: number;
  readonly cellMinV: number;
}

/** Ages of design section 8, ms. An installer may shorten them. */
export interface Ages {
  readonly freshMs: number;
  readonly lateMs: number;
  readonly lostMs: number;
  readonly rampMs: number;
  readonly frozenAfterMs: number;
  /** The one lengthening: discharge only, local, and only above `chemistry.healthyCellV`. */
  readonly dischargeStaleAfterMs?: number;
}

/** How the limits of parallel strings make one (bank reference, section 4.1): rules B, A and C. */
export type CombineRule = 'share' | 'equal' | 'sum';

/** What happens while some strings, not all, are stale or lost (bank reference, section 6.2). */
export type LossPolicy = 'hold' | 'reduce' | 'exclude' | 'block';

/** When a pack's alarm is the bank's (bank reference, section 7). */
export type AlarmRule = 'any' | 'all' | 'bank';

export interface BankConfig {
  /** Inner list in series, outer list in parallel. */
  readonly strings: readonly (readonly PackConfig[])[];
  readonly chemistry: Chemistry;
  readonly envelope: Envelope;
  readonly ages: Ages;
  /** How a string's SoC is told (bank reference, section 2.1). */
  readonly seriesSoc: 'window' | 'min';
  /** How CCL and DCL fall towards the ends of a cell: by the chemistry's curve, or smoothly for slow inverters. */
  readonly taper: 'curve' | 'smooth';
  readonly combine: CombineRule;
  readonly loss: LossPolicy;
  /** `reduce`: charging ends when a pack has been missing for this long. */
  readonly reduceForMs: number;
  readonly alarmRule: AlarmRule;
  readonly habits: ChargeHabits;
  /** SoC is told no higher than this until *full* is declared. */
  readonly heldSocPct: number;
  /** The SoC curves of the chemistry are in force. */
  readonly limitBySoc: boolean;
  /** Added to CVL for the drop of the cables, 0 to 0.5 V. */
  readonly cableDropV: number;
  /** A shunt is the source of the bank's current while it speaks. */
  readonly hasShunt: boolean;
}

const LATE_MS = 15_000;

/** The default ages for a poll period (design section 8, the ladder). */
export const agesFor = (pollMs: number): Ages => ({
  freshMs: Math.min(Math.max(3 * pollMs, 6000), LATE_MS),
  lateMs: LATE_MS,
  lostMs: 60_000,
  rampMs: 10_000,
  frozenAfterMs: 600_000,
});

/** What an installer leaves unsaid about a bank. */
export const usualBank = {
  seriesSoc: 'window',
  taper: 'curve',
  combine: 'share',
  loss: 'reduce',
  reduceForMs: 30 * 60_000,
  alarmRule: 'bank',
  heldSocPct: 99.99,
  limitBySoc: false,
  cableDropV: 0,
  hasShunt: false,
} as const satisfies Partial<BankConfig>;

/** How long a start waits for packs that were never heard, ms. */
export const START_GRACE_MS = 60_000;
/** Coming back from stale or lost takes this many complete sets and this long since the first. */
export const RETURN_SETS = 3;
export const RETURN_MS = 10_000;
/** Limits rise at most this fast, A per second (design section 8; bank reference, section 3.1). */
export const RISE_A_PER_S = 5;
/** A limit that was held down stays down this long after it last was (bank reference, section 3.1). */
export const HOLD_MS = 30_000;
