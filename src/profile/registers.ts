import { shapes } from '../bytes/field.ts';
import type { SignalValues } from '../model/signals.ts';
import { allOrMissing, compileLayout, type Incomplete } from './encode.ts';
import { type NumberSlot, type Slot, sizeOf, type WindowLayout } from './layout.ts';
import { numberWriter } from './number.ts';
import { type WriteStore, type WriteTable, writtenWord } from './write-table.ts';

/** The registers of one window as they stand at one evaluation. */
export interface RegisterWindow {
  readonly from: number;
  /** The reading function codes that see it. */
  readonly functions: readonly number[];
  readonly words: Uint16Array;
  /** 1 where a register may be read, by offset from `from`. */
  readonly exists: Uint8Array;
}

/** A register that carries the data's age: written when it is read, never before (design, section 8). */
interface AgeField {
  readonly address: number;
  readonly words: (ageS: number | undefined) => Uint16Array;
}

export interface RegisterImage {
  readonly windows: readonly RegisterWindow[];
  readonly ageFields: readonly AgeField[];
}

/** Big-endian bytes as register words. */
const wordsOf = (bytes: Uint8Array): Uint16Array =>
  Uint16Array.from(
    { length: bytes.length >> 1 },
    (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0),
  );

const isAge = (slot: Slot): slot is NumberSlot => slot.kind === 'number' && slot.from === 'data_age_s';

function ageField(slot: NumberSlot, from: number): AgeField {
  const length = shapes[slot.as].bytes;
  const write = numberWriter({ ...slot, at: slot.at % 2, unknown: slot.unknown ?? 'invalid' });
  return {
    address: from + (slot.at >> 1),
    words: (ageS) => {
      const bytes = new Uint8Array(length);
      write(bytes, ageS === undefined ? {} : { dataAgeS: ageS });
      return wordsOf(bytes);
    },
  };
}

/** Which registers of a window carry something, by offset. */
export function covered(layout: WindowLayout, table: WriteTable): Uint8Array {
  const taken = new Uint8Array(layout.to - layout.from + 1);
  for (const slot of layout.slots) taken.fill(1, slot.at >> 1, (slot.at + sizeOf(slot) + 1) >> 1);
  for (const address of table.addresses) if (address >= layout.from) taken[address - layout.from] = 1;
  return taken;
}

function compileWindow(
  layout: WindowLayout,
  table: WriteTable,
): (values: SignalValues) => RegisterWindow | Incomplete {
  const encode = compileLayout({ ...layout, slots: layout.slots.filter((slot) => !isAge(slot)) });
  const exists = layout.holes === 'zero' ? new Uint8Array(layout.length / 2).fill(1) : covered(layout, table);
  return (values) => {
    const bytes = encode(values);
    return bytes instanceof Uint8Array
      ? { from: layout.from, functions: layout.functions, words: wordsOf(bytes), exists }
      : bytes;
  };
}

/** Turns the windows of a map into one function from values to registers. */
export function compileImage(
  layouts: readonly WindowLayout[],
  table: WriteTable,
): (values: SignalValues) => RegisterImage | Incomplete {
  const windows = layouts.map((layout) => compileWindow(layout, table));
  const ageFields = layouts.flatMap((l) => l.slots.filter(isAge).map((slot) => ageField(slot, l.from)));
  return (values) => {
    const made = allOrMissing(windows.map((window) => window(values)));
    return 'missing' in made ? made : { windows: made, ageFields };
  };
}

/**
 * The registers of a read: from the image, with the age of this moment and what the master has written.
 * Undefined when any register of the range does not exist (exception 02). A range never joins two windows that do not touch.
 */
export function readRegisters(
  image: RegisterImage,
  address: number,
  quantity: number,
  dataAgeS: number | undefined,
  written?: {
    readonly table: WriteTable;
    readonly store: WriteStore;
    readonly fc?: number;
    readonly unit?: number;
  },
): Uint16Array | undefined {
  const words = new Uint16Array(quantity);
  for (let i = 0; i < quantity; i++) {
    const word = wordAt(image, address + i, written?.fc);
    if (word === undefined) return undefined;
    words[i] = (written && writtenWord(written.table, written.store, address + i, written.unit)) ?? word;
  }
  for (const field of image.ageFields) {
    if (field.address + 4 <= address || field.address >= address + quantity) continue;
    for (const [i, word] of field.words(dataAgeS).entries()) {
      const at = field.address + i - address;
      if (at >= 0 && at < quantity) words[at] = word;
    }
  }
  return words;
}

function wordAt(image: RegisterImage, address: number, fc: number | undefined): number | undefined {
  for (const { from, functions, words, exists } of image.windows)
    if (address >= from && exists[address - from] && (fc === undefined || functions.includes(fc)))
      return words[address - from];
  return undefined;
}
