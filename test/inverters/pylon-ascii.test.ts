import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { expectTheLadder } from './modbus-room.ts';
import { checksum, pylonAscii, pylonFrame } from './pylon-ascii.ts';
import { courseOf, NOTHING, WELL } from './room.ts';
import { type TamperBytes, theSerialRoom } from './serial-room.ts';

const EVERY_MS = 1000;
const LOST = 'battery communication lost';

const roomOf = (tamper?: TamperBytes, settings = {}) =>
  theSerialRoom('pylontech-rs485', pylonAscii, { settings, ...(tamper && { tamper }) });

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const resummed = (body: string): Uint8Array => Buffer.from(`~${body}${checksum(body)}\r`, 'latin1');

/** The answers to one command with another INFO and right in every sum. */
const retold =
  (command: string, change: (info: string) => string, code = 0): TamperBytes =>
  (answer, asked) =>
    textOf(asked).slice(7, 9) === command ? pylonFrame(code, change(textOf(answer).slice(13, -5))) : answer;

describe('an inverter with the battery protocol of Pylontech on RS485', () => {
  test('asks as the worked examples of the reference do', () => {
    const questions = [0x61, 0x62, 0x63].map((command) => textOf(pylonFrame(command, '02')));
    expect(questions).toEqual(['~20024661E00202FD32\r', '~20024662E00202FD31\r', '~20024663E00202FD30\r']);
  });

  test('goes the whole ladder; only the silence of a lost bank stops it, long after its limits are zero', () => {
    const room = roomOf();
    const { lastTrueMs, backMs } = expectTheLadder(room, WELL, EVERY_MS);
    expect(room.whys()).toEqual([LOST]);
    const [trip, ...more] = room.inverter.trips;
    expect(more).toEqual([]);
    expect(trip?.atMs).toBeGreaterThan(lastTrueMs + 60_000 + 29_000);
    expect(trip?.atMs).toBeLessThan(backMs);
    expect(room.inverter.socPct()).toBe(50);
  });

  test('is warned as soon as the data is old, while its limits still fall', () => {
    const room = roomOf();
    room.speaking(20);
    expect(room.inverter.warned()).toBe(false);
    room.until(room.lastTrueMs() + 18_000);
    expect(room.inverter.warned()).toBe(true);
    expect(room.allows().chargeA).toBeGreaterThan(0);
    expect(room.whys()).toEqual([]);
  });

  test('stops when the gateway itself stands still, and goes on with the bank when it is back on its line', () => {
    let pulled = false;
    const room = roomOf((answer) => (pulled ? undefined : answer));
    room.speaking(20);
    pulled = true;
    room.speaking(40);
    expect([room.allows(), room.whys()]).toEqual([NOTHING, [LOST]]);
    pulled = false;
    room.speaking(10);
    expect(room.allows()).toEqual(WELL);
    room.house.evaluation.stop();
    room.silent(40);
    expect([room.allows(), room.inverter.trips.length]).toEqual([NOTHING, 2]);
  });

  test('uses one direction while the other is blocked', () => {
    const room = roomOf();
    room.speaking(10);
    room.speaking(20, () => reading({ dischargeFet: false }));
    expect(room.allows().dischargeA).toBe(0);
    expect(room.allows().chargeA).toBeGreaterThan(0);
    expect(room.whys()).toEqual([]);
  });

  test('finds no battery at the address of another, and complains of nothing it never had', () => {
    const room = roomOf(undefined, { address: 0x12 });
    room.speaking(60);
    expect(courseOf(room.diary, 0, room.now())).toEqual([NOTHING]);
    expect(room.whys()).toEqual([]);
  });

  test.each<[string, TamperBytes]>([
    ['a wrong checksum of 63', (a) => a.map((byte, i) => (i === 20 ? byte ^ 1 : byte))],
    ['a wrong length of 63', (a) => resummed(`${textOf(a).slice(1, 9)}0${textOf(a).slice(10, -5)}`)],
    ['an answer of somebody else to 63', (a) => resummed(`2003${textOf(a).slice(5, -5)}`)],
    ['no whole frame to 62', (a) => a.subarray(0, -1)],
    ['another content of 63', retold('63', (info) => info.slice(0, -2))],
    ['return code 04 to 61', retold('61', () => '', 4)],
    ['a charge voltage of 0', retold('63', (info) => `0000${info.slice(4)}`)],
    ['a limit below 0', retold('63', (info) => `${info.slice(0, 8)}FFFF${info.slice(12)}`)],
    ['a state of charge above 100 %', retold('61', (info) => `${info.slice(0, 8)}65${info.slice(10)}`)],
    ['a battery of 48 V that has none', retold('61', (info) => `0000${info.slice(4)}`)],
    ['a protection', retold('62', () => '00004000')],
  ])('would not stand %s', (why, tamper) => {
    const room = roomOf(tamper);
    room.speaking(10);
    expect(room.whys()).toContain(why);
  });
});
