import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SignalValues } from '../../src/model/signals.ts';
import { hex } from '../modbus/battery.ts';
import { batteryTold } from '../modbus/battery-told.ts';
import { request } from '../modbus/line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The bank of the RS485 reference, section 9. */
const reference: SignalValues = {
  socPct: 76,
  sohPct: 98,
  voltageV: 52.8,
  currentA: -12.5,
  remainingCapacityAh: 212.8,
  capacityAh: 280,
  cycles: 112,
  temperatureC: 23.5,
  cellVoltagesV: [
    3.297, 3.3, 3.303, 3.297, 3.3, 3.303, 3.297, 3.3, 3.303, 3.297, 3.3, 3.305, 3.297, 3.3, 3.303, 3.297,
  ],
  chargeVoltageLimitV: 56.8,
  dischargeVoltageLimitV: 44.8,
  chargeCurrentLimitA: 100,
  dischargeCurrentLimitA: 150,
};
const pace = (given: SignalValues = {}, settings = {}) =>
  batteryTold('pace-modbus', { ...reference, ...given }, settings);

describe('a PACE master reads', () => {
  test.each([
    [
      'P1, the first block',
      '01 03 00 00 00 0C 45 CF',
      '01 03 18 FB 1E 14 A0 00 4C 00 62 53 20 6D 60 6D 60 00 70 00 00 00 00 00 00 0E 00 4F 9A',
    ],
    [
      'P2, the cells',
      '01 03 00 0F 00 10 74 05',
      '01 03 20 0C E1 0C E4 0C E7 0C E1 0C E4 0C E7 0C E1 0C E4 0C E7 0C E1 0C E4 0C E9 0C E1 0C E4 0C E7 0C E1 50 0E',
    ],
    ['P3, past the map', '01 03 00 C8 00 01 05 F4', '01 83 02 C0 F1'],
  ])('%s', async (_, ask, reply) => expect((await pace()).ask(ask)).toBe(reply));

  test('125 registers in one go, and the version and serial number when the installer gave them', async () => {
    const battery = await pace({}, { serial: 'BANK-1', firmware_version: '1.0' });
    expect(battery.words(0, 125).split(' ')).toHaveLength(125);
    expect(battery.words(150, 2)).toBe('312E 3000');
    expect(battery.words(160, 3)).toBe(battery.words(170, 3));
  });
});

describe('how a bank is stopped that has no limits in its map', () => {
  const stop = async (given: SignalValues) => (await pace(given)).words(9, 3);

  test('by the MOS bit of the direction', async () => {
    expect(await stop({ chargeEnable: false })).toBe('0000 0000 0A00');
    expect(await stop({ dischargeEnable: false })).toBe('0000 0000 0600');
  });

  test('by the settings in whole amperes, downwards', async () => {
    const battery = await pace({ chargeCurrentLimitA: 99.9, dischargeCurrentLimitA: 0.9 });
    expect([battery.words(77), battery.words(80)]).toEqual(['0063', '0000']);
    expect([battery.words(61), battery.words(107)]).toEqual(['DDE0', 'DDE0']);
  });

  test('of old data both warnings are up, both MOS off, both currents 0, and the voltage limit stays', async () => {
    const battery = await pace({ freshness: 'stale' });
    expect(battery.words(9, 3)).toBe('0030 0000 0000');
    expect([battery.words(77), battery.words(80), battery.words(107)]).toEqual(['0000', '0000', 'DDE0']);
    expect(battery.words(0, 3)).toBe('FB1E 14A0 004C');
  });

  test('while the limits still fall, the warnings are up and the MOS on', async () => {
    const { words } = await pace({ freshness: 'late' });
    expect(words(9, 3)).toBe('0000 0000 0E00');
  });

  test('a lost bank does not answer', async () =>
    expect((await pace({ freshness: 'lost' })).ask('01 03 00 00 00 0C 45 CF')).toBe(''));
});

describe('what other implementations do and this one does not', () => {
  test('a temperature is one number of 16 bits with its sign, and an absent sensor does not read 0 °C', async () => {
    const battery = await pace({ temperatureC: -2.5, mosfetTemperatureC: 84.2 });
    expect(battery.words(31, 6)).toBe('FFE7 FFE7 FFE7 FFE7 034A FFE7');
  });

  test('settings cannot be written: exception 3, and what is not there stays exception 2', async () => {
    const battery = await pace();
    expect(battery.ask(request(1, '10 00 6B 00 01 02 FF FF'))).toBe(hex(request(1, '90 03')));
    expect(battery.ask(request(1, '10 00 C8 00 01 02 FF FF'))).toBe(hex(request(1, '90 02')));
    expect(battery.words(107)).toBe('DDE0');
    expect(battery.ask(request(1, '06 00 6B FF FF'))).toBe(hex(request(1, '86 01')));
  });

  test('an alarm of a cell is not told as one of the pack, a warning not as a protection', async () => {
    expect((await pace({ alarms: ['cell_high_voltage'] })).words(9, 3)).toBe('0000 0001 0E00');
    expect((await pace({ warnings: ['cell_high_voltage'] })).words(9, 3)).toBe('0001 0000 0E00');
    expect((await pace({ alarms: ['short_circuit', 'internal'] })).words(9, 3)).toBe('0000 0040 0E20');
  });
});
