import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { NOTHING, promisedMs, theInverterRoom, WELL, walkTheLadder } from './room.ts';
import { sunnyIsland } from './sunny-island.ts';

const roomOf = (settings = {}, offGrid = false) =>
  theInverterRoom('sma', (say) => sunnyIsland(say, { offGrid }), { settings });
const INTERNAL = 11;

describe('a Sunny Island through the whole ladder', () => {
  const room = roomOf();
  const { wellMs, quietMs, backMs, lastTrueMs } = walkTheLadder(room);
  const between = (fromMs: number, toMs: number) =>
    room.diary.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);

  test('hears nothing before the batteries do: no state of charge of 0, no defaults', () => {
    expect(room.house.heard[0]?.atMs).toBeGreaterThanOrEqual(wellMs);
    for (const entry of between(0, wellMs)) expect(entry).toMatchObject(NOTHING);
  });

  test('uses what the bank allows while all is well', () => {
    expect(between(wellMs + 1500, quietMs).length).toBeGreaterThan(200);
    for (const entry of between(wellMs + 1500, quietMs)) expect(entry).toMatchObject(WELL);
  });

  test('is told zero in time, and never stops: neither by an alarm nor by 60 s of silence', () => {
    for (const entry of between(lastTrueMs + promisedMs(1000), backMs)) expect(entry).toMatchObject(NOTHING);
    expect([room.whys(), room.inverter.rejected]).toEqual([[], []]);
    expect(room.inverter.socPct()).toBe(50);
  });

  test('goes on when they are back, 5 A a second', () => {
    const rising = room.since(backMs);
    for (const [i, now] of rising.slice(1).entries())
      expect(now.dischargeA - (rising[i]?.dischargeA ?? 0)).toBeLessThanOrEqual(5);
    expect(room.allows()).toEqual(WELL);
  });
});

describe('old data on a Sunny Island', () => {
  test('is the internal warning and no alarm; it is cleared when the batteries are back', () => {
    const room = roomOf();
    room.speaking(4);
    room.silent(100);
    expect([[...room.inverter.warnings], [...room.inverter.alarms]]).toEqual([[INTERNAL], []]);
    room.speaking(30);
    expect([...room.inverter.warnings]).toEqual([]);
  });

  test('does not black out an off-grid house, which goes on on the battery alone', () => {
    const room = roomOf({}, true);
    room.speaking(10);
    room.silent(300);
    expect(room.allows()).toEqual({ chargeA: 0, dischargeA: 30 });
    expect(room.whys()).toEqual([]);
  });

  test('a gateway that stands still is the 60 s of silence that ends in a shutdown', () => {
    const room = roomOf();
    room.speaking(10);
    room.house.evaluation.stop();
    room.silent(70);
    expect([room.allows(), room.whys()]).toEqual([NOTHING, ['F952: no battery, SoC 0']]);
  });
});

describe('a battery that blocks charging in winter', () => {
  const frozen = () =>
    reading({ alarms: ['low_temperature_charge'], chargeFet: false, temperaturesC: [-4, -3] });

  test('keeps the house on by default: a warning, no charge, all of the discharge', () => {
    const room = roomOf();
    room.speaking(10);
    room.speaking(20, frozen);
    expect(room.inverter.stops()).toBe(false);
    expect([...room.inverter.warnings]).toContain(6);
    expect(room.allows().chargeA).toBe(0);
    expect(room.allows().dischargeA).toBeGreaterThan(0);
  });

  test('stops the inverter where the installer chose alarms, until they are cleared', () => {
    const room = roomOf({ charge_alarms: 'alarms' });
    room.speaking(10);
    room.speaking(20, frozen);
    expect([room.whys(), room.allows()]).toEqual([['F926'], NOTHING]);
    room.speaking(60);
    expect(room.inverter.stops()).toBe(false);
  });

  test('goes out with old data as well, without a stop', () => {
    const room = roomOf();
    room.speaking(10, frozen);
    room.silent(100);
    expect(room.inverter.stops()).toBe(false);
    expect([...room.inverter.warnings].toSorted((a, b) => a - b)).toEqual([6, INTERNAL]);
  });
});

describe('an alarm that is meant', () => {
  test('an empty battery that has switched itself off stops the inverter, and lets it go when it is over', () => {
    const room = roomOf();
    room.speaking(10);
    room.speaking(10, () => reading({ alarms: ['low_voltage'], dischargeFet: false }));
    expect(room.whys()).toEqual(['F922']);
    room.speaking(40);
    expect(room.inverter.stops()).toBe(false);
  });

  test('heat that forbids discharging stops it; heat that only forbids charging does not', () => {
    const hot = roomOf();
    hot.speaking(10, () => reading({ alarms: ['high_temperature'], dischargeFet: false }));
    expect(hot.whys()).toEqual(['F923']);
    const warm = roomOf();
    warm.speaking(10, () => reading({ alarms: ['high_temperature_charge'], chargeFet: false }));
    expect(warm.whys()).toEqual([]);
  });
});

describe('the 200 ms of the Sunny Island', () => {
  test('hold when protections come and go faster than that', () => {
    const room = roomOf();
    room.speaking(6);
    for (let i = 0; i < 20; i++) {
      room.speak(reading(i % 2 ? {} : { alarms: ['low_voltage'], dischargeFet: false }));
      room.until(room.now() + 70);
    }
    room.speaking(10);
    expect(room.whys().filter((why) => why.includes('within'))).toEqual([]);
    expect(room.whys()).toEqual(['F922']);
  });
});

describe('what a Sunny Island does with what it must never hear', () => {
  const alone = () => sunnyIsland(() => {});
  const limits = (hex: string) => Uint8Array.from(hex.split(' ').map((byte) => Number.parseInt(byte, 16)));

  test('a CVL of 0 or of 65 V is rejected and the one before stays', () => {
    const inverter = alone();
    inverter.hear({ id: 0x351, extended: false, data: limits('34 02 4C 04 B0 04 CC 01') }, 0);
    inverter.hear({ id: 0x351, extended: false, data: limits('00 00 00 00 00 00 CC 01') }, 1000);
    expect(inverter.held()).toMatchObject({ chargeV: 56.4, chargeA: 0 });
    expect(inverter.rejected).toEqual(['chargeV 0']);
  });

  test('the code for "invalid" is a state of charge of 0 %, and a shutdown', () => {
    const inverter = alone();
    inverter.hear({ id: 0x355, extended: false, data: limits('50 00 61 00 FF FF') }, 0);
    expect(inverter.trips.map(({ why }) => why)).toEqual(['SoC 0: complete shutdown']);
  });
});

describe('a Goodwe that reads the same frames', () => {
  test('is served twice a second, at zero in time, and back again', () => {
    const room = theInverterRoom('goodwe-lv', (say) => sunnyIsland(say, { ownTalk: false }));
    const { lastTrueMs, backMs } = walkTheLadder(room);
    const lost = room.diary.filter(({ atMs }) => atMs > lastTrueMs + promisedMs(500) && atMs <= backMs);
    for (const entry of lost) expect(entry).toMatchObject(NOTHING);
    expect([room.allows(), room.whys(), room.inverter.rejected]).toEqual([WELL, [], []]);
    const limits = room.house.heard.filter(({ frame, atMs }) => frame.id === 0x351 && atMs > backMs);
    expect(limits.length).toBeGreaterThan(175);
  });
});
