import type { Ledger } from '../events/ledger.ts';
import type { Clock } from '../model/freshness.ts';

/** Where the wires put down what happens on them. */
export interface EventGround {
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'hold' | 'stay' | 'moment'>;
}
