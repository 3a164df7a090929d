// What stands in bytes from a wire, piece by piece: each byte belongs to exactly one.
import { toHex } from '../bytes/hex.ts';
import type { Path } from './document.ts';
import type { Row } from './rows.ts';

/** `field` has the profile's own word; every other kind is a part that protocols have in common, or a byte without a word. */
export type PieceKind =
  | 'field'
  /** Of a value that the bytes do not hold as a whole: no number can be read from it. */
  | 'part'
  /** No line of the profile says what stands there. */
  | 'unnamed'
  /** A byte that the profile leaves free, as it is sent then. */
  | 'unassigned'
  /** A byte by which a frame is told from others of its id. */
  | 'mark'
  | 'count'
  | 'address'
  | 'command'
  | 'checksum'
  | 'start'
  | 'end'
  | 'version'
  | 'device'
  | 'returnCode'
  | 'characters'
  | 'pointer'
  | 'header'
  | 'function'
  | 'first'
  | 'quantity'
  | 'writeFirst'
  | 'writeQuantity'
  | 'bytes'
  | 'andMask'
  | 'orMask'
  | 'coils'
  | 'exception'
  | 'identity';

export interface Piece extends Row {
  readonly kind: PieceKind;
  /** Of a counted row: which it is, from 1, and of how many. */
  readonly nth?: readonly [number, number];
  /** A checksum or a length that does not fit what it stands for. */
  readonly isWrong?: true;
}

/** What can be said of the whole, and the entries of the profile that say it. */
export interface Fact {
  readonly kind:
    | 'alive'
    | 'onlyAlive'
    | 'ignored'
    | 'asks'
    | 'leads'
    | 'written'
    | 'refused'
    /** Shorter than the profile's; the text is its length in bytes. */
    | 'tooShort'
    /** No line of the profile names it. */
    | 'unknown'
    /** Heard, but the profile sends this id itself. */
    | 'ours'
    | 'damaged'
    /** A checksum or a length does not fit. */
    | 'unsound'
    /** To another class of devices; the text is its code. */
    | 'otherDevice'
    /** To an address that nobody here has; the text is those that we have. */
    | 'otherAddress';
  readonly text: string;
  readonly paths: readonly Path[];
}

export interface Decoded {
  readonly title?: string;
  readonly facts: readonly Fact[];
  /** One behind the other, from the first byte to the last. */
  readonly pieces: readonly Piece[];
}

export const fact = (kind: Fact['kind'], text = '', paths: Fact['paths'] = []): Fact => ({
  kind,
  text,
  paths,
});

/** A piece without a word of its own. */
export const piece = (
  kind: PieceKind,
  [at, length]: readonly [at: number, length: number],
  text: string,
  paths: Piece['paths'] = [],
): Piece => ({ kind, at, length, label: '', text, paths });

export const asField = (row: Row): Piece => ({ ...row, kind: 'field' });

/** What lies between `from` and `to`, as a value where all of it does; nothing where none of it does. */
export function within(
  row: Row,
  [from, to]: readonly [from: number, to: number],
  bytes: Uint8Array,
): Piece[] {
  const at = Math.max(from, row.at);
  const length = Math.min(to, row.at + row.length) - at;
  if (length <= 0) return [];
  return length === row.length
    ? [asField(row)]
    : [{ ...row, kind: 'part', at, length, text: hexOf(bytes, at, length) }];
}

export const moved = (pieces: readonly Piece[], by: number): Piece[] =>
  pieces.map((one) => ({ ...one, at: one.at + by }));

export const hexOf = (bytes: Uint8Array, at: number, length: number): string =>
  toHex(bytes.subarray(at, at + length)).toUpperCase();

const endOf = ({ at, length }: Piece): number => at + length;

const eachOnce = <T>(all: readonly T[], keyOf: (one: T) => string): T[] => [
  ...new Map(all.map((one) => [keyOf(one), one])).values(),
];

/** Two that share a byte, as one: words of the profile come before what has none. */
function together(a: Piece, b: Piece): Piece {
  const fields = [a, b].filter(({ kind }) => kind === 'field');
  const said = eachOnce(fields.length ? fields : [a], ({ label, text }) => `${label} ${text}`);
  return {
    kind: fields.length ? 'field' : a.kind,
    at: a.at,
    length: Math.max(endOf(a), endOf(b)) - a.at,
    label: said.map(({ label }) => label).join(', '),
    text: said.map(({ text }) => text).join(', '),
    paths: eachOnce([...a.paths, ...b.paths], (path) => path.join('.')),
  };
}

/** The pieces that these bytes hold, in order; what lies between them and behind them is `rest`. */
export function gapless(
  pieces: readonly Piece[],
  bytes: Uint8Array,
  rest: (at: number, length: number) => Piece = (at, length) =>
    piece('unnamed', [at, length], hexOf(bytes, at, length)),
): Piece[] {
  const there = pieces.filter((one) => one.at >= 0 && one.length > 0 && endOf(one) <= bytes.length);
  const whole: Piece[] = [];
  let end = 0;
  const fillTo = (at: number) => {
    if (at > end) whole.push(rest(end, at - end));
  };
  for (const one of there.toSorted((a, b) => a.at - b.at)) {
    const before = whole.at(-1);
    if (before && one.at < end) whole[whole.length - 1] = together(before, one);
    else {
      fillTo(one.at);
      whole.push(one);
    }
    end = Math.max(end, endOf(one));
  }
  fillTo(bytes.length);
  return whole;
}
