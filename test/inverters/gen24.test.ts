import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { gen24 } from './gen24.ts';
import { expectTheLadder, type Tamper, theModbusRoom } from './modbus-room.ts';
import { NOTHING, WELL } from './room.ts';

const roomOf = (tamper?: Tamper) => theModbusRoom('byd-modbus', gen24, tamper ? { tamper } : {});
/** Changes one register of the answer to a read of a whole block. */
const changed =
  (block: number, at: number, word: number): Tamper =>
  (answer, asked) => {
    if (asked[0] !== 3 || (asked[1] ?? 0) * 256 + (asked[2] ?? 0) !== block) return answer;
    const copy = answer.slice();
    new DataView(copy.buffer).setUint16(2 + 2 * (at - block), word);
    return copy;
  };

describe('a Fronius GEN24', () => {
  test('goes the whole ladder; once the bank is lost it logs a battery that does not answer, and nothing else', () => {
    const room = roomOf();
    const { lastTrueMs, backMs } = expectOldDataStopsAtOnce(room);
    expect(room.whys()).toEqual(['battery communication error']);
    for (const { atMs } of room.inverter.trips) {
      expect(atMs).toBeGreaterThan(lastTrueMs + 60_000);
      expect(atMs).toBeLessThan(backMs);
    }
  });

  test('has what it wrote: the mode, and a watchdog that it turned each minute', () => {
    const room = roomOf();
    room.speaking(200);
    expect(room.inverter.turns()).toBeGreaterThanOrEqual(3);
    expect([0x00ff, 0xff00]).toContain(room.inverter.watchdog());
    expect(room.house.modbus.faults(room.now())).toEqual([]);
    expect(room.whys()).toEqual([]);
  });

  test('that stands still is missed after five periods', () => {
    const room = roomOf();
    room.speaking(70);
    expect(room.house.modbus.faults(room.now() + 240_000)).toEqual([]);
    expect(room.house.modbus.faults(room.now() + 301_000)).toEqual(['inverter_heartbeat_lost']);
  });

  test('does not see an active battery before it asked for one', () => {
    const modes: number[] = [];
    const room = roomOf((answer, asked) => {
      if (asked[0] === 3 && asked[1] === 1 && asked[2] === 300 - 256)
        modes.push((answer[2] ?? 0) * 256 + (answer[3] ?? 0));
      return answer;
    });
    room.speaking(6);
    expect(modes[0]).toBe(0);
    expect(modes.at(-1)).toBe(3);
    expect(room.whys()).toEqual([]);
  });

  test('stays without a fault while charging is blocked by the cold', () => {
    const room = roomOf();
    room.speaking(10);
    room.speaking(20, () =>
      reading({ alarms: ['low_temperature_charge'], chargeFet: false, temperaturesC: [-4, -3] }),
    );
    expect(room.allows().chargeA).toBe(0);
    expect(room.allows().dischargeA).toBeGreaterThan(0);
    expect(room.whys()).toEqual([]);
  });

  test('is told standby, not active, by a battery whose MOSFETs are all open', () => {
    const room = roomOf();
    room.speaking(10);
    room.speaking(20, () => reading({ chargeFet: false, dischargeFet: false, currentA: 0 }));
    expect(room.allows()).toEqual(NOTHING);
    expect(room.whys()).toEqual([]);
  });

  test.each<[string, Tamper]>([
    ['event 1187: active without voltage', changed(300, 308, 0)],
    ['a state of charge below 1 %', changed(300, 303, 99)],
    ['a battery that failed', changed(300, 300, 4)],
    ['a battery that is not known', changed(100, 143, 0x3136)],
    ['a power of the wrong sign', changed(300, 309, 0xff00)],
    ['colder than it may be', changed(300, 312, 0xff00)],
  ])('would trip on %s', (why, tamper) => {
    const room = roomOf(tamper);
    room.speaking(10);
    expect(room.whys()).toContain(why);
  });

  test('is forced to discharge only above the charge voltage limit', () => {
    const room = roomOf();
    room.speaking(10);
    expect(room.inverter.forcedDischarge()).toBe(false);
  });
});

/** Stricter than the promise: an old bank is standby at once, whatever its limits still say. */
function expectOldDataStopsAtOnce(room: ReturnType<typeof roomOf>) {
  const moments = expectTheLadder(room, WELL, 1000);
  const old = room.diary.filter(
    ({ atMs }) => atMs > moments.lastTrueMs + 17_000 && atMs < moments.lastTrueMs + 120_000,
  );
  expect(old.length).toBeGreaterThan(500);
  for (const entry of old) expect(entry).toMatchObject(NOTHING);
  return moments;
}
