// The spread of the cells told apart by what the bank does: only at rest and at the end of charge it tells of imbalance.

export type Spell = 'rest' | 'end' | 'load';
export const spells: readonly Spell[] = ['rest', 'end', 'load'];

export interface Moment {
  /** Positive while charging. */
  readonly currentA: number | undefined;
  readonly voltageV: number | undefined;
  readonly chargeLimitV: number | undefined;
  readonly capacityAh: number | undefined;
}

/** Shares of the capacity, per hour. */
const REST_C = 0.02;
const LOAD_C = 0.1;
/** So near to its limit a charge ends. */
const END_SHARE = 0.99;

/** Undefined: between them, or not known. */
export function spellOf({ currentA, voltageV, chargeLimitV, capacityAh }: Moment): Spell | undefined {
  if (currentA === undefined || !capacityAh) return undefined;
  const rate = currentA / capacityAh;
  if (voltageV !== undefined && chargeLimitV && rate > -REST_C && voltageV >= chargeLimitV * END_SHARE)
    return 'end';
  if (Math.abs(rate) <= REST_C) return 'rest';
  return Math.abs(rate) >= LOAD_C ? 'load' : undefined;
}

export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const [below, above] = [sorted[half - 1], sorted[half]];
  if (above === undefined) return undefined;
  return sorted.length % 2 === 1 || below === undefined ? above : (below + above) / 2;
}

/** The median spread of each, V. */
export const figuresOf = (
  seen: readonly { readonly deltaV: number; readonly spell: Spell | undefined }[],
): Readonly<Record<Spell, number | undefined>> => {
  const of = (spell: Spell) => median(seen.filter((s) => s.spell === spell).map((s) => s.deltaV));
  return { rest: of('rest'), end: of('end'), load: of('load') };
};
