// The registers of an answer, each with the entry of the map that it holds.
import { readField } from '../bytes/field.ts';
import { addressText } from './describe.ts';
import type { WindowLayout } from './layout.ts';
import { meaningText } from './meaning-text.ts';
import type { RegistersRead } from './pdu-words.ts';
import { asField, gapless, hexOf, type Piece, piece } from './pieces.ts';
import { rowsOf } from './rows.ts';
import type { SpokenModbus, Writable } from './spoken.ts';

/** The window as far as the answer holds it, 0 elsewhere. */
function windowBytes(
  { from, length }: WindowLayout,
  { first, at, quantity }: RegistersRead,
  reply: Uint8Array,
) {
  const bytes = new Uint8Array(length);
  const offset = 2 * (first - from);
  const told = reply.subarray(at + Math.max(0, -offset), at + 2 * quantity);
  if (offset < length) bytes.set(told.subarray(0, length - Math.max(0, offset)), Math.max(0, offset));
  return bytes;
}

/** Rows that the answer holds as a whole. */
function windowPieces(window: WindowLayout, read: RegistersRead, reply: Uint8Array): Piece[] {
  const by = read.at + 2 * (window.from - read.first);
  return rowsOf(window, windowBytes(window, read, reply))
    .filter(({ at, length }) => at + by >= read.at && at + length + by <= read.at + 2 * read.quantity)
    .map((row) =>
      asField({ ...row, at: row.at + by, label: `${addressText(window.from + (row.at >> 1))} ${row.label}` }),
    );
}

/** What a master has written and reads back. */
function writtenBack(entry: Writable, { first, at, quantity }: RegistersRead, reply: Uint8Array): Piece[] {
  const place = at + 2 * (entry.address - first);
  const end = place + 2 * entry.length;
  const value =
    place < at || end > at + 2 * quantity ? undefined : readField(reply, { ...entry.field, at: place });
  if (value === undefined) return [];
  const label = `${addressText(entry.address)} ${entry.name ?? entry.means}`;
  return [
    asField({
      at: place,
      length: end - place,
      label,
      text: meaningText(entry.means, value),
      paths: [entry.path],
    }),
  ];
}

const meets = (a: Piece, b: Piece): boolean => a.at < b.at + b.length && b.at < a.at + a.length;

/** A register that the map leaves free and reads 0. */
function freeIn(windows: readonly WindowLayout[], read: RegistersRead, reply: Uint8Array) {
  return (at: number, length: number): Piece => {
    const [from, to] = [at, at + length - 1].map((byte) => read.first + ((byte - read.at) >> 1));
    const own = windows.find((w) => w.holes === 'zero' && w.from <= (from ?? 0) && w.to >= (to ?? 0));
    const isThere = at + length <= read.at + 2 * read.quantity;
    const isFree =
      own !== undefined && isThere && reply.subarray(at, at + length).every((byte) => byte === 0);
    return piece(
      isFree ? 'unassigned' : 'unnamed',
      [at, length],
      hexOf(reply, at, length),
      isFree ? [own.path] : [],
    );
  };
}

/** All bytes of an answer that holds registers, behind what it begins with. */
export function toldPieces(
  { windows, writable }: SpokenModbus,
  unit: number,
  read: RegistersRead,
  head: readonly Piece[],
  reply: Uint8Array,
): Piece[] {
  const seen = windows.filter(({ functions }) => functions.includes(read.code));
  const own = seen.flatMap((window) => windowPieces(window, read, reply));
  const back = writable
    .filter(({ units }) => units === undefined || units.includes(unit))
    .flatMap((entry) => writtenBack(entry, read, reply))
    .filter((one) => !own.some((other) => meets(one, other)));
  return gapless([...head, ...own, ...back], reply, freeIn(seen, read, reply));
}
