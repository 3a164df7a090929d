// Why a current limit is what it is, as one of a closed list: Home Assistant takes no other.
import type { Reason } from '../model/bank-state.ts';

const common = [
  'pack limit',
  'BMS over-current threshold',
  'a guess',
  'envelope',
  'temperature',
  'MOSFET temperature',
  'SoC',
  'protection',
  'missing pack was near its end',
  'missing pack of unknown capacity',
  'missing pack: hold',
  'missing pack: reduce',
  'pack missing for too long',
  'came back at another voltage',
  'a FET is being switched',
  'late: no rise',
  'rising',
  'bank data stale',
  'another',
] as const;

export const chargeReasons = [
  ...common,
  'highest cell',
  'cell at its upper end',
  'cell without a believable voltage',
  'charge FET open',
  'charge ended',
] as const;

export const dischargeReasons = [
  ...common,
  'lowest cell',
  'cell at its lower end',
  'discharge FET open',
] as const;

/** The rule that decides; which protection it is stands in `problem_text`. */
export function reasonOf(reasons: readonly Reason[], options: readonly string[]): string | undefined {
  const rule = reasons[0]?.rule;
  if (rule === undefined) return undefined;
  if (rule.startsWith('protection ')) return 'protection';
  return options.includes(rule) ? rule : 'another';
}
