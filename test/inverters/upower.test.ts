import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { expectTheLadder, type Tamper, theModbusRoom } from './modbus-room.ts';
import { WELL } from './room.ts';
import { upower } from './upower.ts';

const roomOf = (tamper?: Tamper) => theModbusRoom('epever-rs485', upower, tamper ? { tamper } : {});

describe('an EPever UPower-Hi', () => {
  test('goes the whole ladder with both of its devices; once the bank is lost it misses it, and nothing else', () => {
    const room = roomOf();
    const { lastTrueMs, backMs } = expectTheLadder(room, WELL, 1000);
    expect(room.whys()).toEqual(['battery lost']);
    for (const { atMs } of room.inverter.trips) {
      expect(atMs).toBeGreaterThan(lastTrueMs + 60_000);
      expect(atMs).toBeLessThan(backMs);
    }
  });

  test('shows the battery and the grid frequency that it wrote itself', () => {
    const room = roomOf();
    room.speaking(20);
    expect([room.inverter.lit(), room.inverter.gridHz()]).toEqual([true, 50]);
  });

  test('charges a cold battery no more, and goes on discharging', () => {
    const room = roomOf();
    room.speaking(10);
    room.speaking(20, () => reading({ chargeFet: false, temperaturesC: [-4, -3] }));
    expect(room.allows().chargeA).toBe(0);
    expect(room.allows().dischargeA).toBeGreaterThan(0);
    expect(room.whys()).toEqual([]);
  });

  test.each<[string, Tamper]>([
    [
      'a box that forgot its settings',
      (a, asked, unit) => (unit === 3 && asked[0] === 3 ? a.slice().fill(0, 2) : a),
    ],
    ['a box without its bits', (a, asked) => (asked[0] === 2 ? Uint8Array.of(0x82, 1) : a)],
    [
      'a power that is not voltage times current',
      // The words of the power the other way round.
      (a, asked, unit) =>
        unit === 4 && asked[0] === 4
          ? Uint8Array.from(a, (byte, i) =>
              i === 8 || i === 9 ? (a[i + 2] ?? 0) : i === 10 || i === 11 ? (a[i - 2] ?? 0) : byte,
            )
          : a,
    ],
    [
      'a temperature above its limit',
      (a, asked, unit) => (unit === 4 && asked[0] === 3 ? a.slice().fill(0, 2 + 16, 4 + 16) : a),
    ],
    [
      'an over-voltage of 0',
      (a, asked, unit) => (unit === 4 && asked[0] === 3 ? a.slice().fill(0, 8, 10) : a),
    ],
  ])('would trip on %s', (why, tamper) => {
    const room = roomOf(tamper);
    room.speaking(10);
    expect(room.whys()).toContain(why);
  });
});
