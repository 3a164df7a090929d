import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { NOTHING, promisedMs, theInverterRoom, WELL, walkTheLadder } from './room.ts';
import { PAIR, victronGx } from './victron-gx.ts';

const roomOf = (profile = 'victron', settings = {}) => theInverterRoom(profile, victronGx, { settings });

describe('a Victron GX through the whole ladder', () => {
  const room = roomOf();
  const { wellMs, quietMs, backMs, lastTrueMs } = walkTheLadder(room);
  const between = (fromMs: number, toMs: number) =>
    room.diary.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);

  test('hears nothing before the batteries do', () => {
    expect(room.house.heard[0]?.atMs).toBeGreaterThanOrEqual(wellMs);
    for (const entry of between(0, wellMs)) expect(entry).toMatchObject(NOTHING);
  });

  test('uses what the bank allows while all is well', () => {
    expect(between(wellMs + 1500, quietMs).length).toBeGreaterThan(200);
    for (const entry of between(wellMs + 1500, quietMs)) expect(entry).toMatchObject(WELL);
  });

  test('is told zero in time, then nothing, and stops by its own rule of 3 s', () => {
    for (const entry of between(lastTrueMs + promisedMs(1000), backMs)) expect(entry).toMatchObject(NOTHING);
    const silence = room.house.heard.filter(({ atMs }) => atMs > lastTrueMs + 62_000 && atMs < backMs + 9000);
    expect(silence).toEqual([]);
    expect(room.inverter.trips.map(({ why }) => why)).toEqual(['no 0x351 for 3 s']);
    const [missed] = room.inverter.trips;
    expect(missed?.atMs).toBeGreaterThan(lastTrueMs + 60_000);
    expect(missed?.atMs).toBeLessThan(lastTrueMs + 66_000);
  });

  test('goes on when they are back, 5 A a second', () => {
    const rising = room.since(backMs);
    for (const [i, now] of rising.slice(1).entries())
      expect(now.dischargeA - (rising[i]?.dischargeA ?? 0)).toBeLessThanOrEqual(5);
    expect([room.allows(), room.inverter.isMissing()]).toEqual([WELL, false]);
  });
});

describe('what a GX sees', () => {
  test('no 0x351 is ever 3 s late while the batteries answer, and none says CVL 0', () => {
    const room = roomOf();
    room.speaking(120);
    expect(room.whys()).toEqual([]);
    const limits = room.house.heard.filter(({ frame }) => frame.id === 0x351).map(({ atMs }) => atMs);
    const gaps = limits.slice(1).map((ms, i) => ms - (limits[i] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1010);
  });

  test('every defined pair says raised or clear: nothing is raised, on line is clear', () => {
    const room = roomOf();
    room.speaking(4);
    expect(room.inverter.raised()).toEqual([]);
    expect(room.inverter.unsaid()).toEqual([13, 14, 15, 30, 31]);
    expect(room.inverter.pair(PAIR.status)).toBe(2);
  });

  test('old data raises the internal warning and the status "off line" at once; both are cleared when it is over', () => {
    const room = roomOf();
    room.speaking(4);
    room.until(room.lastTrueMs() + 14_900);
    expect(room.inverter.raised()).toEqual([]);
    room.until(room.lastTrueMs() + 16_100);
    expect(room.inverter.raised()).toEqual([PAIR.internalWarning, PAIR.status]);
    expect(room.allows().dischargeA).toBeGreaterThan(0);
    room.speaking(20);
    expect(room.inverter.raised()).toEqual([]);
  });

  test('the numbers are those of the bank', () => {
    const room = roomOf('victron', { battery_name: 'Garage bank', product_name: 'HOUSE' });
    room.speaking(4);
    expect(room.inverter.battery()).toEqual({
      socPct: 50,
      volts: 52.8,
      amps: -20,
      celsius: 20.5,
      lowestCellV: 3.3,
      highestCellV: 3.3,
      coldestC: 20,
      stringsOnline: 2,
      installedAh: 200,
    });
    const { text } = room.inverter;
    expect(`${text(0x370)}${text(0x371)} by ${text(0x35e)}, ${text(0x382)}`).toBe(
      'Garage bank by BMSGATE, HOUSE',
    );
  });

  test('a low state of charge does not stop the charging that would end it; a real under-voltage does', () => {
    const room = roomOf();
    room.speaking(4);
    const low = reading({ socPct: 4, alarms: ['low_soc'], warnings: ['low_voltage'] });
    room.speaking(30, () => low);
    expect(room.inverter.raised()).toEqual([18]);
    expect(room.allows().chargeA).toBeGreaterThan(0);
    const flat = reading({ socPct: 0, alarms: ['low_voltage'], dischargeFet: false });
    room.speaking(10, () => flat);
    expect(room.inverter.raised()).toContain(PAIR.lowVoltage);
    expect(room.allows()).toEqual(NOTHING);
  });

  test('a gateway that stands still is silent within 3 s, and the GX has stopped 3 s and a period later', () => {
    const room = roomOf();
    room.speaking(10);
    room.house.evaluation.stop();
    room.until(room.now() + 7100);
    expect([room.allows(), room.whys()]).toEqual([NOTHING, ['no 0x351 for 3 s']]);
  });
});

describe('a hybrid set to a BYD low-voltage battery', () => {
  test('is told zero limits in time, and goes on hearing them', () => {
    const room = roomOf('byd-lv');
    const { lastTrueMs, backMs } = walkTheLadder(room);
    const lost = room.diary.filter(({ atMs }) => atMs > lastTrueMs + promisedMs(1000) && atMs <= backMs);
    for (const entry of lost) expect(entry).toMatchObject(NOTHING);
    expect(room.whys()).toEqual([]);
    expect(room.allows()).toEqual(WELL);
    expect([room.inverter.text(0x35e), room.inverter.text(0x382)]).toEqual(['BYD', 'PREMIUM']);
    expect(room.inverter.unsaid()).toEqual([]);
  });
});
