import type { LogLine } from '../log.ts';
import type { BankState } from '../model/bank-state.ts';
import type { BankEvent } from '../model/events.ts';
import type { Health } from '../model/wire-health.ts';

/** One thing that the office does. It takes what it is told, and never throws. */
export interface OfficePart {
  readonly state?: (state: BankState) => void;
  readonly event?: (event: BankEvent) => void;
  readonly line?: (line: LogLine) => void;
  readonly health?: (health: Health) => void;
  /** What is due is written; resolves when that is done. */
  readonly end?: () => unknown;
}
