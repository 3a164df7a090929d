import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { expectTheLadder } from './modbus-room.ts';
import { plainOf, plenticore, plenticoreFrame } from './plenticore.ts';
import { courseOf, inSeries, NOTHING, WELL_IN_SERIES } from './room.ts';
import { type TamperBytes, theSerialRoom } from './serial-room.ts';

const EVERY_MS = 1000;
/** Information, seven exchanges, and the one that enables. */
const BEGINS_MS = 10_000;
const LOST = 'battery communication lost';

const roomOf = (tamper?: TamperBytes, settings = {}) =>
  theSerialRoom('kostal-byd', plenticore, { settings, ...inSeries, ...(tamper && { tamper }) });

/** Answers of this length, right in every sum, with other bytes from an offset on. */
const retold =
  (length: number, at: number, ...bytes: readonly number[]): TamperBytes =>
  (answer) => {
    if (answer.length !== length) return answer;
    const plain = plainOf(answer);
    if (typeof plain === 'string') throw new Error(plain);
    const content = plain.slice(6, -2);
    content.splice(at - 6, bytes.length, ...bytes);
    return plenticoreFrame(0xe2, content);
  };

describe('a Kostal Plenticore', () => {
  test('reads the two frames that are known from the field by its own arithmetic', () => {
    expect(plenticoreFrame(0x62, [0x4a, 0x08])).toEqual(
      Uint8Array.of(0x09, 0x62, 0xff, 0x02, 0xff, 0x29, 0x4a, 0x08, 0x23, 0),
    );
    expect(plainOf(Uint8Array.of(0x07, 0xe3, 0xff, 0x02, 0xff, 0x29, 0xf4, 0))).toEqual([
      0, 0xe3, 0xff, 0x02, 0xff, 0x29, 0xf4, 0,
    ]);
  });

  test('goes the whole ladder; only the silence of a lost bank stops it, long after its limits are zero', () => {
    const room = roomOf();
    const { lastTrueMs } = expectTheLadder(room, WELL_IN_SERIES, EVERY_MS, BEGINS_MS);
    expect(room.whys()).toEqual([LOST]);
    const [trip, ...more] = room.inverter.trips;
    expect(more).toEqual([]);
    expect(trip?.atMs).toBeGreaterThan(lastTrueMs + 60_000);
    expect(trip?.atMs).toBeLessThan(lastTrueMs + 60_000 + 8000);
  });

  test('takes nothing before the battery is enabled, which is after seven exchanges', () => {
    const room = roomOf();
    room.silent(10);
    const wellMs = room.now();
    room.speaking(30);
    expect(courseOf(room.diary, 0, wellMs + 7000)).toEqual([NOTHING]);
    expect(courseOf(room.diary, 0, room.now())).toEqual([NOTHING, WELL_IN_SERIES]);
    expect([room.inverter.firsts(), room.inverter.untilEnabled()]).toEqual([1, 9]);
    expect(room.whys()).toEqual([]);
  });

  test('begins anew with the battery information when the bank is back, and waits for its enable again', () => {
    const room = roomOf();
    room.speaking(30);
    room.silent(120);
    const backMs = room.now();
    room.speaking(90);
    expect(courseOf(room.diary, backMs, backMs + 7000)).toEqual([NOTHING]);
    expect([room.inverter.firsts(), room.allows()]).toEqual([2, WELL_IN_SERIES]);
  });

  test('stops when the gateway itself stands still', () => {
    const room = roomOf();
    room.speaking(20);
    room.house.evaluation.stop();
    room.silent(20);
    expect([room.allows(), room.whys()]).toEqual([NOTHING, [LOST]]);
  });

  test('uses one direction while the other is blocked', () => {
    const room = roomOf();
    room.speaking(20);
    room.speaking(20, () => reading({ chargeFet: false }));
    expect(room.allows().chargeA).toBe(0);
    expect(room.allows().dischargeA).toBeGreaterThan(0);
    expect(room.whys()).toEqual([]);
  });

  test.each<[string, TamperBytes]>([
    ['a wrong sum', (a) => a.map((byte, i) => (i === a.length - 2 ? (byte % 255) + 1 : byte))],
    ['zeros that lead astray', (a) => a.map((byte, i) => (i === 0 ? 255 : byte))],
    ['a zero within a frame', (a) => a.map((byte, i) => (i === 3 ? 0 : byte))],
    ['an answer of another length', (a) => (a.length === 64 ? plenticoreFrame(0xe2, [1, 2, 3]) : a)],
    ['an answer of somebody else', (a) => (a.length === 64 ? plenticoreFrame(0xe4, [1, 2, 3]) : a)],
    ['a maker that it does not know', retold(40, 26, 0, 0)],
    ['a battery without a nominal voltage', retold(40, 6, 0, 0, 0, 0)],
    ['a voltage that is none', retold(64, 10, 0, 0, 0, 0)],
    ['a limit that is none', retold(64, 34, 0, 0, 0xc0, 0x7f)],
    ['a state of charge above 100 %', retold(64, 58, 101)],
    ['a charge limit of a full battery', retold(64, 58, 100)],
    ['enabled with its contactors open', retold(64, 59, 2)],
    ['enabled too early', retold(64, 56, 1)],
    ['state 0 is not acknowledged as it should', (a) => (a.length === 8 ? undefined : a)],
  ])('would not stand %s', (why, tamper) => {
    const room = roomOf(tamper);
    room.speaking(20);
    expect(room.whys()).toContain(why);
  });
});
