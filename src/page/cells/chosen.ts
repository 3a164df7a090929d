// Which cell is read: chosen by a tap or by the keys.
import { signal } from '@preact/signals';
import type { PackCells } from './cells-view.ts';

export interface Chosen {
  readonly pack: string;
  readonly cell: number;
}

export const chosen = signal<Chosen | undefined>(undefined);

/** The place of the chosen one in a list of all cells, battery after battery; the first where none is. */
export function placeOf(packs: readonly PackCells[], { pack, cell }: Chosen): number {
  let before = 0;
  for (const { id, cells } of packs) {
    if (id === pack) return before + cell - 1;
    before += cells.length;
  }
  return 0;
}

/** The cell at a place of that list, held at its ends. */
export function cellAt(packs: readonly PackCells[], place: number): Chosen | undefined {
  const all = packs.flatMap(({ id, cells }) => cells.map(({ no }) => ({ pack: id, cell: no })));
  return all[Math.max(0, Math.min(all.length - 1, place))];
}

/** How far each key goes, in cells; `row` is the length of a row. */
export const strideOf = (key: string, row: number): number | undefined =>
  ({
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -row,
    ArrowDown: row,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  })[key];
