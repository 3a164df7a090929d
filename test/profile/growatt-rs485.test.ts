import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SignalValues } from '../../src/model/signals.ts';
import { batteryTold } from '../modbus/battery-told.ts';
import { request } from '../modbus/line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The bank of the RS485 reference, section 6. */
const reference: SignalValues = {
  socPct: 76,
  voltageV: 52.8,
  currentA: -12.5,
  temperatureC: 24,
  chargeCurrentLimitA: 100,
  dischargeCurrentLimitA: 150,
  chargeVoltageLimitV: 56.8,
  remainingCapacityAh: 212.8,
  capacityAh: 280,
  cellDeltaV: 0.008,
  cycles: 112,
  sohPct: 98,
  maxCellVoltageV: 3.305,
  minCellVoltageV: 3.297,
  maxVoltageCellNo: 12,
  minVoltageCellNo: 7,
  cellsInSeries: 16,
  cellVoltagesV: [
    3.297, 3.3, 3.303, 3.297, 3.3, 3.303, 3.297, 3.3, 3.303, 3.297, 3.3, 3.305, 3.297, 3.3, 3.303, 3.297,
  ],
};

const poll = '01 03 00 13 00 11 74 03';
const growatt = (given: SignalValues = {}, settings = {}) =>
  batteryTold('growatt-rs485', { ...reference, ...given }, settings);

describe('a Growatt inverter polls its battery', () => {
  test.each([
    [
      'W1, the poll twice a second',
      poll,
      '01 03 22 0C 63 00 00 00 4C 14 A0 FB 1E 00 18 27 10 53 20 6D 60 01 01 00 08 00 70 00 00 00 62 16 30 00 00 3A 98 8A 42',
    ],
    ['W2, SoC alone', '01 03 00 15 00 01 95 CE', '01 03 02 00 4C B9 B1'],
    ['W3, extremes', '01 03 00 25 00 05 94 02', '01 03 0A 0C E9 0C E1 00 0C 00 07 00 10 16 4A'],
    [
      'W4, cells',
      '01 03 00 71 00 10 14 1D',
      '01 03 20 0C E1 0C E4 0C E7 0C E1 0C E4 0C E7 0C E1 0C E4 0C E7 0C E1 0C E4 0C E9 0C E1 0C E4 0C E7 0C E1 50 0E',
    ],
  ])('%s', async (_, ask, reply) => expect((await growatt()).ask(ask)).toBe(reply));

  test('W2 of another pack, at 66 %', async () =>
    expect((await growatt({ socPct: 66 })).ask('01 03 00 15 00 01 95 CE')).toBe('01 03 02 00 42 38 75'));

  test('W5, old data: error and standby, no current, no limits, no output', async () => {
    const battery = await growatt({ freshness: 'stale' });
    expect(battery.ask(poll)).toBe(
      '01 03 22 04 05 00 00 00 4C 14 A0 00 00 00 18 00 00 53 20 6D 60 01 01 00 08 00 70 00 00 00 62 16 30 00 00 00 00 F4 AF',
    );
    expect(battery.words(0x10)).toBe('0000');
  });

  test('a lost bank says the same as an old one: silence would cut the house off', async () => {
    const [lost, stale] = [await growatt({ freshness: 'lost' }), await growatt({ freshness: 'stale' })];
    expect(lost.ask(poll)).toBe(stale.ask(poll));
  });

  test('on the way down the limits fall while the output stays enabled', async () => {
    const battery = await growatt({ freshness: 'late', chargeCurrentLimitA: 37.5 });
    expect(battery.words(0x13, 7)).toBe('0c63 0000 004c 14a0 fb1e 0018 0ea6'.toUpperCase());
  });

  test.each<[string, SignalValues, string]>([
    ['standby', { currentA: 0 }, '0465'],
    ['charging', { currentA: 5 }, '0866'],
    ['discharging', { currentA: -5 }, '0C67'],
  ])('its status while %s differs from the captured one by the error bit alone', async (_, given, word) => {
    expect((await growatt(given)).words(0x13)).toBe(
      (Number.parseInt(word, 16) & ~4).toString(16).toUpperCase().padStart(4, '0'),
    );
    expect((await growatt({ ...given, alarms: ['cell_imbalance'] })).words(0x13)).toBe(word);
  });
});

describe('what other implementations do and this one does not', () => {
  test('every block that was seen to be polled is answered, with 0 in the holes', async () => {
    const battery = await growatt();
    for (const [at, count] of [
      [0x01, 15],
      [0x10, 27],
      [0x14, 15],
      [0x71, 16],
      [0x00, 125],
    ] as const)
      expect(battery.words(at, count).split(' ')).toHaveLength(count);
    expect(battery.words(0x31, 15)).toBe(Array(15).fill('0000').join(' '));
  });

  test("the inverter's own telemetry map is not served in place of the battery's", async () => {
    const battery = await growatt();
    expect(battery.ask(request(1, '03 04 3B 00 0E'))).toBe('01 83 02 C0 F1');
    expect(battery.words(0x0015, 1, 4)).toBe('');
  });

  test('temperature is in whole degrees, and the current of 10 mA has its sign', async () => {
    const battery = await growatt({ temperatureC: -2.5, currentA: 30.25 });
    expect(battery.words(0x17, 2)).toBe('0BD1 FFFD');
  });
});

describe('edges and options', () => {
  test('limits and capacities stop at 655.34 and never wrap', async () => {
    const battery = await growatt({
      chargeCurrentLimitA: 700,
      dischargeCurrentLimitA: 1e6,
      capacityAh: 1120,
      remainingCapacityAh: 656,
    });
    expect(battery.words(0x19, 3)).toBe('FFFE FFFE FFFE');
    expect(battery.words(0x23)).toBe('FFFE');
  });

  test('the chemistry stands above the warnings and does not disturb them', async () => {
    const warned = { warnings: ['cell_high_voltage', 'low_soc'] } satisfies SignalValues;
    expect((await growatt(warned)).words(0x22)).toBe('2001');
    expect((await growatt(warned, { chemistry: 'ternary' })).words(0x22)).toBe('6001');
    expect((await growatt(warned, { chemistry: 'lto' })).words(0x22)).toBe('A001');
  });

  test('a bank without a cell sensor is told only by option', async () => {
    const { temperatureC, ...sensorless } = reference;
    expect(temperatureC).toBe(24);
    const battery = await batteryTold('growatt-rs485', sensorless);
    expect(battery.ask(poll)).toBe('');
    expect(battery.lacks).toEqual(['temperature_C']);
    const none = await batteryTold('growatt-rs485', sensorless, { temperature: 'none' });
    expect(none.words(0x18)).toBe('0014');
  });
});
