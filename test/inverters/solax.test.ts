import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
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
import { solaxInverter } from './solax.ts';

const roomOf = (settings = {}) => theInverterRoom('solax-hv', solaxInverter, { settings, ...inSeries });

describe('a SolaX on the way of a bank', () => {
  const room = roomOf();
  const { wellMs, quietMs, backMs, lastTrueMs, endMs } = walkTheLadder(room);

  test('polls in vain before the batteries were heard', () => {
    expect(courseOf(room.diary, 0, wellMs)).toEqual([NOTHING]);
    expect(room.house.heard[0]?.atMs).toBeGreaterThanOrEqual(wellMs);
  });

  test('is announced a battery, asks it to connect, and uses it within five polls', () => {
    expect(courseOf(room.diary, wellMs + 5000, quietMs)).toEqual([WELL_IN_SERIES]);
    expect(room.inverter.stages().slice(0, 3)).toEqual(['searching', 'closing', 'connected']);
    expect(room.inverter.announced()).toBe(true);
  });

  test('is at zero in time when the batteries fall silent, nothing rises, and the contactor stays closed on the way', () => {
    expect(firstRise(room.diary.filter(({ atMs }) => atMs > lastTrueMs && atMs <= backMs))).toBeUndefined();
    expect(courseOf(room.diary, lastTrueMs, lastTrueMs + 15_000)).toEqual([WELL_IN_SERIES]);
    expect(courseOf(room.diary, lastTrueMs + promisedMs(1000), backMs)).toEqual([NOTHING]);
    expect(room.whys()).not.toContain('the contactor opened by itself');
  });

  test('misses the battery once, when it is lost', () => {
    expect(room.inverter.trips.map(({ why }) => why)).toEqual(['BMS lost']);
    expect(room.inverter.trips[0]?.atMs).toBeGreaterThan(lastTrueMs + 60_000 + 2000);
    expect(room.inverter.trips[0]?.atMs).toBeLessThan(lastTrueMs + 60_000 + 6000);
  });

  test('begins anew with an announcement when they are back', () => {
    expect(room.inverter.stages()).toEqual([
      'searching',
      'closing',
      'connected',
      'searching',
      'closing',
      'connected',
    ]);
    expect(courseOf(room.diary, endMs - 10_000, endMs)).toEqual([WELL_IN_SERIES]);
  });
});

test('a SolaX that wants the battery off sees it open, and may ask for it again', () => {
  const room = roomOf();
  room.speaking(8);
  room.inverter.open();
  room.speaking(2);
  expect(room.inverter.isClosed()).toBe(false);
  room.speaking(6);
  expect(room.inverter.stages()).toEqual([
    'searching',
    'closing',
    'connected',
    'opening',
    'searching',
    'closing',
    'connected',
  ]);
  expect([room.allows(), room.whys()]).toEqual([WELL_IN_SERIES, []]);
});

test('a SolaX that says nothing for more than 2 s finds a battery that begins anew', () => {
  const room = roomOf();
  room.speaking(8);
  room.inverter.pause(2200);
  room.speaking(4);
  expect(room.whys()).toEqual(['the contactor opened by itself']);
  expect(room.inverter.isClosed()).toBe(false);
});

test('a pause of less than 2 s is nothing to it', () => {
  const room = roomOf();
  room.speaking(8);
  room.inverter.pause(1900);
  room.speaking(10);
  expect([room.whys(), room.allows()]).toEqual([[], WELL_IN_SERIES]);
});

test('it sees 105.6 V, 10 A of discharge, half of a battery of 10.2 kWh, and a serial number on request', () => {
  const room = roomOf({ serial: 'GATEWAY0000042' });
  room.speaking(8);
  const { volts, amps, socPct, totalWh } = room.inverter;
  expect([volts(), amps(), socPct(), totalWh()]).toEqual([105.6, -10, 50, 10_240]);
  room.inverter.askForSerial();
  room.speaking(1);
  expect(room.inverter.serial()).toBe('GATEWAY0000042');
});

test('a battery of another type is seen at once', () => {
  const room = roomOf({ battery_type: 80 });
  room.speaking(4);
  expect(room.whys()).toEqual(['a battery of another type']);
});

test('a protection of the batteries is a limit of 0 in the next answer, and no trip', () => {
  const room = roomOf();
  room.speaking(8);
  room.speak(reading({ alarms: ['cell_low_voltage'], dischargeFet: false }));
  room.until(room.now() + 1300);
  expect([room.allows(), room.whys()]).toEqual([{ ...WELL_IN_SERIES, dischargeA: 0 }, []]);
});
