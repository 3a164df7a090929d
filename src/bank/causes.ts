import type { LimitName, Reason } from '../model/bank-state.ts';

type Reasons = { readonly [L in LimitName]: readonly Reason[] };

/** The first of each list decides; the rest is kept to what a person reads. */
const MOST_REASONS = 8;
const limits: readonly LimitName[] = [
  'chargeVoltage',
  'dischargeVoltage',
  'chargeCurrent',
  'dischargeCurrent',
];

const keyOf = (limit: LimitName, { rule, pack }: Reason): string => `${limit} ${rule} ${pack ?? ''}`;

/** One reason a rule and pack, the narrowest of them. */
function distinct(reasons: readonly Reason[], limit: LimitName): Reason[] {
  const narrowest = new Map<string, Reason>();
  for (const reason of reasons) {
    if (narrowest.size === MOST_REASONS) break;
    const key = keyOf(limit, reason);
    if (!narrowest.has(key)) narrowest.set(key, reason);
  }
  return [...narrowest.values()];
}

/** Each reason with the moment since when it has been there without a break; and those moments, for the next evaluation. */
export function datedReasons(
  reasons: Reasons,
  was: { readonly [cause: string]: number },
  nowMs: number,
): { readonly reasons: Reasons; readonly causes: { readonly [cause: string]: number } } {
  const causes: Record<string, number> = {};
  const dated = (limit: LimitName): Reason[] =>
    distinct(reasons[limit], limit).map((reason) => {
      const key = keyOf(limit, reason);
      const sinceMs = was[key] ?? nowMs;
      causes[key] = sinceMs;
      return { ...reason, sinceMs };
    });
  const [chargeVoltage, dischargeVoltage, chargeCurrent, dischargeCurrent] = limits.map(dated);
  return {
    reasons: {
      chargeVoltage: chargeVoltage ?? [],
      dischargeVoltage: dischargeVoltage ?? [],
      chargeCurrent: chargeCurrent ?? [],
      dischargeCurrent: dischargeCurrent ?? [],
    },
    causes,
  };
}
