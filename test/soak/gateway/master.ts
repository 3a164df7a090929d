// The master of the line: four questions a second on absolute deadlines, each to be answered in time; beside them whatever a bad
// cable and other devices do. It knows what it wrote, and looks whether anything else was written.
import { setTimeout as rest } from 'node:timers/promises';
import { monotonicMs } from '../../../src/model/freshness.ts';
import type { Random } from '../schedule.ts';
import type { Stillness } from '../stillness.ts';
import { type Asked, isLost, STALL_MS } from './asked.ts';
import * as bad from './bad-bytes.ts';
import type { Excuses } from './excuses.ts';
import { REGISTERS } from './image.ts';
import type { SerialFault } from './plan.ts';
import { readRegisters, registersOf } from './rtu-bytes.ts';
import { scratch } from './scratch.ts';

const EVERY_MS = 250;
const ANSWER_MS = 100;
/** This kernel counts waiting in ticks of 10 ms, for each of the three processes on which an answer rests. */
const TICKS_MS = 30;
/** Later than this, without what the machine stood still, it is none. */
const GIVE_UP_MS = 400;
const LONGEST_MS = 20_000;
/** Nothing may answer what was damaged; the line is quiet so long before it is used again. */
const QUIET_MS = 70;
/** Longer than from one look at the clock to the next. */
const LOOK_LATER_MS = 150;

export interface MasterOptions {
  readonly say: (bytes: Uint8Array) => void;
  readonly random: Random;
  readonly stillness: Pick<Stillness, 'between'>;
  readonly excuses: Excuses;
  readonly fail: (sentence: string) => void;
  readonly onRegisters: (words: readonly number[], atMs: number) => void;
}

const newCounts = () => ({ asked: 0, answered: 0, excused: 0, writes: 0, damagedWrites: 0, scratchReads: 0 });
export type MasterCounts = Readonly<ReturnType<typeof newCounts>>;

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
  const { random, stillness } = o;
  const active = new Map<SerialFault, number>();
  const counts = newCounts();
  const answerMs: number[] = [];
  const stored = scratch((sentence) => o.fail(`line: ${sentence}`));
  let heard = Buffer.alloc(0);
  let heardAtMs = 0;
  let givenUp: Buffer | undefined;
  let noiseBefore: Buffer = Buffer.alloc(0);
  let isOver = false;
  const isOn = (fault: SerialFault) => (active.get(fault) ?? 0) > 0;

  /** The longest pause between two bytes, ms. */
  async function say(frame: Buffer): Promise<number> {
    if (!isOn('chunks')) o.say(frame);
    let longestMs = 0;
    for (const byte of isOn('chunks') ? frame : []) {
      const fromMs = monotonicMs();
      o.say(Uint8Array.of(byte));
      await rest(random(3));
      longestMs = Math.max(longestMs, monotonicMs() - fromMs);
    }
    return longestMs;
  }

  const isOpen = (askedMs: number): boolean => {
    const nowMs = monotonicMs();
    return nowMs - askedMs < Math.min(LONGEST_MS, GIVE_UP_MS + stillness.between(askedMs, nowMs));
  };

  /** Says it and waits for so many bytes. */
  async function ask(frame: Buffer, answerBytes: number): Promise<Buffer | undefined> {
    heard = Buffer.alloc(0);
    const pauseMs = await say(frame);
    const askedMs = monotonicMs();
    if (isOn('noise') && random(3) === 0) o.say(bad.noise(random, 6));
    while (heard.length < answerBytes && isOpen(askedMs)) await rest(2);
    const isAnswered = heard.length === answerBytes;
    const atMs = heard.length >= answerBytes ? heardAtMs : monotonicMs();
    counts.asked++;
    givenUp = isAnswered ? undefined : frame;
    void judge({ frame, noise: noiseBefore, pauseMs, askedMs, atMs, isAnswered, heard });
    return isAnswered ? heard : undefined;
  }

  /** After the next look at the clock, which tells how long the machine stood still. */
  async function judge(asked: Asked) {
    const { frame, askedMs, atMs, isAnswered, heard: bytes } = asked;
    const under = [...active.keys()].filter(isOn).join(', ') || 'no fault';
    await rest(LOOK_LATER_MS);
    const stillMs = stillness.between(askedMs - QUIET_MS, atMs);
    const isExcused = o.excuses.covers(askedMs - QUIET_MS, atMs) || (!isAnswered && isLost(asked, stillMs));
    if (isAnswered) counts.answered++;
    else if (isExcused) counts.excused++;
    if (isAnswered) answerMs.push(atMs - askedMs);
    const mostMs = ANSWER_MS + stillMs + (stillMs > 0 ? TICKS_MS : 0);
    if (isExcused || (isAnswered && atMs - askedMs <= mostMs)) return;
    const how = isAnswered ? 'answered' : `not answered (heard ${bytes.toString('hex') || 'nothing'})`;
    o.fail(
      `line: ${frame.toString('hex')} was ${how} after ${(atMs - askedMs).toFixed(0)} ms (under ${under}; stood still ${stillMs.toFixed(0)} ms)`,
    );
  }

  async function readBank(): Promise<void> {
    const answer = await ask(bad.bankQuestion, bad.BANK_BYTES);
    if (!answer) return;
    const words = registersOf(answer, bad.UNIT, REGISTERS);
    if (words) o.onRegisters(words, heardAtMs);
    else o.fail(`line: an answer that is none: ${answer.toString('hex')}`);
  }

  async function write(): Promise<void> {
    const value = 1 + random(0xffff);
    const { frame, answer: wanted } = bad.aWrite(random, value);
    counts.writes++;
    stored.writing();
    const answer = await ask(frame, wanted.length);
    if (answer && !answer.equals(wanted)) o.fail(`line: a write was answered with ${answer.toString('hex')}`);
    if (answer) stored.written(value);
  }

  async function readScratch(): Promise<void> {
    const answer = await ask(readRegisters(bad.UNIT, bad.SCRATCH, 1), 7);
    const [value] = (answer && registersOf(answer, bad.UNIT, 1)) ?? [];
    if (value === undefined) return;
    counts.scratchReads++;
    stored.read(value);
  }

  /** What is answered after a stall of the machine may be what was given up before it. */
  const isOverdue = (answer: Buffer): boolean => {
    const nowMs = monotonicMs();
    return stillness.between(nowMs - 5000, nowMs) > STALL_MS && answer[1] === givenUp?.[1];
  };

  async function unanswered(frame: Buffer, what: string): Promise<void> {
    heard = Buffer.alloc(0);
    await say(frame);
    await rest(QUIET_MS);
    if (heard.length > 0 && !isOverdue(heard))
      o.fail(`line: ${what} (${frame.toString('hex')}) was answered with ${heard.toString('hex')}`);
  }

  async function before(): Promise<void> {
    if (isOn('damage')) {
      counts.damagedWrites++;
      await unanswered(bad.damagedWrite(random), 'a damaged write');
    }
    if (isOn('foreign'))
      for (const frame of bad.foreignTalk(random)) await unanswered(frame, 'the talk of another unit');
    if (isOn('half')) await unanswered(bad.halfQuestion(random), 'half a question');
    noiseBefore = isOn('noise') && random(2) === 0 ? bad.noise(random, 12) : Buffer.alloc(0);
    o.say(noiseBefore);
  }

  async function poll(): Promise<void> {
    for (let turn = 0, dueMs = monotonicMs(); !isOver; turn++) {
      dueMs = Math.max(dueMs + EVERY_MS, monotonicMs());
      await rest(Math.max(0, dueMs - monotonicMs()));
      await before();
      if (turn % 8 === 3) await write();
      else if (turn % 4 === 1) await readScratch();
      else await readBank();
    }
    await rest(2 * LOOK_LATER_MS);
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
    restarted: stored.restarted,
    counts,
    answerMs,
    stop() {
      isOver = true;
      return polling;
    },
  };
}
