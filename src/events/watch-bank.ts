import type { BankState } from '../model/bank-state.ts';
import type { EventKind } from '../model/events.ts';
import { bankConditions } from './bank-conditions.ts';
import { watchBlocked } from './blocked.ts';
import { watchCauses } from './causes.ts';
import type { Ledger } from './ledger.ts';

/** Every reading says whether there are any. */
const ALARMS: readonly EventKind[] = ['protection', 'warning'];
/** A BMS that was switched on just now may want some seconds to find out. */
const STEADY_MS = 10_000;

/** True once all batteries have been fresh for ten seconds. */
function watchPicture(): (state: BankState) => boolean {
  let sinceMs: number | undefined;
  return ({ freshness, packs, evaluatedAtMs }) => {
    const isFull = freshness === 'fresh' && packs.every((pack) => pack.freshness === 'fresh');
    sinceMs = isFull ? (sinceMs ?? evaluatedAtMs) : undefined;
    return sinceMs !== undefined && evaluatedAtMs - sinceMs >= STEADY_MS;
  };
}

/** Keeps the ledger of what the bank says of itself, evaluation by evaluation. */
export function watchBank({
  hold,
  moment,
  known,
}: Pick<Ledger, 'hold' | 'moment' | 'known'>): (state: BankState) => void {
  const blocked = watchBlocked();
  const causes = watchCauses();
  const isFullPicture = watchPicture();
  return (state) => {
    hold('bank', [...bankConditions(state), ...blocked(state)], state.evaluatedAtMs);
    if (isFullPicture(state)) known(ALARMS, state.evaluatedAtMs);
    for (const cause of causes(state)) moment(cause, state.evaluatedAtMs);
  };
}
