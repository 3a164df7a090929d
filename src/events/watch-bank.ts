import type { BankState } from '../model/bank-state.ts';
import { bankConditions } from './bank-conditions.ts';
import { watchBlocked } from './blocked.ts';
import { watchCauses } from './causes.ts';
import type { Ledger } from './ledger.ts';
import { watchPicture } from './picture.ts';

type BankLedger = Pick<Ledger, 'hold' | 'moment' | 'review'>;

/** Keeps the ledger of what the bank says of itself, evaluation by evaluation. */
export function watchBank({ hold, moment, review }: BankLedger): (state: BankState) => void {
  const blocked = watchBlocked();
  const causes = watchCauses();
  const picture = watchPicture();
  return (state) => {
    review(picture(state), state.evaluatedAtMs);
    hold('bank', [...bankConditions(state), ...blocked(state)], state.evaluatedAtMs);
    for (const cause of causes(state)) moment(cause, state.evaluatedAtMs);
  };
}
