import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { expectTheLadder, type Tamper, theModbusRoom } from './modbus-room.ts';
import { paceMaster } from './pace-master.ts';
import { NOTHING, WELL } from './room.ts';

const roomOf = (tamper?: Tamper) => theModbusRoom('pace-modbus', paceMaster, tamper ? { tamper } : {});
const block =
  (at: number, change: (answer: Uint8Array) => Uint8Array): Tamper =>
  (answer, asked) =>
    asked[2] === at ? change(answer.slice()) : answer;

describe('a master of a PACE BMS', () => {
  test('goes the whole ladder; once the bank is lost it misses its BMS, and nothing else', () => {
    const room = roomOf();
    const { lastTrueMs, backMs } = expectTheLadder(room, WELL, 1000);
    expect(room.whys()).toEqual(['BMS communication lost']);
    for (const { atMs } of room.inverter.trips) {
      expect(atMs).toBeGreaterThan(lastTrueMs + 60_000);
      expect(atMs).toBeLessThan(backMs);
    }
  });

  test('is warned as soon as the data is old, and not before', () => {
    const room = roomOf();
    room.speaking(10);
    expect(room.inverter.warned()).toBe(false);
    room.silent(11);
    expect(room.inverter.warned()).toBe(false);
    room.silent(6);
    expect(room.inverter.warned()).toBe(true);
    expect(room.allows().dischargeA).toBeGreaterThan(0);
    room.silent(12);
    expect(room.allows()).toEqual(NOTHING);
  });

  test('stops at a protection, and comes back when it is gone', () => {
    const room = roomOf();
    room.speaking(10);
    room.speaking(10, () => reading({ alarms: ['short_circuit'], dischargeFet: false, chargeFet: false }));
    expect(room.allows()).toEqual(NOTHING);
    room.speaking(120);
    expect(room.allows()).toEqual(WELL);
  });

  test.each<[string, Tamper]>([
    ['a full-charge voltage that cannot be', block(60, (a) => a.fill(0, 2 + 2 * 47, 4 + 2 * 47))],
    ['cells that cannot be', block(15, (a) => a.fill(0, 2, 4))],
    ['a sensor that cannot be', block(15, (a) => a.fill(0x80, 2 + 2 * 20, 3 + 2 * 20))],
    ['a voltage that cannot be', block(0, (a) => a.fill(0, 4, 6))],
    ['exception 3 at 15', block(15, () => Uint8Array.of(0x83, 3))],
  ])('would trip on %s', (why, tamper) => {
    const room = roomOf(tamper);
    room.speaking(10);
    expect(room.whys()).toContain(why);
  });
});
