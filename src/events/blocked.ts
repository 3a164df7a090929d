import type { BankState, LimitName } from '../model/bank-state.ts';
import { reasonText } from '../model/reason-text.ts';
import type { SignalKey } from '../model/signals.ts';
import type { Condition } from './ledger.ts';

/** A limit that is zero for shorter is no news. */
const STEADY_MS = 5000;

interface Direction {
  readonly kind: 'charge_blocked' | 'discharge_blocked';
  readonly limit: LimitName;
  readonly signal: SignalKey;
  readonly words: string;
}

const directions: readonly Direction[] = [
  {
    kind: 'charge_blocked',
    limit: 'chargeCurrent',
    signal: 'chargeCurrentLimitA',
    words: 'charging blocked',
  },
  {
    kind: 'discharge_blocked',
    limit: 'dischargeCurrent',
    signal: 'dischargeCurrentLimitA',
    words: 'discharging blocked',
  },
];

function condition({ reasons }: BankState, { kind, limit, words }: Direction): Condition {
  const [first] = reasons[limit];
  return {
    kind,
    text: first ? `${words}: ${reasonText(first)}` : words,
    details: { cause: first?.rule, battery: first?.pack },
  };
}

/**
 * Tells, evaluation by evaluation, which direction has been blocked for five seconds. Only a bank whose data count says so:
 * one that is late changes nothing, one that is stale or lost has its own event.
 */
export function watchBlocked(): (state: BankState) => Condition[] {
  const sinceMs = new Map<Direction, number>();
  return (state) => {
    const { freshness, signals, evaluatedAtMs } = state;
    for (const direction of directions) {
      const isZero = signals[direction.signal] === 0;
      if (freshness === 'stale' || freshness === 'lost' || freshness === 'never' || !isZero)
        sinceMs.delete(direction);
      else if (freshness === 'fresh' && !sinceMs.has(direction)) sinceMs.set(direction, evaluatedAtMs);
    }
    return directions
      .filter((direction) => evaluatedAtMs - (sinceMs.get(direction) ?? evaluatedAtMs) >= STEADY_MS)
      .map((direction) => condition(state, direction));
  };
}
