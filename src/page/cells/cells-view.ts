// The cells of each battery as they are shown: which is highest and lowest, the mean, who balances.
import type { Live, LivePack } from '../../model/api/live.ts';
import { endsOf, meanOf, numbersOf } from '../live/values.ts';

export type CellMark = 'lowest' | 'highest';

export interface Cell {
  /** From 1. */
  readonly no: number;
  readonly voltageV: number | undefined;
  readonly mark: CellMark | undefined;
  readonly isBalancing: boolean;
}

export interface PackCells {
  readonly id: string;
  readonly atMs: number | undefined;
  readonly fault: string | undefined;
  readonly cells: readonly Cell[];
  readonly lowV: number | undefined;
  readonly highV: number | undefined;
  readonly meanV: number | undefined;
}

/** The first of the lowest and of the highest; equal cells have neither. */
function marksOf(voltages: readonly (number | undefined)[], [lowV, highV]: readonly number[]) {
  const isLevel = lowV === highV;
  const [lowest, highest] = isLevel ? [-1, -1] : [voltages.indexOf(lowV), voltages.indexOf(highV)];
  return (i: number): CellMark | undefined =>
    i === lowest ? 'lowest' : i === highest ? 'highest' : undefined;
}

export function packCells(id: string, { reading, sample_at_ms, fault }: LivePack): PackCells {
  const voltages = numbersOf(reading, 'cell_voltages_V');
  const balancing = numbersOf(reading, 'balancing_cells');
  const [lowV, highV] = endsOf(voltages) ?? [];
  const markAt = marksOf(voltages, endsOf(voltages) ?? []);
  return {
    id,
    atMs: sample_at_ms,
    fault,
    cells: voltages.map((voltageV, i) => ({
      no: i + 1,
      voltageV,
      mark: markAt(i),
      isBalancing: balancing.includes(i + 1),
    })),
    lowV,
    highV,
    meanV: meanOf(voltages),
  };
}

/** In the order of the gateway file; a battery that has told no cell yet is not among them. */
export const allCells = ({ packs }: Pick<Live, 'packs'>): readonly PackCells[] =>
  Object.entries(packs)
    .map(([id, pack]) => packCells(id, pack))
    .filter(({ cells }) => cells.length > 0);

export interface Window {
  readonly minV: number;
  readonly maxV: number;
}

const ROOM_V = 0.02;
const WHOLE_ROOM_V = 0.1;

/** 20 mV below the lowest to 20 mV above the highest; or the whole range with its protection lines. */
export function windowOf(
  { lowV, highV }: PackCells,
  scale: 'near' | 'whole',
  [underV, overV]: readonly [number, number],
): Window {
  if (scale === 'near' && lowV !== undefined && highV !== undefined)
    return { minV: lowV - ROOM_V, maxV: highV + ROOM_V };
  return {
    minV: Math.min(underV, lowV ?? underV) - WHOLE_ROOM_V,
    maxV: Math.max(overV, highV ?? overV) + WHOLE_ROOM_V,
  };
}

/** Percent of the window's height. */
export const heightIn = ({ minV, maxV }: Window, voltageV: number): number =>
  Math.min(100, Math.max(0, (100 * (voltageV - minV)) / (maxV - minV)));

/** From here on bars are too thin, and a map of colours is shown first. */
export const MOST_BARS = 32;

const LEAST_REACH_V = 0.01;
/** Steps of colour to each side of the mean. */
export const HEATS = 5;

/** How far the farthest cell is from the mean of all; colours reach so far, 10 mV at least. */
export function reachOf(packs: readonly PackCells[]): { readonly meanV: number; readonly reachV: number } {
  const all = packs.flatMap(({ cells }) => cells.map((c) => c.voltageV));
  const meanV = meanOf(all) ?? 0;
  const [low, high] = endsOf(all) ?? [meanV, meanV];
  return { meanV, reachV: Math.max(LEAST_REACH_V, meanV - low, high - meanV) };
}

/** -5 is the lowest, 5 the highest. */
export const heatOf = (voltageV: number, meanV: number, reachV: number): number =>
  Math.round((HEATS * Math.max(-reachV, Math.min(reachV, voltageV - meanV))) / reachV) + 0;
