import type { BankEvent } from '../model/events.ts';
import type { Minute } from './columns.ts';

/** An event as it is kept: moments of the wall clock, ms since 1970. */
export interface KeptEvent {
  readonly event: BankEvent;
  readonly beganMs: number;
  readonly endedMs?: number;
  /** What the bank was when it began, JSON. */
  readonly snapshot?: string;
}

export interface Keeping {
  /** How long anything is kept, and how long the minutes are; ms. */
  readonly keepMs: number;
  readonly minutesMs: number;
}

/** What the history is kept in. Everything throws when the disk will not have it, and has then not been done at all. */
export interface HistoryStore {
  readonly writeMinutes: (minutes: readonly Minute[]) => void;
  /** An event that is there already gets its new peak and end. */
  readonly writeEvents: (events: readonly KeptEvent[]) => void;
  /** What lasts by this file and is not among these ended with the process that told it: at the last moment that was written. */
  readonly endOthers: (openIds: readonly string[], nowMs: number) => void;
  /** One small step of what is due: days made into quarters, what is too old taken out. True while there may be more. */
  readonly rollUp: (nowMs: number) => boolean;
  readonly dropOld: (nowMs: number, keeping: Keeping) => boolean;
  readonly close: () => void;
}

/** Where a store lies. */
export interface HistoryDisk {
  /** Throws when it cannot be opened or made. */
  readonly open: () => HistoryStore;
  /** Moves what is broken out of the way and says where it lies now; undefined when the error means something else. */
  readonly setAside: (error: unknown, wallMs: number) => string | undefined;
  /** What an error means and what to do, one sentence. */
  readonly trouble: (error: unknown) => string;
}
