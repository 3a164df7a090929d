import type { Ledger } from '../events/ledger.ts';
import type { Log } from '../log.ts';
import type { BankState } from '../model/bank-state.ts';
import { type Clock, monotonicMs } from '../model/freshness.ts';
import type { OfficeAsk } from '../wires/office-asks.ts';

/** What every part of the office stands on. */
export interface OfficeGround {
  /** For what is no event. An event has its own line. */
  readonly log: Log;
  readonly clock: Clock;
  /**
   * What the office itself finds, e.g. that a broker is away: each part holds its conditions under its own name as the
   * source. What is told here comes to all parts, this one included, once they all are there; and into the log.
   */
  readonly ledger: Ledger;
  /** The bank as it was told last. */
  readonly bank: () => BankState | undefined;
  /** To the wires. */
  readonly ask: (ask: OfficeAsk) => void;
}

/** The wall clock at a monotonic moment, ms since 1970: as far as the clock is right now. */
export const wallMsOf = (atMs: number): number => Date.now() - (monotonicMs() - atMs);
