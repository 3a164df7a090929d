// What a bad radio makes of the frames of a JBD unit.
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { type Id, told } from './room.ts';

const glued = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const half = (frame: Uint8Array) => frame.subarray(0, frame.length >> 1);

/** One bit of every byte in turn: no sum of the frame survives it. */
const corrupt = (frame: Uint8Array, turn: number) =>
  frame.with(turn % frame.length, (frame[turn % frame.length] ?? 0) ^ (1 << (turn % 8)));

/** What a frame becomes, turn by turn. All but the last two kinds lose the answer. */
export const messes: readonly ((frame: Uint8Array, turn: number) => Uint8Array)[] = [
  corrupt,
  half,
  (frame) => frame.subarray(1),
  (frame, turn) => glued(corrupt(frame, turn), corrupt(frame, turn + 5)),
  (frame) => glued(half(frame), frame),
  (frame) => glued(frame, frame),
];

/** What nobody asked for: half a frame, noise, and a refusal of a register that is not read. */
export const unasked = (id: Id, turn: number): Uint8Array =>
  [
    half(
      jbdAnswer(
        { ...told[id], socPct: 5, currentA: 99 },
        Uint8Array.of(0xdd, 0xa5, 3, 0, 0xff, 0xfd, 0x77),
      ) ?? new Uint8Array(),
    ),
    Uint8Array.from({ length: 19 }, (_, i) => (turn * 37 + i * 101) & 0xff),
    Uint8Array.of(0xdd, 0x0a, 0x80, 0, 0xff, 0x80, 0x77),
  ][turn % 3] ?? new Uint8Array();
