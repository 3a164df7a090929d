// The master of the accelerated soak: the questions of the real one, byte for byte, without a port.
import type { Random } from '../schedule.ts';
import {
  aWrite,
  BANK_BYTES,
  bankQuestion,
  damagedWrite,
  foreignTalk,
  halfQuestion,
  isHiddenByChance,
  noise,
  SCRATCH,
  UNIT,
} from './bad-bytes.ts';
import type { FastHouse } from './fast-house.ts';
import { REGISTERS } from './image.ts';
import { readRegisters, registersOf } from './rtu-bytes.ts';
import { scratch } from './scratch.ts';
import type { Watch } from './watch.ts';

export type LineFault = 'noise' | 'half' | 'foreign' | 'damage';

export interface FastMasterOptions {
  readonly fast: FastHouse;
  readonly seen: Watch;
  readonly random: Random;
  readonly isOn: (fault: LineFault) => boolean;
  readonly fail: (sentence: string) => void;
}

export function fastMaster({ fast, seen, random, isOn, fail }: FastMasterOptions) {
  const counts = { asked: 0, answered: 0, excused: 0, writes: 0, damagedWrites: 0, scratchReads: 0 };
  const stored = scratch((sentence) => fail(`line: ${sentence}`));
  let turn = 0;
  let noiseBefore: Buffer = Buffer.alloc(0);

  /** At once, or when the line has been silent and what came before it is given up. */
  function ask(frame: Buffer, answerBytes: number): Buffer | undefined {
    const atMs = fast.clock();
    const heard = [...fast.say(frame), ...fast.quiet()];
    const answer = heard.length === 1 ? Buffer.from(heard[0] ?? []) : undefined;
    const isExcused =
      seen.lineExcuses.covers(atMs - 1, atMs + 1) ||
      (heard.length === 0 && isHiddenByChance(noiseBefore, frame));
    counts.asked++;
    if (answer?.length === answerBytes) counts.answered++;
    else if (isExcused) counts.excused++;
    else fail(`line: ${Buffer.from(frame).toString('hex')} was answered with ${heard.length} frames`);
    return answer?.length === answerBytes ? answer : undefined;
  }

  function unanswered(frame: Uint8Array, what: string): void {
    const heard = [...fast.say(frame), ...fast.quiet()];
    if (heard.length > 0) fail(`line: ${what} (${Buffer.from(frame).toString('hex')}) was answered`);
  }

  function before(): void {
    if (isOn('damage')) {
      counts.damagedWrites++;
      unanswered(damagedWrite(random), 'a damaged write');
    }
    if (isOn('foreign'))
      for (const frame of foreignTalk(random)) unanswered(frame, 'the talk of another unit');
    if (isOn('half')) unanswered(halfQuestion(random), 'half a question');
    noiseBefore = isOn('noise') ? noise(random, 12) : Buffer.alloc(0);
    if (fast.say(noiseBefore).length > 0) fail('line: noise was answered');
  }

  function write(): void {
    const value = 1 + random(0xffff);
    const { frame, answer: wanted } = aWrite(random, value);
    counts.writes++;
    stored.writing();
    const answer = ask(frame, wanted.length);
    if (answer && !answer.equals(wanted)) fail(`line: a write was answered with ${answer.toString('hex')}`);
    if (answer) stored.written(value);
  }

  function readScratch(): void {
    const answer = ask(readRegisters(UNIT, SCRATCH, 1), 7);
    const [value] = (answer && registersOf(answer, UNIT, 1)) ?? [];
    if (value === undefined) return;
    counts.scratchReads++;
    stored.read(value);
  }

  function readBank(): void {
    const answer = ask(bankQuestion, BANK_BYTES);
    const words = answer && registersOf(answer, UNIT, REGISTERS);
    if (words) seen.registers(words, fast.clock());
    else if (answer) fail(`line: an answer that is none: ${answer.toString('hex')}`);
  }

  return {
    counts,
    restarted: stored.restarted,
    /** Four times a second. */
    poll(): void {
      before();
      if (turn % 8 === 3) write();
      else if (turn % 4 === 1) readScratch();
      else readBank();
      turn++;
    },
  };
}
