// The master of the line: four questions a second on absolute deadlines, each to be answered in time; beside them whatever a bad
// cable and other devices do. It knows what it wrote, and looks whether anything else was written.
import { setTimeout as rest } from 'node:timers/promises';
import { monotonicMs } from '../../../src/model/freshness.ts';
import type { Random } from '../schedule.ts';
import type { Stillness } from '../stillness.ts';
import type { Excuses } from './excuses.ts';
import { FIRST_REGISTER, REGISTERS } from './image.ts';
import type { SerialFault } from './plan.ts';
import { framed, readRegisters, registersOf, writeRegister, writeRegisters } from './rtu-bytes.ts';

const EVERY_MS = 250;
export const ANSWER_MS = 100;
/** Later than this it is none. */
const GIVE_UP_MS = 180;
/** Nothing may answer what was damaged; the line is quiet so long before it is used again. */
const QUIET_MS = 70;
const UNIT = 1;
const OTHER_UNIT = 2;
const SCRATCH = 0x0186;

export interface MasterOptions {
  readonly say: (bytes: Uint8Array) => void;
  readonly random: Random;
  readonly stillness: Pick<Stillness, 'between'>;
  readonly excuses: Excuses;
  readonly fail: (sentence: string) => void;
  readonly onRegisters: (words: readonly number[], atMs: number) => void;
}

export interface MasterCounts {
  readonly asked: number;
  readonly answered: number;
  readonly excused: number;
  readonly writes: number;
  readonly damagedWrites: number;
  readonly scratchReads: number;
}

export interface Master {
  readonly hear: (bytes: Buffer) => void;
  readonly begin: (fault: SerialFault) => () => void;
  /** Whoever answers began anew: what was stored is zero again. */
  readonly restarted: () => void;
  readonly counts: MasterCounts;
  readonly answerMs: readonly number[];
  readonly stop: () => Promise<void>;
}

export function master(o: MasterOptions): Master {
  const { random } = o;
  const active = new Map<SerialFault, number>();
  const counts = { asked: 0, answered: 0, excused: 0, writes: 0, damagedWrites: 0, scratchReads: 0 };
  const answerMs: number[] = [];
  let heard = Buffer.alloc(0);
  let heardAtMs = 0;
  /** Undefined while a write may or may not have been taken. */
  let stored: number | undefined = 0;
  let isOver = false;
  const isOn = (fault: SerialFault) => (active.get(fault) ?? 0) > 0;
  const bytes = (most: number) => Buffer.from(Array.from({ length: 1 + random(most) }, () => random(256)));

  async function say(frame: Buffer): Promise<void> {
    if (!isOn('chunks')) return o.say(frame);
    for (const byte of frame) {
      o.say(Uint8Array.of(byte));
      await rest(random(3));
    }
  }

  /** Says it and waits for so many bytes; how long that took, or undefined. */
  async function ask(frame: Buffer, answerBytes: number): Promise<Buffer | undefined> {
    heard = Buffer.alloc(0);
    await say(frame);
    const askedMs = monotonicMs();
    if (isOn('noise') && random(3) === 0) o.say(bytes(6));
    while (heard.length < answerBytes && monotonicMs() - askedMs < GIVE_UP_MS) await rest(2);
    const atMs = heard.length >= answerBytes ? heardAtMs : monotonicMs();
    const isAnswered = heard.length === answerBytes;
    counts.asked++;
    const answer = heard;
    void judge(askedMs, atMs, isAnswered, frame, answer);
    return isAnswered ? answer : undefined;
  }

  /** After the next look at the clock, which tells how long the machine stood still. */
  async function judge(askedMs: number, atMs: number, isAnswered: boolean, frame: Buffer, answer: Buffer) {
    await rest(2 * QUIET_MS);
    const tookMs = atMs - askedMs;
    const isExcused = o.excuses.covers(askedMs - QUIET_MS, atMs);
    if (isAnswered) {
      counts.answered++;
      answerMs.push(tookMs);
    } else if (isExcused) counts.excused++;
    const isLate = tookMs > ANSWER_MS + o.stillness.between(askedMs, atMs);
    if (isExcused || (isAnswered && !isLate)) return;
    const how = isAnswered
      ? `after ${tookMs.toFixed(0)} ms`
      : `not (heard ${answer.toString('hex') || 'nothing'})`;
    o.fail(
      `line: ${frame.toString('hex')} was answered ${how} (under ${[...active.keys()].filter(isOn).join(', ') || 'no fault'})`,
    );
  }

  async function readBank(): Promise<void> {
    const answer = await ask(readRegisters(UNIT, FIRST_REGISTER, REGISTERS), 5 + 2 * REGISTERS);
    if (!answer) return;
    const words = registersOf(answer, UNIT, REGISTERS);
    if (words) o.onRegisters(words, heardAtMs);
    else o.fail(`line: an answer that is none: ${answer.toString('hex')}`);
  }

  async function write(): Promise<void> {
    const value = 1 + random(0xffff);
    const isOne = random(2) === 0;
    const frame = isOne ? writeRegister(UNIT, SCRATCH, value) : writeRegisters(UNIT, SCRATCH, [value]);
    stored = undefined;
    counts.writes++;
    const answer = await ask(frame, 8);
    const wanted = isOne ? frame : framed(...frame.subarray(0, 6));
    if (answer && !answer.equals(wanted)) o.fail(`line: a write was answered with ${answer.toString('hex')}`);
    if (answer) stored = value;
  }

  async function readScratch(): Promise<void> {
    const answer = await ask(readRegisters(UNIT, SCRATCH, 1), 7);
    const [value] = (answer && registersOf(answer, UNIT, 1)) ?? [];
    if (value === undefined) return;
    counts.scratchReads++;
    if (stored !== undefined && value !== stored)
      o.fail(
        `line: register 0186 reads ${value}, ${stored} was written: a damaged write was executed, or a true one lost`,
      );
    stored = value;
  }

  /** One or two bits of a write of another value are turned, which no CRC overlooks in so short a frame. */
  async function damagedWrite(): Promise<void> {
    const frame =
      random(2) === 0
        ? writeRegister(UNIT, SCRATCH, random(0x10000))
        : writeRegisters(UNIT, SCRATCH, [random(0x10000)]);
    const first = random(8 * frame.length);
    const places =
      random(2) === 0 ? [first] : [first, (first + 1 + random(8 * frame.length - 1)) % (8 * frame.length)];
    for (const bit of places) frame[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    counts.damagedWrites++;
    await unanswered(frame, 'a damaged write');
  }

  async function unanswered(frame: Buffer, what: string): Promise<void> {
    heard = Buffer.alloc(0);
    await say(frame);
    await rest(QUIET_MS);
    if (heard.length > 0)
      o.fail(`line: ${what} (${frame.toString('hex')}) was answered with ${heard.toString('hex')}`);
  }

  /** Another device is asked and answers. */
  async function foreignTalk(): Promise<void> {
    const count = 1 + random(8);
    await unanswered(readRegisters(OTHER_UNIT, random(0x200), count), 'a question to another unit');
    const values = Array.from({ length: 2 * count }, () => random(256));
    await unanswered(framed(OTHER_UNIT, 3, 2 * count, ...values), 'the answer of another unit');
  }

  async function before(): Promise<void> {
    if (isOn('damage')) await damagedWrite();
    if (isOn('foreign')) await foreignTalk();
    if (isOn('half')) {
      const whole = readRegisters(UNIT, FIRST_REGISTER, REGISTERS);
      await unanswered(whole.subarray(0, 1 + random(whole.length - 1)), 'half a question');
    }
    if (isOn('noise') && random(2) === 0) o.say(bytes(12));
  }

  async function poll(): Promise<void> {
    for (let turn = 0, dueMs = monotonicMs(); !isOver; turn++) {
      dueMs = Math.max(dueMs + EVERY_MS, monotonicMs());
      await rest(dueMs - monotonicMs());
      await before();
      if (turn % 8 === 3) await write();
      else if (turn % 4 === 1) await readScratch();
      else await readBank();
    }
    await rest(3 * QUIET_MS);
  }
  const polling = poll();

  return {
    hear(piece) {
      heard = Buffer.concat([heard, piece]);
      heardAtMs = monotonicMs();
    },
    begin(fault) {
      active.set(fault, (active.get(fault) ?? 0) + 1);
      return () => active.set(fault, (active.get(fault) ?? 1) - 1);
    },
    restarted() {
      stored = undefined;
    },
    counts,
    answerMs,
    stop() {
      isOver = true;
      return polling;
    },
  };
}
