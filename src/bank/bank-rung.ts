import { type Freshness, isStale, rungs, worseRung } from '../model/freshness.ts';
import { type BankConfig, START_GRACE_MS } from './config.ts';
import type { BankMemory } from './memory.ts';
import type { PackMemory } from './pack-memory.ts';
import type { PackString } from './strings.ts';

// How fresh the bank is as a whole, by its strings and its policy (design section 8, the ladder).

/** *Never heard* ends with all packs fresh once, or after the grace with at least one complete string. */
export function hasBeenHeard(strings: readonly PackString[], sinceStartMs: number): boolean {
  const complete = strings.filter((s) => s.complete && !isStale(s.rung));
  return complete.length === strings.length || (complete.length > 0 && sinceStartMs >= START_GRACE_MS);
}

/** The better of two rungs; *never* is worse than any that was reached. */
const betterRung = (a: Freshness, b: Freshness): Freshness => {
  if (a === 'never') return b;
  return b === 'never' || rungs.indexOf(a) <= rungs.indexOf(b) ? a : b;
};

/** The rung of the freshest string; under `block` every configured pack is needed and the worst one counts. */
export function bankRung(
  strings: readonly PackString[],
  heard: boolean,
  packs: { readonly [id: string]: PackMemory },
  { loss }: BankConfig,
): Freshness {
  if (!heard || Object.values(packs).some((p) => p.wrong)) return 'never';
  const reached = strings.map((s) => (s.rung === 'never' ? 'lost' : s.rung));
  return loss === 'block' ? reached.reduce(worseRung, 'fresh') : reached.reduce(betterRung, 'lost');
}

/** The stamp of each string's oldest pack; one never heard counts from the start. */
const stampOf = (string: PackString, was: BankMemory): number =>
  Math.min(...string.packs.map((p) => p.sampleAtMs ?? was.startedAtMs));

/** The stamp the bank's age is measured from: that of its freshest complete string; under `block` of its oldest pack. */
export function bankStampMs(strings: readonly PackString[], was: BankMemory, { loss }: BankConfig): number {
  const best = strings.reduce<Freshness>((rung, s) => betterRung(rung, s.rung), 'never');
  const stamps = strings.filter((s) => loss === 'block' || s.rung === best).map((s) => stampOf(s, was));
  return loss === 'block' ? Math.min(...stamps) : Math.max(...stamps);
}
