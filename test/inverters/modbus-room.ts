// A house whose bank is told to one simulated master on RS485: frames with CRC both ways, on a clock cranked by hand.
import { expect } from 'vitest';
import { answerPdu } from '../../src/modbus/pdu.ts';
import { rtuFrame } from '../../src/modbus/rtu.ts';
import type { Settings } from '../../src/profile/options.ts';
import { shipped } from '../profile/profiles.ts';
import { theHouse } from '../wires/house.ts';
import {
  type Allowed,
  type Entry,
  type Inverter,
  NOTHING,
  promisedMs,
  roomAround,
  type Trip,
  walkTheLadder,
} from './room.ts';

/** Sends function code and data to a unit; the answer without unit and CRC, undefined when none came or it was broken. */
export type Ask = (unit: number, pdu: readonly number[]) => readonly number[] | undefined;

/** What happens to an answer on its way: nothing, something else, or it is lost. */
export type Tamper = (answer: Uint8Array, asked: readonly number[], unit: number) => Uint8Array | undefined;

/** CRC-16/MODBUS bit by bit: 0xFFFF, 0xA001. */
function crcOf(bytes: readonly number[]): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc % 2 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

/** The data of a frame for this master; undefined when unit or CRC are wrong. */
function intact(frame: readonly number[], unit: number): readonly number[] | undefined {
  const body = frame.slice(0, -2);
  const [low = 0, high = 0] = frame.slice(-2);
  return body[0] === unit && crcOf(body) === low + 256 * high ? body.slice(1) : undefined;
}

export function theModbusRoom<I extends Inverter>(
  profile: string,
  make: (ask: Ask) => I,
  { settings = {}, bank = '', tamper }: { settings?: Settings; bank?: string; tamper?: Tamper } = {},
) {
  const house: ReturnType<typeof theHouse> = theHouse({ onModbus: shipped(profile, settings), bank });
  const ask: Ask = (unit, pdu) => {
    const request = Uint8Array.from(pdu);
    const answer = answerPdu(house.modbus.slaveAt(unit), request, false);
    house.modbus.asked(house.clock(), request, answer);
    const arrived = answer && tamper ? tamper(answer, pdu, unit) : answer;
    return arrived && intact([...rtuFrame(unit, arrived)], unit);
  };
  return roomAround(house, make(ask));
}

export type ModbusRoom<I extends Inverter> = ReturnType<typeof theModbusRoom<I>>;

/** Registers read by standard Modbus; undefined when none came, a text when the answer is no answer to this. */
export function readWords(
  ask: Ask,
  unit: number,
  fc: number,
  at: number,
  count: number,
): readonly number[] | string | undefined {
  const reply = ask(unit, [fc, at >> 8, at & 255, 0, count]);
  if (!reply) return undefined;
  if (reply[0] === fc + 0x80) return `exception ${reply[1]} at ${at}`;
  if (reply[0] !== fc || reply[1] !== 2 * count || reply.length !== 2 + 2 * count)
    return `an answer of another length at ${at}`;
  return wordsIn(reply.slice(2));
}

export const wordsIn = (bytes: readonly number[]): number[] =>
  Array.from({ length: bytes.length >> 1 }, (_, i) => (bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0));

export const signed = (word: number): number => (word >= 0x8000 ? word - 0x10000 : word);

export const bitOf = (word: number, bit: number): boolean => Math.floor(word / 2 ** bit) % 2 === 1;

/** What a master keeps of its battery: blocks of registers by name, when it was last answered, and why it tripped. */
export function memory(silentAfterMs: number, silence: string) {
  const trips: Trip[] = [];
  const blocks = new Map<string, readonly number[]>();
  let answeredAtMs = Number.NaN;
  let silent = false;
  return {
    trips,
    trip: (atMs: number, why: string) => void trips.push({ atMs, why }),
    /** Keeps a block; a broken answer is a trip. */
    keep(name: string, words: readonly number[] | string | undefined, atMs: number): boolean {
      if (words === undefined) return false;
      if (typeof words === 'string') trips.push({ atMs, why: words });
      else blocks.set(name, words);
      answeredAtMs = atMs;
      return typeof words !== 'string';
    },
    has: (...names: readonly string[]) => names.every((name) => blocks.has(name)),
    word: (name: string, at: number) => blocks.get(name)?.[at] ?? 0,
    words: (name: string) => blocks.get(name) ?? [],
    /** Once it was answered, silence for too long is a trip, once. */
    judge(nowMs: number): void {
      const quiet = nowMs - answeredAtMs > silentAfterMs;
      if (quiet && !silent) trips.push({ atMs: nowMs, why: silence });
      silent = quiet;
    },
    silent: () => silent,
  };
}

/** Something due every so often. */
export function every(ms: number, run: (nowMs: number) => void): (nowMs: number) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (nowMs) => {
    if (nowMs - lastMs < ms) return;
    lastMs = nowMs;
    run(nowMs);
  };
}

/**
 * The whole way of a bank with this inverter, and what must hold on it for every family: nothing before the batteries are heard,
 * all of it while all is well, never more while they are silent, zero in time, and all of it again when they are back; and one that
 * asks in its usual way is heard all the time.
 * `beginsMs`: how long the first talk takes until the limits are used.
 */
export function expectTheLadder(
  room: Pick<ModbusRoom<Inverter>, 'diary' | 'allows' | 'silent' | 'now' | 'speaking' | 'house'>,
  well: Allowed,
  everyMs: number,
  beginsMs = 2 * everyMs,
) {
  const moments = walkTheLadder(room);
  const { wellMs, quietMs, backMs, lastTrueMs } = moments;
  const between = (fromMs: number, toMs: number): Entry[] =>
    room.diary.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
  const settledMs = wellMs + beginsMs + 100;
  for (const entry of between(0, wellMs)) expect(entry).toMatchObject(NOTHING);
  for (const entry of between(settledMs, lastTrueMs + 15_000)) expect(entry).toMatchObject(well);
  const falling = between(quietMs, backMs);
  for (const [i, now] of falling.slice(1).entries()) {
    expect(now.chargeA).toBeLessThanOrEqual(falling[i]?.chargeA ?? 0);
    expect(now.dischargeA).toBeLessThanOrEqual(falling[i]?.dischargeA ?? 0);
  }
  for (const entry of between(lastTrueMs + promisedMs(everyMs), backMs)) expect(entry).toMatchObject(NOTHING);
  expect(room.allows()).toEqual(well);
  room.speaking(65);
  const ofHearing = room.house.log.filter(({ text }) => /^inverter (heard|silent|asks)/.test(text));
  expect(ofHearing.map(({ text }) => text)).toEqual(['inverter heard']);
  return moments;
}
