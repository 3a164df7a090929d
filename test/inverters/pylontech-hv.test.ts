import { describe, expect, test } from 'vitest';
import type { Settings } from '../../src/profile/options.ts';
import { reading } from '../bank/room.ts';
import { type Form, ferroamp, plainForm, pylontechHvInverter, usual } from './pylontech-hv.ts';
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

const plainSettings: Settings = {
  byte_order: 'big',
  current_offset: false,
  temperature_offset: false,
  discharge_limit_sign: 'positive',
};

const roomOf = (form: Form, settings: Settings = {}) =>
  theInverterRoom('pylontech-hv', (say) => pylontechHvInverter(say, form), { settings, ...inSeries });

describe.each<[string, Form, Settings]>([
  ['with offsets, little-endian', usual, {}],
  ['at address 1, as Ferroamp has it', ferroamp, { address: 1 }],
  ['in the plain form, big-endian', plainForm, plainSettings],
])('an energy management that polls %s', (_, form, settings) => {
  const room = roomOf(form, settings);
  const { wellMs, quietMs, backMs, lastTrueMs, endMs } = walkTheLadder(room);

  test('polls in vain before the batteries were heard', () => {
    expect(room.house.heard[0]?.atMs).toBeGreaterThanOrEqual(wellMs);
    expect(courseOf(room.diary, 0, wellMs)).toEqual([NOTHING]);
  });

  test('has a whole answer for every poll, once, and uses what the bank allows', () => {
    expect(courseOf(room.diary, wellMs + 1500, quietMs)).toEqual([WELL_IN_SERIES]);
    expect(room.inverter.unasked()).toBe(0);
  });

  test('is at zero in time when the batteries fall silent, and nothing rises on the way', () => {
    expect(firstRise(room.diary.filter(({ atMs }) => atMs > lastTrueMs && atMs <= backMs))).toBeUndefined();
    expect(courseOf(room.diary, lastTrueMs, lastTrueMs + 15_000)).toEqual([WELL_IN_SERIES]);
    expect(courseOf(room.diary, lastTrueMs + promisedMs(1000), backMs)).toEqual([NOTHING]);
  });

  test('trips only when a lost battery does not answer any more', () => {
    expect(room.inverter.trips.map(({ why }) => why)).toEqual(['no answer']);
    const atMs = room.inverter.trips[0]?.atMs ?? 0;
    expect(atMs).toBeGreaterThan(lastTrueMs + 60_000 + 4000);
    expect(atMs).toBeLessThan(lastTrueMs + 60_000 + 7000);
  });

  test('goes on when the batteries are back', () => {
    expect(courseOf(room.diary, endMs - 10_000, endMs)).toEqual([WELL_IN_SERIES]);
  });
});

test('a stack of two packs: 105.6 V, 10 A of discharge, 21 °C, 32 cells, and its name', () => {
  const room = roomOf(usual, { manufacturer: 'PYLONTECH' });
  room.speaking(4);
  const { batteryV, batteryA, batteryC, cells, modules, maker, status } = room.inverter;
  expect([batteryV(), batteryA(), cells(), modules(), status()]).toEqual([
    105.6,
    -10,
    32,
    [2, 16],
    'discharge',
  ]);
  expect(batteryC()).toBeCloseTo(20.5, 1);
  expect(maker()).toBe('PYLONTECH');
});

test('an inverter that knows certain stacks takes the counts that the installer sets', () => {
  const strange = roomOf({ ...usual, knownCells: 120 });
  strange.speaking(3);
  expect(strange.whys()).toEqual(['a stack of 32 cells']);
  const known = roomOf(
    { ...usual, knownCells: 120 },
    { cells_in_series: 120, modules_in_series: 4, cells_per_module: 30 },
  );
  known.speaking(3);
  expect(known.whys()).toEqual([]);
});

test('the wrong form is seen at once', () => {
  const room = roomOf(plainForm);
  room.speaking(4);
  expect(room.whys()).toContain('limits of voltage that cannot be');
});

test('a stale bank is at rest, asks for nothing, and both directions are forbidden when the ramp has ended', () => {
  const room = roomOf(usual);
  room.speaking(4);
  room.until(room.lastTrueMs() + 17_000);
  expect(room.inverter.status()).toBe('idle');
  expect(room.inverter.forbidden()).toEqual([false, false]);
  room.until(room.lastTrueMs() + promisedMs(1000));
  expect(room.inverter.forbidden()).toEqual([true, true]);
  expect(room.inverter.limits()).toEqual(NOTHING);
  expect(room.inverter.wantsCharge()).toBe(false);
  expect(room.whys()).toEqual([]);
});

test('a protection of the batteries is in the next answer, as limit, mark and alarm', () => {
  const room = roomOf(usual);
  room.speaking(6);
  room.speak(reading({ alarms: ['cell_low_voltage'], dischargeFet: false }));
  room.until(room.now() + 1300);
  expect(room.inverter.forbidden()).toEqual([false, true]);
  expect(room.whys()).toEqual(['a protection of the battery']);
  expect(room.allows()).toEqual(NOTHING);
});
