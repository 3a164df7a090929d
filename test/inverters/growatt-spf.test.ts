import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { growattSpf } from './growatt-spf.ts';
import { expectTheLadder, type Tamper, theModbusRoom } from './modbus-room.ts';
import { NOTHING, WELL } from './room.ts';

const roomOf = (tamper?: Tamper) => theModbusRoom('growatt-rs485', growattSpf, tamper ? { tamper } : {});

describe('an off-grid Growatt SPF', () => {
  test('goes the whole ladder on its battery and never cuts the house off', () => {
    const room = roomOf();
    expectTheLadder(room, WELL, 500);
    expect(room.whys()).toEqual([]);
    expect(room.inverter.socPct()).toBe(50);
  });

  test('keeps its output through hours without the batteries, for it is answered with zeros', () => {
    const room = roomOf();
    room.speaking(20);
    room.silent(3600);
    expect([room.allows(), room.inverter.dark(), room.whys()]).toEqual([NOTHING, false, []]);
  });

  test('cuts it when the gateway itself stands still, and comes back with it', () => {
    const room = roomOf();
    room.speaking(20);
    room.house.evaluation.stop();
    room.silent(20);
    expect([room.inverter.dark(), room.whys()]).toEqual([
      true,
      ['battery communication lost: the output is cut'],
    ]);
  });

  test('uses one direction while the other is blocked', () => {
    const room = roomOf();
    room.speaking(10);
    room.speaking(20, () => reading({ chargeFet: false }));
    expect(room.allows().chargeA).toBe(0);
    expect(room.allows().dischargeA).toBeGreaterThan(0);
    expect(room.whys()).toEqual([]);
  });

  test.each<[string, Tamper]>([
    ['a charge voltage that cannot be', (a) => a.fill(0, 2 + 2 * 14, 4 + 2 * 14)],
    ['a battery of 48 V that has none', (a) => a.fill(0, 2 + 2 * 3, 4 + 2 * 3)],
    ['a state of charge above 100 %', (a) => a.fill(255, 2 + 2 * 2, 4 + 2 * 2)],
    ['an answer of another length at 19', (a) => a.subarray(0, 20)],
    ['exception 2 at 19', () => Uint8Array.of(0x83, 2)],
  ])('would not stand %s', (why, tamper) => {
    const room = roomOf(tamper);
    room.speaking(10);
    expect(room.whys()).toContain(why);
  });
});
