import type { BankState, LimitName, Reason } from '../model/bank-state.ts';
import type { Change } from './changes.ts';

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

function line(limit: LimitName, { rule, pack, cell, measured, value }: Reason): Change {
  const fields = { limit, value: Math.round(value * 100) / 100, cause: rule, battery: pack, cell, measured };
  return { level: 'notice', text: 'limit has another cause', fields };
}

/** Tells, evaluation by evaluation, which limits have got another cause that lasts. */
export function watchCauses(): (state: BankState) => Change[] {
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
      return news ? [line(limit, first)] : [];
    });
}
