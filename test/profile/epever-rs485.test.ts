import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SignalValues } from '../../src/model/signals.ts';
import { hex } from '../modbus/battery.ts';
import { batteryTold } from '../modbus/battery-told.ts';
import { request } from '../modbus/line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The bank of the RS485 reference, section 11. */
const reference: SignalValues = {
  cellsInSeries: 16,
  voltageV: 52.8,
  currentA: -12.5,
  powerW: -660,
  capacityAh: 280,
  remainingCapacityAh: 212.8,
  socPct: 76,
  maxCellTemperatureC: 24.1,
  minCellTemperatureC: 22.8,
  temperatureC: 23.5,
  chargeVoltageLimitV: 56.8,
  dischargeVoltageLimitV: 44.8,
  chargeCurrentLimitA: 100,
  dischargeCurrentLimitA: 150,
};
const epever = (given: SignalValues = {}, settings = {}) =>
  batteryTold('epever-rs485', { ...reference, ...given }, settings);

describe('an UPower polls units 3 and 4', () => {
  test('the example of the reference, power with its low word first', async () => {
    expect((await epever()).ask('04 04 31 00 00 07 BF 61')).toBe(
      '04 04 0E 00 10 14 A0 FB 1E FE 30 FF FE 01 18 00 4C 44 4C',
    );
  });

  test.each([
    ['coils at 3', 3, '01 00 01 00 05', '01 01 00'],
    ['discrete inputs at 3', 3, '02 20 00 00 15', '02 03 00 00 00'],
    ['the battery is on line at 3', 3, '04 30 FF 00 01', '04 02 00 01'],
    ['coil 8 at 3', 3, '05 00 08 FF 00', '05 00 08 FF 00'],
    ['the protocol at 4', 4, '10 90 14 00 01 02 00 0A', '10 90 14 00 01'],
    ['the version of the list at 4', 4, '03 90 14 00 01', '03 02 00 0A'],
  ])('%s', async (_, unit, ask, reply) =>
    expect((await epever()).ask(request(unit, ask))).toBe(hex(request(unit, reply))),
  );

  test('all of its wide reads are answered, at both units', async () => {
    const battery = await epever();
    for (const [unit, fc, at, count] of [
      [3, 3, 0x9000, 32],
      [3, 4, 0x3100, 41],
      [4, 3, 0x9000, 21],
      [4, 4, 0x3100, 40],
    ] as const)
      expect(battery.words(at, count, fc, unit).split(' ')).toHaveLength(count);
  });

  test('measurements are input registers and limits holding registers, not both', async () => {
    const battery = await epever();
    expect(battery.words(0x3100, 1, 3, 4)).toBe('');
    expect(battery.words(0x9000, 1, 4, 4)).toBe('');
  });
});

describe('what the inverter writes at unit 3', () => {
  const settings = Array(32).fill('13 88').join(' ');

  test('is read back there, the grid frequency too, and does not touch the limits at unit 4', async () => {
    const battery = await epever();
    const before = battery.words(0x9000, 32, 3, 4);
    expect(battery.words(0x9005, 1, 3, 3)).toBe('2710');
    battery.ask(request(3, `10 90 00 00 20 40 ${settings}`));
    expect(battery.words(0x9009, 1, 3, 3)).toBe('1388');
    expect(battery.words(0x9000, 32, 3, 4).replace('000A', '1388')).toBe(before.replace('000A', '1388'));
  });

  test('cannot be written at unit 4', async () => {
    const battery = await epever();
    expect(battery.ask(request(4, '10 90 05 00 01 02 FF FF'))).toBe(hex(request(4, '90 02')));
    expect(battery.words(0x9005, 1, 3, 4)).toBe('2710');
  });

  test('does not reach what is measured', async () => {
    expect((await epever()).ask(request(3, '06 31 01 00 00'))).toBe(hex(request(3, '86 02')));
  });
});

describe('how it learns that something is wrong', () => {
  const status = async (given: SignalValues) => (await epever(given)).words(0x3127, 1, 4, 4);

  test.each<[string, SignalValues, string]>([
    ['all well', {}, '0000'],
    ['late', { freshness: 'late' }, '0000'],
    ['old data: communication fault, both directions stopped', { freshness: 'stale' }, 'C004'],
    ['charge forbidden', { chargeEnable: false }, '8000'],
    ['discharge forbidden, asking for charge', { dischargeEnable: false, forceCharge1: true }, '6000'],
    ['full', { socPct: 100 }, '1000'],
    ['almost full', { socPct: 99.99 }, '0000'],
    ['an alarm without a state of its own', { alarms: ['contactor'] }, '0001'],
  ])('%s', async (_, given, word) => expect(await status(given)).toBe(word));

  test('protections are told before warnings', async () => {
    const battery = await epever({
      alarms: ['cell_low_voltage', 'high_discharge_current', 'high_temperature'],
      warnings: ['high_voltage', 'high_charge_current', 'mosfet_high_temperature'],
    });
    expect(battery.words(0x310f, 7, 4, 4)).toBe('00F1 00F1 0003 00F2 0000 0000 0002');
  });

  test('of old data the limits are 0 in both scales, and what was measured repeats', async () => {
    const battery = await epever({ freshness: 'stale' });
    expect(battery.words(0x9002, 6, 3, 4)).toBe('1630 1630 0000 0000 0000 0000');
    expect(battery.words(0x9016, 4, 3, 4)).toBe('01C0 0238 0000 0000');
    expect(battery.words(0x3101, 2, 4, 4)).toBe('14A0 FB1E');
  });

  test('a lost bank does not answer at either unit', async () => {
    const battery = await epever({ freshness: 'lost' });
    for (const unit of [3, 4]) expect(battery.ask(request(unit, '04 31 00 00 07'))).toBe('');
  });
});

test('limits above 655.34 A stop there, and a cold cell has its sign', async () => {
  const battery = await epever({
    chargeCurrentLimitA: 700,
    minCellTemperatureC: -3.25,
    maxCellTemperatureC: -1.5,
  });
  expect(battery.words(0x9004, 2, 3, 4)).toBe('FFFE FFFE');
  expect(battery.words(0x3108, 2, 4, 4)).toBe('FF6A FEBB');
});
