import type { Learned } from './driver.ts';

/** Cells and sensors come in several numbered frames (BLE reference 3.3): what was gathered of a row waits in `learned`. */

/** The row that is being gathered, and of which command. */
export const noRow = { row: [], rowOf: 0 } as const satisfies Learned;

const numbersIn = (value: Learned[string] | undefined): number[] =>
  typeof value === 'object' ? value.filter((n) => n !== undefined) : [];

export interface Gathering {
  readonly command: number;
  readonly perFrame: number;
  /** How long the row will be; what the last frame holds beyond it is left over from another answer. */
  readonly count: number;
}

export type Gathered =
  | { readonly row: readonly number[]; readonly isWhole: boolean }
  /** This frame cannot follow. */
  | { readonly why: string }
  /** Boards send more frames than they have cells or sensors. */
  | 'spare';

/**
 * The row with one more frame. Frame 1 begins it anew; a frame that is missing or comes twice breaks it, so that no value ever
 * stands in another's place.
 */
export function gathered(
  g: Gathering,
  number: number,
  values: readonly number[],
  learned: Learned,
): Gathered {
  const { command, perFrame, count } = g;
  if (number > Math.max(1, Math.ceil(count / perFrame))) return 'spare';
  const before = number === 1 || learned.rowOf !== command ? [] : numbersIn(learned.row);
  if (before.length !== (number - 1) * perFrame) {
    const due = Math.floor(before.length / perFrame) + 1;
    return { why: `frame ${number} of 0x${command.toString(16)} came while frame ${due} was due` };
  }
  const row = [...before, ...values].slice(0, count);
  return { row, isWhole: row.length === count };
}

/** No cell of an idle or loaded battery moves so far from one round to the next. */
const JUMP_MV = 300;

const isNear = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((mv, i) => Math.abs(mv - (b[i] ?? 0)) <= JUMP_MV);

export interface Believed {
  readonly isBelieved: boolean;
  readonly learned: Learned;
}

/** Now and then a cell frame is corrupt though its sum is right: a jump is believed when the next row shows it again (BLE reference 3.3). */
export function believed(row: readonly number[], learned: Learned): Believed {
  const [last, doubted] = [numbersIn(learned.lastRow), numbersIn(learned.doubtedRow)];
  const isBelieved = last.length !== row.length || isNear(row, last) || isNear(row, doubted);
  return {
    isBelieved,
    learned: { ...noRow, ...(isBelieved ? { lastRow: row, doubtedRow: [] } : { doubtedRow: row }) },
  };
}
