// The registers of an answer, each with the entry of the map that it holds.
import { readField } from '../bytes/field.ts';
import { addressText } from './describe.ts';
import type { WindowLayout } from './layout.ts';
import { meaningText } from './meaning-text.ts';
import type { RegistersRead } from './pdu-words.ts';
import { gapless, hexOf, type Piece, piece, within } from './pieces.ts';
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

/** Rows of the window, as far as the answer holds them. */
function windowPieces(window: WindowLayout, read: RegistersRead, reply: Uint8Array): Piece[] {
  const by = read.at + 2 * (window.from - read.first);
  return rowsOf(window, windowBytes(window, read, reply)).flatMap((row) =>
    within(
      { ...row, at: row.at + by, label: `${addressText(window.from + (row.at >> 1))} ${row.label}` },
      [read.at, read.at + 2 * read.quantity],
      reply,
    ),
  );
}

/** `voltage measured by the inverter`, or what it means where the map has no name for it. */
export const writableName = ({ name, means }: Pick<Writable, 'name' | 'means'>): string => name ?? means;

/** What may be written at this unit. */
export const writableAt = ({ writable }: SpokenModbus, unit: number): Writable[] =>
  writable.filter(({ units }) => units === undefined || units.includes(unit));

/** Where registers lie in bytes: those from `first` on, between two places. */
export interface Registers {
  readonly first: number;
  readonly from: number;
  readonly to: number;
}

/** What a master writes, or has written and reads back, as far as these registers hold it. */
export function writtenPieces(
  map: SpokenModbus,
  unit: number,
  { first, from, to }: Registers,
  bytes: Uint8Array,
): Piece[] {
  return writableAt(map, unit).flatMap((entry) => {
    const at = from + 2 * (entry.address - first);
    const label = `${addressText(entry.address)} ${writableName(entry)}`;
    const value = readField(bytes, { ...entry.field, at });
    const text = value === undefined ? '' : meaningText(entry.means, value);
    const row = { at, length: 2 * entry.length, label, text, paths: [entry.path] };
    return within(row, [from, Math.min(to, bytes.length)], bytes);
  });
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
  map: SpokenModbus,
  unit: number,
  read: RegistersRead,
  head: readonly Piece[],
  reply: Uint8Array,
): Piece[] {
  const seen = map.windows.filter(({ functions }) => functions.includes(read.code));
  const own = seen.flatMap((window) => windowPieces(window, read, reply));
  const registers = { first: read.first, from: read.at, to: read.at + 2 * read.quantity };
  const back = writtenPieces(map, unit, registers, reply).filter(
    (one) => !own.some((other) => meets(one, other)),
  );
  return gapless([...head, ...own, ...back], reply, freeIn(seen, read, reply));
}
