import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { growattHvInverter, growattLvInverter } from './growatt.ts';
import {
  courseOf,
  firstRise,
  inSeries,
  NOTHING,
  promisedMs,
  theInverterRoom,
  WELL,
  WELL_IN_SERIES,
  walkTheLadder,
} from './room.ts';

const lowVoltage = () => theInverterRoom('growatt-lv', growattLvInverter);
const highVoltage = () => theInverterRoom('growatt-hv', growattHvInverter, inSeries);

describe('an off-grid Growatt on the way of a bank', () => {
  const room = lowVoltage();
  const { wellMs, quietMs, backMs, lastTrueMs, endMs } = walkTheLadder(room);

  test('polls in vain before the batteries were heard, then uses what they allow', () => {
    expect(courseOf(room.diary, 0, wellMs)).toEqual([NOTHING]);
    expect(room.house.heard[0]?.atMs).toBeGreaterThanOrEqual(wellMs);
    expect(courseOf(room.diary, wellMs + 2000, quietMs)).toEqual([WELL]);
  });

  test('is at zero in time when they fall silent, and nothing rises on the way', () => {
    expect(firstRise(room.diary.filter(({ atMs }) => atMs > lastTrueMs && atMs <= backMs))).toBeUndefined();
    expect(courseOf(room.diary, lastTrueMs, lastTrueMs + 15_000)).toEqual([WELL]);
    expect(courseOf(room.diary, lastTrueMs + promisedMs(1000), backMs)).toEqual([NOTHING]);
  });

  test('never leaves the house in the dark: every poll is answered, also of a lost bank', () => {
    expect(room.whys()).toEqual([]);
    const answers = room.house.heard.filter(
      ({ frame, atMs }) => frame.id === 0x311 && atMs > lastTrueMs + 60_000 && atMs <= backMs,
    );
    expect(answers.length).toBeGreaterThan(55);
  });

  test('goes on when they are back', () => {
    expect(courseOf(room.diary, endMs - 10_000, endMs)).toEqual([WELL]);
  });
});

test('an off-grid Growatt that is not answered goes dark, so a stopped gateway is seen', () => {
  const room = lowVoltage();
  room.speaking(6);
  room.house.evaluation.stop();
  room.silent(20);
  expect(room.whys()).toEqual(['the house is dark']);
});

test('it sees 52.8 V, 20 A of discharge, half full, two packs', () => {
  const room = lowVoltage();
  room.speaking(4);
  const { volts, amps, degrees, socPct, packs, state, spState } = room.inverter;
  expect([volts(), amps(), degrees(), socPct(), packs()]).toEqual([52.8, -20, 21, 50, 2]);
  expect([state(), spState()]).toEqual(['discharging', 3]);
});

test('old data is a fault with a battery at rest, long before the limits are at zero', () => {
  const room = lowVoltage();
  room.speaking(4);
  room.until(room.lastTrueMs() + 17_100);
  const { isFaulty, state, spState, amps, wantsCharge } = room.inverter;
  expect([isFaulty(), state(), spState(), amps(), wantsCharge()]).toEqual([true, 'standby', 1, 0, false]);
  expect(room.allows().dischargeA).toBeGreaterThan(0);
  room.speaking(40);
  expect([isFaulty(), state(), room.whys()]).toEqual([false, 'discharging', []]);
});

test('a protection of the batteries is in the next answer', () => {
  const room = lowVoltage();
  room.speaking(6);
  room.speak(reading({ alarms: ['cell_low_voltage'], dischargeFet: false }));
  room.until(room.now() + 1300);
  expect(room.allows().dischargeA).toBe(0);
  expect(room.whys()).toEqual(['a fault of the battery']);
});

describe('a three-phase Growatt on the way of a stack', () => {
  const room = highVoltage();
  const { wellMs, quietMs, backMs, lastTrueMs, endMs } = walkTheLadder(room);

  test('beats in vain before the batteries were heard, then uses what they allow', () => {
    expect(courseOf(room.diary, 0, wellMs)).toEqual([NOTHING]);
    expect(room.house.heard[0]?.atMs).toBeGreaterThanOrEqual(wellMs);
    expect(courseOf(room.diary, wellMs + 2000, quietMs)).toEqual([WELL_IN_SERIES]);
    const { volts, socPct, cells, modules } = room.inverter;
    expect([volts(), socPct(), cells(), modules()]).toEqual([105.6, 50, 32, 2]);
  });

  test('lets go when they fall silent, and nothing rises on the way', () => {
    expect(firstRise(room.diary.filter(({ atMs }) => atMs > lastTrueMs && atMs <= backMs))).toBeUndefined();
    expect(courseOf(room.diary, lastTrueMs, lastTrueMs + 15_000)).toEqual([WELL_IN_SERIES]);
    expect(courseOf(room.diary, lastTrueMs + promisedMs(1000), backMs)).toEqual([NOTHING]);
  });

  test('is told zero as long as they are lost, misses no battery, and goes on when they are back', () => {
    expect(room.whys()).toEqual([]);
    expect(courseOf(room.diary, endMs - 10_000, endMs)).toEqual([WELL_IN_SERIES]);
  });
});

test('of the stack both directions are closed when the ramp has ended, whoever does not look at the fault', () => {
  const room = highVoltage();
  room.speaking(4);
  room.until(room.lastTrueMs() + 17_100);
  expect([room.inverter.isFaulty(), room.inverter.state(), room.inverter.amps()]).toEqual([
    true,
    'standby',
    0,
  ]);
  expect(room.inverter.limits().dischargeA).toBeGreaterThan(0);
  expect(room.inverter.closed()).toEqual([false, false]);
  room.until(room.lastTrueMs() + promisedMs(1000));
  expect(room.inverter.limits()).toEqual(NOTHING);
  expect(room.inverter.closed()).toEqual([true, true]);
});

test('nothing is said to a bus on which no inverter was heard', () => {
  const room = theInverterRoom('growatt-hv', () => growattHvInverter(() => {}), inSeries);
  room.speaking(20);
  expect(room.house.heard).toEqual([]);
});
