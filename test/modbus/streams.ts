// Random traffic of one line, with the truth about it: what of it is for us, and what must become of that. It shares nothing with
// the framing under test but the standard: CRC and lengths are written down here once more.
import fc from 'fast-check';

export const OURS = [1, 2] as const;

/** CRC-16/MODBUS, bit by bit. */
export function crcOf(bytes: Uint8Array, length = bytes.length): number {
  let crc = 0xffff;
  for (let i = 0; i < length; i++) {
    crc ^= bytes[i] ?? 0;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

export function framed(unit: number, pdu: readonly number[]): Uint8Array {
  const frame = Uint8Array.from([unit, ...pdu, 0, 0]);
  const crc = crcOf(frame, frame.length - 2);
  frame.set([crc & 0xff, crc >> 8], frame.length - 2);
  return frame;
}

/** The same numbers for the same seed, on every machine. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

type Dice = ReturnType<typeof dice>;

const word = (n: number): number[] => [n >> 8, n & 255];
const words = (roll: Dice, count: number): number[] => Array.from({ length: 2 * count }, () => roll(256));
const pick = <T>(roll: Dice, of: readonly [T, ...T[]]): T => of[roll(of.length)] ?? of[0];

/** Some of them beyond the map or above the limit: a refusal is an answer too. */
const read = (roll: Dice): number[] => [3 + roll(2), ...word(0x100 + roll(0x20)), ...word(1 + roll(127))];
const ask = (roll: Dice): number[] =>
  pick(roll, [[17], [43, 14, 1, 0], [43, 14, 4, 1], [7], [1, 0, 0, 0, 8]]);
const writeOne = (roll: Dice): number[] => [6, ...word(0x180 + roll(8)), ...words(roll, 1)];
const writeMany = (roll: Dice, most = 8): number[] => {
  const count = 1 + roll(most);
  return [16, ...word(0x180), ...word(count), 2 * count, ...words(roll, count)];
};
const maskOne = (roll: Dice): number[] => [22, ...word(0x180 + roll(8)), ...words(roll, 2)];
const writeAndRead = (roll: Dice): number[] => {
  const count = 1 + roll(4);
  return [23, ...word(0x100), ...word(3), ...word(0x180), ...word(count), 2 * count, ...words(roll, count)];
};
const coil = (roll: Dice): number[] => [5, ...word(roll(8)), roll(2) ? 0xff : 0, 0];
const coils = (roll: Dice): number[] => [15, ...word(0), ...word(9), 2, ...words(roll, 1)];
const readAnswer = (roll: Dice): number[] => {
  const count = 1 + roll(20);
  return [3 + roll(2), 2 * count, ...words(roll, count)];
};

/** Every function that writes. */
export const write = (roll: Dice): number[] =>
  pick(roll, [writeOne, writeOne, writeMany, writeMany, coil, coils, maskOne, writeAndRead])(roll);
const understood = (roll: Dice): number[] => pick(roll, [read, read, read, ask, write, write])(roll);

/** Bytes that hurt most where they look like the beginning of something. */
const nasty = [0x00, 0xff, 1, 2, 3, 4, 6, 16, 23, 43, 0x83] as const;
export const noise = (roll: Dice): Uint8Array =>
  Uint8Array.from({ length: 1 + roll(24) }, () => (roll(2) ? roll(256) : pick(roll, nasty)));

/** One thing on the line. */
export interface Piece {
  readonly kind: 'ours' | 'broadcast' | 'foreign' | 'noise' | 'damaged' | 'silence';
  readonly bytes: Uint8Array;
}

const foreignUnit = (roll: Dice): number => 3 + roll(245);

export function flip(frame: Uint8Array, bit: number): void {
  frame[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7));
}

function damaged(roll: Dice): Uint8Array {
  const frame = framed(pick(roll, OURS), write(roll));
  const bits = 8 * frame.length;
  const first = roll(bits);
  flip(frame, first);
  if (roll(2)) flip(frame, (first + 1 + roll(bits - 1)) % bits);
  return frame;
}

const makers: Record<Piece['kind'], (roll: Dice) => Uint8Array> = {
  ours: (roll) => framed(pick(roll, OURS), understood(roll)),
  broadcast: (roll) => framed(0, pick(roll, [writeOne, writeMany])(roll)),
  foreign: (roll) => framed(foreignUnit(roll), pick(roll, [understood, readAnswer, () => [0x83, 2]])(roll)),
  noise,
  damaged,
  silence: () => new Uint8Array(),
};

const kinds = [
  'ours',
  'ours',
  'ours',
  'broadcast',
  'foreign',
  'foreign',
  'noise',
  'noise',
  'damaged',
  'silence',
  'silence',
] as const;

export interface Stream {
  readonly pieces: readonly Piece[];
  /** Sizes of the reads in which the bytes arrive, over and over. */
  readonly cuts: readonly number[];
}

export const streams: fc.Arbitrary<Stream> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(0xffffffff)), { minLength: 1, maxLength: 10 }),
    fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 4 }),
  )
  .map(([chosen, cuts]) => ({
    pieces: chosen.map(([kind, seed]) => ({ kind, bytes: makers[kind](dice(seed)) })),
    cuts,
  }));

/** What lies between two silences. */
export function bursts({ pieces }: Stream): Piece[][] {
  const all: Piece[][] = [[]];
  for (const piece of pieces)
    if (piece.kind === 'silence') all.push([]);
    else all.at(-1)?.push(piece);
  return all;
}

/** Every length that a frame with this beginning can have. */
function lengths(b: Uint8Array, at: number): number[] {
  const [fcode = 0, count = 0] = [b[at + 1], b[at + 2]];
  if (fcode >= 0x80) return [5];
  if (fcode <= 4) return [8, 5 + count];
  if (fcode === 15 || fcode === 16) return [8, 9 + (b[at + 6] ?? 0)];
  if (fcode === 23) return [13 + (b[at + 10] ?? 0), 5 + count];
  return [4, 5, 6, 7, 8, 10, 5 + count, 6 + 256 * count + (b[at + 3] ?? 0)];
}

/** Is there an intact frame that nobody put there? Noise makes one by chance, and may take a true one with it. */
export function holdsChance(burst: readonly Piece[]): boolean {
  const bytes = Uint8Array.from(burst.flatMap(({ bytes }) => [...bytes]));
  const starts = new Set<number>();
  let at = 0;
  for (const { kind, bytes: piece } of burst) {
    if (kind !== 'noise' && kind !== 'damaged') starts.add(at);
    at += piece.length;
  }
  for (let from = 0; from + 4 <= bytes.length; from++) {
    if (starts.has(from)) continue;
    for (const length of lengths(bytes, from)) {
      const frame = bytes.subarray(from, from + length);
      if (frame.length === length && length >= 4 && crcOf(frame) === 0) return true;
    }
  }
  return false;
}
