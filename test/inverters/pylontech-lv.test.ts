import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { type Brand, luxPower, plain, pylontechInverter, sofar, solArk } from './pylontech-lv.ts';
import { NOTHING, promisedMs, theInverterRoom, WELL, walkTheLadder } from './room.ts';

const brands: [string, Brand][] = [
  ['pylontech-lv', plain],
  ['deye-lv', plain],
  ['solis-lv', plain],
  ['growatt-pylontech', plain],
  ['sol-ark-lv', solArk],
  ['luxpower-lv', luxPower],
];

const roomOf = (profile: string, brand: Brand, settings = {}) =>
  theInverterRoom(profile, (say) => pylontechInverter(say, brand), { settings });

describe.each(brands)('a 48 V hybrid served by %s', (profile, brand) => {
  const room = roomOf(profile, brand);
  const { wellMs, quietMs, backMs, lastTrueMs } = walkTheLadder(room);
  const between = (fromMs: number, toMs: number) =>
    room.diary.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);

  test('hears nothing before the batteries do, and does nothing', () => {
    for (const entry of between(0, wellMs)) expect(entry).toMatchObject(NOTHING);
    expect(room.house.heard[0]?.atMs).toBeGreaterThanOrEqual(wellMs);
  });

  test('uses what the bank allows while all is well, and does not trip', () => {
    expect(between(wellMs + 1500, quietMs).length).toBeGreaterThan(200);
    for (const entry of between(wellMs + 1500, quietMs)) expect(entry).toMatchObject(WELL);
  });

  test('is at zero in time when the batteries fall silent, and nothing rises on the way', () => {
    const falling = between(lastTrueMs, backMs);
    for (const [i, now] of falling.slice(1).entries()) {
      expect(now.chargeA).toBeLessThanOrEqual(falling[i]?.chargeA ?? 0);
      expect(now.dischargeA).toBeLessThanOrEqual(falling[i]?.dischargeA ?? 0);
    }
    expect(between(lastTrueMs, lastTrueMs + 14_000).at(-1)).toMatchObject(WELL);
    for (const entry of between(lastTrueMs + promisedMs(1000), backMs)) expect(entry).toMatchObject(NOTHING);
  });

  test('is told zero as long as the batteries are lost, and misses no battery', () => {
    const zeros = room.house.heard.filter(
      ({ frame, atMs }) => frame.id === 0x351 && atMs > lastTrueMs + 60_000,
    );
    expect(zeros.length).toBeGreaterThan(50);
    expect(room.whys()).toEqual([]);
  });

  test('goes on when they are back, 5 A a second', () => {
    expect(between(backMs, backMs + 9000).at(-1)).toMatchObject(NOTHING);
    const rising = room.since(backMs);
    for (const [i, now] of rising.slice(1).entries())
      expect(now.dischargeA - (rising[i]?.dischargeA ?? 0)).toBeLessThanOrEqual(5);
    expect(room.allows()).toEqual(WELL);
  });
});

describe('what a plain one sees', () => {
  test('the warning comes at once with old data, the enables go when the ramp has ended', () => {
    const room = roomOf('deye-lv', plain);
    room.speaking(4);
    room.until(room.lastTrueMs() + 16_100);
    expect(room.inverter.warnings()).toEqual([0, 0x08]);
    expect(room.allows().chargeA).toBeGreaterThan(0);
    room.until(room.lastTrueMs() + 26_100);
    expect(room.house.frame(0x35c)).toEqual(Uint8Array.of(0, 0));
    room.speaking(30);
    expect(room.inverter.warnings()).toEqual([0, 0]);
  });

  test('the sign that stops more inverters stops it at once', () => {
    const room = roomOf('solis-lv', plain, { stale_sign: 'protection' });
    room.speaking(4);
    room.until(room.lastTrueMs() + 16_100);
    expect(room.inverter.limits().chargeA).toBeGreaterThan(0);
    expect(room.allows()).toEqual(NOTHING);
    expect(room.whys()).toEqual(['protection of the battery']);
  });

  test('the voltage limit stays where it was, never near 0 V, where W31 would free the inverter of all limits', () => {
    const room = roomOf('deye-lv', plain);
    room.speaking(4);
    const toldV = room.inverter.cvlV();
    room.silent(100);
    expect(room.inverter.cvlV()).toBe(toldV);
    expect(toldV).toBeGreaterThan(50);
  });

  test('the numbers are those of the bank: 52.8 V, 20 A of discharge, half full, two strings', () => {
    const room = roomOf('pylontech-lv', plain);
    room.speaking(4);
    const { batteryV, batteryA, socPct, modules, maker } = room.inverter;
    expect([batteryV(), batteryA(), socPct(), modules(), maker()]).toEqual([52.8, -20, 50, 2, 'PYLON']);
  });

  test('a protection of the batteries is its own stop, within a fraction of a second', () => {
    const room = roomOf('pylontech-lv', plain);
    room.speaking(6);
    room.speak(reading({ alarms: ['cell_low_voltage'], dischargeFet: false }));
    room.until(room.now() + 100);
    expect(room.allows()).toEqual(NOTHING);
    expect(room.whys()).toEqual(['protection of the battery']);
  });
});

describe('brands with a mind of their own', () => {
  test('a Sol-Ark set to 0.01 V by mistake sees a battery of 528 V; the option puts it right', () => {
    const wrong = roomOf('sol-ark-lv', solArk, { voltage: 'hundredths' });
    wrong.speaking(4);
    expect(wrong.whys()).toEqual(['a battery of 528 V']);
    const right = roomOf('sol-ark-lv', { ...solArk, countsPerV: 100 }, { voltage: 'hundredths' });
    right.speaking(4);
    expect([right.whys(), right.inverter.batteryV()]).toEqual([[], 52.8]);
  });

  test('the plain frames are too short for a Sol-Ark, which is why it has a profile', () => {
    const room = roomOf('pylontech-lv', solArk);
    room.speaking(4);
    expect(room.whys()).toContain('0x355 has 4 bytes');
  });

  test('a Sofar that ignores 0 A ends at 0.1 A, and would have gone on at full current with plain zeros', () => {
    const room = roomOf('sofar-lv', sofar);
    room.speaking(30);
    room.silent(120);
    expect(room.inverter.limits()).toEqual({ chargeA: 0.1, dischargeA: 0.1 });
    expect(room.allows()).toEqual(NOTHING);
    const plainRoom = roomOf('pylontech-lv', sofar);
    plainRoom.speaking(30);
    plainRoom.silent(120);
    expect(plainRoom.inverter.limits().dischargeA).toBeGreaterThan(1);
    room.speaking(90);
    expect([room.allows(), room.whys()]).toEqual([WELL, []]);
  });
});
