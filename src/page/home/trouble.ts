// Which battery needs a look first.
import type { LivePack } from '../../model/api/live.ts';
import type { Freshness } from '../../model/freshness.ts';
import { endsOf, numbersOf, wordsOf } from '../live/values.ts';

/** In V; undefined with fewer than two cells. */
export function spreadOf({ reading }: LivePack): number | undefined {
  const cells = numbersOf(reading, 'cell_voltages_V');
  const ends = endsOf(cells);
  return ends && cells.length > 1 ? ends[1] - ends[0] : undefined;
}

const rankOfRung: { readonly [F in Freshness]: number } = { lost: 1, never: 2, stale: 3, late: 4, fresh: 7 };

/** The smaller, the worse: a fault, then lost, never heard, stale, late; then alarms, warnings, and none. */
export function rankOf(pack: LivePack): number {
  if (pack.fault !== undefined) return 0;
  const rung = rankOfRung[pack.freshness];
  const own = wordsOf(pack.reading, 'alarms').length ? 5 : wordsOf(pack.reading, 'warnings').length ? 6 : 7;
  return Math.min(rung, own);
}

/** Spreads that differ by less are alike: rows that change places every second cannot be read. */
const STEP_V = 0.02;

const spreadStep = (pack: LivePack): number => Math.round((spreadOf(pack) ?? 0) / STEP_V);

/** By trouble, then by the spread of the cells, then by id. */
export const byTrouble = (
  packs: Readonly<Record<string, LivePack>>,
): readonly (readonly [id: string, LivePack])[] =>
  Object.entries(packs).toSorted(
    ([idA, a], [idB, b]) =>
      rankOf(a) - rankOf(b) ||
      spreadStep(b) - spreadStep(a) ||
      idA.localeCompare(idB, undefined, { numeric: true }),
  );

/** It is not there for the bank: what the bank does about it is to be told. */
export const isMissing = ({ freshness, fault }: LivePack): boolean =>
  fault !== undefined || freshness === 'stale' || freshness === 'lost' || freshness === 'never';

const policies = {
  reduce: 'lossReduce',
  hold: 'lossHold',
  exclude: 'lossExclude',
  block: 'lossBlock',
} as const;

/** What the bank does while it is missing; with a single string there is nothing left to go on with. */
export function lossWord(policy: string, strings: number): (typeof policies)[keyof typeof policies] {
  const known = Object.entries(policies).find(([name]) => name === policy);
  return strings > 1 ? (known?.[1] ?? 'lossBlock') : 'lossBlock';
}
