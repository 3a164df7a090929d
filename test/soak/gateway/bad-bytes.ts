// What a bad cable and other devices put on a line beside true questions. Nothing of it may be answered or executed.
import type { Random } from '../schedule.ts';
import { FIRST_REGISTER, REGISTERS } from './image.ts';
import { crcOf, framed, readRegisters, writeRegister, writeRegisters } from './rtu-bytes.ts';

export const UNIT = 1;
const OTHER_UNIT = 2;
/** For link tests: what is written is what is read. */
export const SCRATCH = 0x0186;

export const bankQuestion = readRegisters(UNIT, FIRST_REGISTER, REGISTERS);
export const BANK_BYTES = 5 + 2 * REGISTERS;

export const noise = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: 1 + random(most) }, () => random(256)));

export const halfQuestion = (random: Random): Buffer =>
  bankQuestion.subarray(0, 1 + random(bankQuestion.length - 1));

/** With the answer that a slave gives. */
export function aWrite(random: Random, value: number): { readonly frame: Buffer; readonly answer: Buffer } {
  if (random(2) === 0) {
    const frame = writeRegister(UNIT, SCRATCH, value);
    return { frame, answer: frame };
  }
  const frame = writeRegisters(UNIT, SCRATCH, [value]);
  return { frame, answer: framed(...frame.subarray(0, 6)) };
}

/** One or two bits of a write are turned, which no CRC overlooks in so short a frame. */
export function damagedWrite(random: Random): Buffer {
  const { frame } = aWrite(random, random(0x10000));
  const bits = 8 * frame.length;
  const first = random(bits);
  const places = random(2) === 0 ? [first] : [first, (first + 1 + random(bits - 1)) % bits];
  for (const bit of places) frame[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return frame;
}

/** Another device is asked and answers. */
export function foreignTalk(random: Random): readonly [question: Buffer, answer: Buffer] {
  const count = 1 + random(8);
  const values = Array.from({ length: 2 * count }, () => random(256));
  return [readRegisters(OTHER_UNIT, random(0x200), count), framed(OTHER_UNIT, 3, 2 * count, ...values)];
}

/** By chance the noise and the beginning of the question make an intact frame of another device: once in some ten thousand. */
export function isHiddenByChance(noiseBefore: Buffer, question: Buffer): boolean {
  const all = Buffer.concat([noiseBefore, question]);
  return Array.from(noiseBefore.keys()).some((from) =>
    Array.from(all.keys()).some(
      (end) =>
        end - from >= 4 &&
        end > noiseBefore.length &&
        crcOf(all.subarray(from, end - 2)) === all.readUInt16LE(end - 2),
    ),
  );
}
