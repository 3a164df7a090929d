import type { Reason } from '../model/bank-state.ts';
import { type AbsentString, absentAllowance, missingTooLong } from './absent.ts';
import type { BankConfig } from './config.ts';
import { cellsOf } from './cvl.ts';
import { cellEndV, type Direction, type PackLimit, packLimit } from './limits.ts';
import { type StringValues, sharesOf } from './strings.ts';

/** A limit of the bank and why, the deciding reason first. Never negative. */
export interface BankLimit {
  readonly value: number;
  readonly reasons: readonly Reason[];
}

/** A current limit, and what it would be without any derating, A. */
export interface CurrentLimit extends BankLimit {
  readonly baseA: number;
}

/** Every rule that narrows each pack by itself, by the pack's id. */
export type OwnLimits = ReadonlyMap<string, { readonly [D in Direction]: PackLimit }>;

/** Bank reference, section 4.1: B leaves a margin for unequal cables, C what YamBMS takes. */
const SHARE_MARGIN = 0.95;
const SUM_MARGIN = 0.9;

/** True unless a pack of the string reports its FET of that direction open. */
export const conducts = (string: StringValues, direction: Direction): boolean =>
  direction === 'charge' ? string.conductsCharge : string.conductsDischarge;

/** One string that carries current: every rule that narrows it, A, the narrowest first, and its base. */
interface Carrier {
  readonly capacityAh: number | undefined;
  readonly reasons: readonly Reason[];
  readonly baseA: number;
}

export const ownLimits = (strings: readonly StringValues[], config: BankConfig): OwnLimits =>
  new Map(
    strings.flatMap(({ packs, share }) =>
      packs.map((pack) => {
        const [charge, discharge] = [
          packLimit(pack, config, share, 'charge'),
          packLimit(pack, config, share, 'discharge'),
        ];
        return [pack.config.id, { charge, discharge }] as const;
      }),
    ),
  );

const carrierOf = (string: StringValues, limits: readonly PackLimit[]): Carrier => ({
  capacityAh: string.capacityAh,
  reasons: limits.flat(),
  // The last rule of a pack is what it may carry before any derating.
  baseA: Math.min(...limits.map((l) => l.at(-1)?.value ?? 0)),
});

/** What each carrier allows the whole bank under the rule, by its own reasons; and the bank's base. */
function combined(
  carriers: readonly Carrier[],
  { combine }: BankConfig,
): { reasons: Reason[]; baseA: number } {
  if (combine === 'sum') return summed(carriers);
  const n = carriers.length;
  const shares =
    combine === 'equal' ? carriers.map(() => 1 / n) : sharesOf(carriers.map((c) => c.capacityAh));
  const margin = combine === 'share' && n > 1 ? SHARE_MARGIN : 1;
  const forBank = (valueA: number, i: number) => (valueA / (shares[i] ?? 1)) * margin;
  return {
    reasons: carriers.flatMap(({ reasons }, i) => reasons.map((r) => ({ ...r, value: forBank(r.value, i) }))),
    baseA: Math.min(...carriers.map(({ baseA }, i) => forBank(baseA, i))),
  };
}

/** Rule C: the strings' own limits added up; each string's deciding reason is told with what it leaves of the sum. */
function summed(carriers: readonly Carrier[]): { reasons: Reason[]; baseA: number } {
  const margin = carriers.length > 1 ? SUM_MARGIN : 1;
  const limits = carriers.map(({ reasons }) => Math.min(...reasons.map((r) => r.value)));
  const value = limits.reduce((a, b) => a + b, 0) * margin;
  const deciding = carriers.flatMap(({ reasons }) => reasons.toSorted((a, b) => a.value - b.value)[0] ?? []);
  return {
    reasons: deciding.map((r) => ({ ...r, value })),
    baseA: carriers.reduce((sum, { baseA }) => sum + baseA, 0) * margin,
  };
}

/** Down to a tenth of an ampere; a quotient that is a whole count but for dust stays that count. */
export const downToTenth = (amperes: number): number => Math.floor(Number((amperes * 10).toFixed(6))) / 10;

const narrowestFirst = (reasons: readonly Reason[]): Reason[] =>
  reasons.toSorted((a, b) => a.value - b.value);

/** The strings that count and those that do not, for one limit. */
export interface Present {
  readonly strings: readonly StringValues[];
  readonly absent: readonly AbsentString[];
  readonly own: OwnLimits;
}

/** The rules of the strings that conduct, and of the missing ones by policy. Nobody conducting is a zero of its own. */
function rules({ strings, absent, own }: Present, config: BankConfig, direction: Direction) {
  const limitsOf = ({ packs }: StringValues): PackLimit[] =>
    packs.flatMap((p) => {
      const limit = own.get(p.config.id)?.[direction];
      return limit ? [limit] : [];
    });
  const conducting = strings.flatMap((s) => (conducts(s, direction) ? [carrierOf(s, limitsOf(s))] : []));
  if (!conducting.length) {
    const deciding = strings.flatMap(limitsOf).map(([first]) => first);
    return { reasons: deciding.filter((r) => r.value === 0), baseA: 0 };
  }
  const alone = combined(conducting, config);
  if (!absent.length || config.loss === 'exclude') return alone;
  const missing = absent.map((a) => {
    const reason = absentAllowance(a, config, direction);
    return { capacityAh: a.capacityAh, reasons: [reason], baseA: reason.value };
  });
  const together = combined([...conducting, ...missing], config);
  return { baseA: alone.baseA, reasons: [...together.reasons, ...alone.reasons] };
}

/** The bank's limit in one direction (bank reference, sections 4.1 and 6.2); the envelope is the last word. */
export function currentLimit(present: Present, config: BankConfig, direction: Direction): CurrentLimit {
  const { chargeCurrentA, dischargeCurrentA } = config.envelope;
  const envelopeA = direction === 'charge' ? chargeCurrentA : dischargeCurrentA;
  const { reasons, baseA } = rules(present, config, direction);
  const tooLong =
    direction === 'charge' && config.loss !== 'exclude' && missingTooLong(present.absent, config);
  const all = narrowestFirst([
    { rule: 'envelope', value: envelopeA },
    ...(tooLong ? [{ rule: 'pack missing for too long', value: 0 }] : []),
    ...reasons,
  ]);
  const value = baseA === 0 && !reasons.length ? 0 : Math.max(0, all[0]?.value ?? 0);
  return { value: downToTenth(value), reasons: all, baseA: Math.min(envelopeA, baseA) };
}

/** DVL: the highest that any string needs; constant, since many inverters take it once (section 4.3). */
export function dischargeVoltageLimit(strings: readonly StringValues[], config: BankConfig): BankLimit {
  const cells = Math.max(...strings.map(cellsOf));
  const reasons = [
    { rule: 'discharge end', value: cells * config.chemistry.emptyV },
    { rule: 'envelope', value: cells * cellEndV(config, 'discharge') },
  ].toSorted((a, b) => b.value - a.value);
  return { value: reasons[0]?.value ?? 0, reasons };
}
