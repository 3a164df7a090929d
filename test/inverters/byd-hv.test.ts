import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { bydInverter } from './byd-hv.ts';
import {
  courseOf,
  firstRise,
  inSeries,
  NOTHING,
  promisedMs,
  theInverterRoom,
  WELL_IN_SERIES,
  walkTheLadder,
} from './room.ts';

const PERIOD_MS = 2000;

const roomOf = (inverter: { ignoresZero?: boolean } = {}, settings = {}) =>
  theInverterRoom('byd-hv', (say) => bydInverter(say, inverter), { settings, ...inSeries });

describe('a Fronius on the way of a bank', () => {
  const room = roomOf();
  const { wellMs, quietMs, backMs, lastTrueMs, endMs } = walkTheLadder(room);

  test('calls in vain before the batteries were heard', () => {
    expect(courseOf(room.diary, 0, wellMs)).toEqual([NOTHING]);
    expect(room.house.heard[0]?.atMs).toBeGreaterThanOrEqual(wellMs);
  });

  test('knows the battery from its first words on, and uses what it allows', () => {
    expect(courseOf(room.diary, wellMs + PERIOD_MS + 1000, quietMs)).toEqual([WELL_IN_SERIES]);
    const { maker, product } = room.inverter;
    expect([maker(), product()]).toEqual(['BYD', 'Battery-Box Premium HVS']);
  });

  test('hears the limits every 2 s, the state every 10 s, the alarms every 60 s', () => {
    const gaps = (id: number) => {
      const times = room.inverter.heardAt(id).filter((ms) => ms <= quietMs + 10_000);
      return [...new Set(times.slice(1).map((ms, i) => Math.round((ms - (times[i] ?? 0)) / 1000)))];
    };
    expect(gaps(0x110)).toEqual([2]);
    for (const id of [0x150, 0x1d0, 0x210]) expect(gaps(id)).toEqual([10]);
    expect(gaps(0x190)).toEqual([]);
  });

  test('is at zero in time when the batteries fall silent, and nothing rises on the way', () => {
    const falling = room.diary.filter(({ atMs }) => atMs > lastTrueMs && atMs <= backMs);
    expect(firstRise(falling)).toBeUndefined();
    expect(courseOf(room.diary, lastTrueMs, lastTrueMs + 15_000)).toEqual([WELL_IN_SERIES]);
    expect(courseOf(room.diary, lastTrueMs + promisedMs(PERIOD_MS), backMs)).toEqual([NOTHING]);
  });

  test('misses the battery only when it is lost, not a second before', () => {
    const [first, ...others] = room.inverter.trips;
    expect(others).toEqual([]);
    expect(first?.why).toBe('no battery');
    expect(first?.atMs).toBeGreaterThan(lastTrueMs + 60_000 + 4000);
    expect(first?.atMs).toBeLessThan(lastTrueMs + 60_000 + 9000);
  });

  test('is told who it is once more when the batteries are back, and goes on', () => {
    const identified = room.inverter.heardAt(0x250);
    expect(identified.filter((ms) => ms > backMs).length).toBe(1);
    expect(courseOf(room.diary, endMs - 10_000, endMs)).toEqual([WELL_IN_SERIES]);
  });
});

test('the identification is said when it is asked for, and else once', () => {
  const room = roomOf();
  room.speaking(4);
  const before = room.inverter.heardAt(0x250).length;
  room.speaking(20);
  expect(room.inverter.heardAt(0x250).length).toBe(before);
  room.house.inverterSays(0x151, [1, 0, 0, 0, 0, 0, 0, 0]);
  room.speaking(2);
  expect(room.inverter.heardAt(0x250).length).toBe(before + 1);
});

test('a protection of the batteries stops its direction within a fraction of a second, unasked', () => {
  const room = roomOf();
  room.speaking(6);
  room.speak(reading({ alarms: ['cell_low_voltage'], dischargeFet: false }));
  room.until(room.now() + 200);
  expect(room.allows()).toEqual({ ...WELL_IN_SERIES, dischargeA: 0 });
  expect(room.whys()).toEqual([]);
});

test('it sees the numbers of the stack: 105.6 V, 10 A of discharge, half full; or the other sign by option', () => {
  const room = roomOf();
  room.speaking(6);
  const { batteryV, batteryA, socPct } = room.inverter;
  expect([batteryV(), batteryA(), socPct()]).toEqual([105.6, -10, 50]);
  const turned = roomOf({}, { current_sign: 'charging_negative' });
  turned.speaking(6);
  expect(turned.inverter.batteryA()).toBe(10);
});

describe('an inverter that ignores 0 A (Deye, Solis)', () => {
  const fullOnOneSide = () => reading({ alarms: ['cell_low_voltage'], dischargeFet: false });

  test('goes on discharging an empty battery, unless the state of charge is forced', () => {
    const plain = roomOf({ ignoresZero: true });
    plain.speaking(6);
    plain.speaking(14, fullOnOneSide);
    expect(plain.allows().dischargeA).toBe(100);
    const forced = roomOf({ ignoresZero: true }, { force_soc: 'at_zero_limit' });
    forced.speaking(6);
    forced.speaking(14, fullOnOneSide);
    expect(forced.allows()).toEqual({ ...WELL_IN_SERIES, dischargeA: 0 });
  });

  test('with old data ends near zero on the ramp, and is stopped by the silence of a lost battery', () => {
    const room = roomOf({ ignoresZero: true }, { force_soc: 'at_zero_limit' });
    room.speaking(20);
    room.until(room.lastTrueMs() + promisedMs(PERIOD_MS));
    expect(room.allows().chargeA).toBeLessThan(15);
    expect(room.allows().dischargeA).toBeLessThan(30);
    room.until(room.lastTrueMs() + 68_000);
    expect(room.allows()).toEqual(NOTHING);
    expect(room.whys()).toEqual(['no battery']);
  });
});
