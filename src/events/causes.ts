import type { BankState, LimitName, Reason } from '../model/bank-state.ts';
import { reasonText } from '../model/reason-text.ts';
import type { Moment } from './ledger.ts';

const limits: readonly LimitName[] = [
  'chargeCurrent',
  'dischargeCurrent',
  'chargeVoltage',
  'dischargeVoltage',
];

/** A cause must last this long before it is worth a line: two packs at a knee take turns every second. */
const STEADY_MS = 5000;

interface Watched {
  readonly told?: string;
  readonly cause: string;
  readonly sinceMs: number;
}

/** Which rule and which pack decide, and whether the limit is zero; cells and values move all the time. */
const causeOf = ({ rule, pack, value }: Reason): string => `${rule} ${pack ?? ''} ${value <= 0}`;

const limitWords: { readonly [L in LimitName]: readonly [words: string, unit: string] } = {
  chargeCurrent: ['charge current limit', 'A'],
  dischargeCurrent: ['discharge current limit', 'A'],
  chargeVoltage: ['charge voltage limit', 'V'],
  dischargeVoltage: ['discharge voltage limit', 'V'],
};

function moment(limit: LimitName, reason: Reason): Moment {
  const { rule, pack, cell, measured } = reason;
  const value = Math.round(reason.value * 100) / 100;
  const [words, unit] = limitWords[limit];
  return {
    kind: 'limit_cause',
    line: 'limit has another cause',
    text: `${words} ${value} ${unit}: ${reasonText(reason)}`,
    details: { limit, value, cause: rule, battery: pack, cell, measured },
  };
}

/** Tells, evaluation by evaluation, which limits have got another cause that lasts. */
export function watchCauses(): (state: BankState) => Moment[] {
  const watched = new Map<LimitName, Watched>();
  return ({ reasons, evaluatedAtMs }) =>
    limits.flatMap((limit) => {
      const [first] = reasons[limit];
      if (!first) return [];
      const cause = causeOf(first);
      const was = watched.get(limit);
      const now = was?.cause === cause ? was : { ...was, cause, sinceMs: evaluatedAtMs };
      const lasts = now.told === undefined || evaluatedAtMs - now.sinceMs >= STEADY_MS;
      const news = now.told !== cause && lasts;
      watched.set(limit, news ? { ...now, told: cause } : now);
      return news ? [moment(limit, first)] : [];
    });
}
