import type { TapePiece } from '../blackbox/tape.ts';
import type { LogLine } from '../log.ts';
import type { BankState } from '../model/bank-state.ts';
import type { BankEvent } from '../model/events.ts';
import type { Health } from '../model/wire-health.ts';
import type { WishNews } from '../wires/office-asks.ts';

/** One thing that the office does. It takes what it is told, and never throws. */
export interface OfficePart {
  readonly state?: (state: BankState) => void;
  /**
   * Once, before all else: what lasts in the gateway as this office begins, told to the one before it already. An event of
   * an earlier office that is kept somewhere and is not among these is over; when is not known.
   */
  readonly open?: (events: readonly BankEvent[]) => void;
  /** News. One that was told shortly before the office was replaced comes once more, under the same id. */
  readonly event?: (event: BankEvent) => void;
  readonly line?: (line: LogLine) => void;
  /** A line of the office itself that no event stands behind; not for what would write one for it. */
  readonly ownLine?: (line: LogLine) => void;
  readonly health?: (health: Health) => void;
  /** What came of a wish. */
  readonly wished?: (news: WishNews) => void;
  /** A profile that was written anew is told to the wires. */
  readonly offered?: (inverter: string, textHash: string) => void;
  readonly tape?: (piece: TapePiece) => void;
  /** What is due is written; resolves when that is done. */
  readonly end?: () => unknown;
}
