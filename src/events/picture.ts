// What is known, after a start, of the alarms and faults of batteries from before it.
import type { BankState, PackState } from '../model/bank-state.ts';
import type { BankEvent } from '../model/events.ts';
import { wordsOf } from './before.ts';
import type { Ledger } from './ledger.ts';

/** A BMS that was switched on just now may want some seconds to find out. */
const STEADY_MS = 10_000;

/** The batteries that the text names, else it may be of any. */
function namedIn({ text }: BankEvent, packs: readonly PackState[]): readonly PackState[] {
  const words = wordsOf(text);
  const named = packs.filter(({ id }) => words.includes(id));
  return named.length > 0 ? named : packs;
}

const isHeard = ({ sampleAtMs }: PackState): boolean => sampleAtMs !== undefined;

/**
 * An alarm is over once its batteries have been fresh for ten seconds without it. Of a battery that has not been heard yet nobody
 * knows, however long that takes; after that nothing is known of a fault that wants some time to be found.
 */
export function watchPicture(): (state: BankState) => Parameters<Ledger['review']>[0] {
  const freshSinceMs = new Map<string, number>();
  return ({ freshness, packs, evaluatedAtMs: nowMs }) => {
    for (const { id, freshness: own } of packs)
      if (freshness !== 'fresh' || own !== 'fresh') freshSinceMs.delete(id);
      else if (!freshSinceMs.has(id)) freshSinceMs.set(id, nowMs);
    const isSteady = ({ id }: PackState): boolean => nowMs - (freshSinceMs.get(id) ?? nowMs) >= STEADY_MS;
    return (event) => {
      const { kind, subject } = event;
      if (kind === 'battery_fault') {
        const pack = packs.find(({ id }) => id === subject);
        return pack && !isHeard(pack) && pack.fault === undefined ? 'unknown' : undefined;
      }
      if (kind !== 'protection' && kind !== 'warning') return undefined;
      const named = namedIn(event, packs);
      if (freshness === 'never' || !named.every(isHeard)) return 'unknown';
      return named.every(isSteady) ? 'over' : undefined;
    };
  };
}
