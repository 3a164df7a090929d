import { describe, expect, test } from 'vitest';
import { alarmNames } from '../../src/model/alarms.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { shipped } from './profiles.ts';
import { bitOf, toldFrames } from './told-frames.ts';

const cells: SignalValues = { maxCellVoltageV: 3.305, minCellVoltageV: 3.297 };

const lowVoltage: SignalValues = {
  ...cells,
  chargeVoltageLimitV: 56.8,
  chargeCurrentLimitA: 100,
  dischargeCurrentLimitA: 120,
  socPct: 73.5,
  sohPct: 99,
  voltageV: 52.34,
  currentA: 12.3,
  maxCellTemperatureC: 25.4,
};

const highVoltage: SignalValues = {
  ...cells,
  chargeVoltageLimitV: 460.8,
  dischargeVoltageLimitV: 358.4,
  chargeCurrentLimitA: 25,
  dischargeCurrentLimitA: 30,
  socPct: 73.5,
  sohPct: 99,
  voltageV: 425.6,
  currentA: 12.3,
  temperatureC: 24.8,
  maxCellTemperatureC: 25.4,
  minCellTemperatureC: 23.9,
};

describe.each([
  ['growatt-lv', lowVoltage, '0x311', '0x312', '0x313'],
  ['growatt-hv', highVoltage, '0x3110', '0x3120', '0x3130'],
] as const)('%s', (id, well, limits, faults, measured) => {
  const told = (given: SignalValues = {}, settings = {}) => toldFrames(id, { ...well, ...given }, settings);
  const faultFlag = (given: SignalValues) => bitOf(told(given)[limits], 7, 2);

  test('a lost bank goes on saying zero, for with silence an off-grid inverter cuts its output', () => {
    expect(shipped(id).lost).toBe('hold');
    expect(told({ freshness: 'lost' })).toEqual(told({ freshness: 'stale' }));
  });

  test('stale: limits of 0, the fault flag, standby, no current; the voltage limit as it was, never 0', () => {
    const stale = told({ freshness: 'stale', currentA: -40, status: 'discharge', balancing: true });
    expect(stale[limits]?.slice(0, 17)).toBe(`${told()[limits]?.slice(0, 5)} 00 00 00 00`);
    expect(faultFlag({ freshness: 'stale' })).toBe(true);
    expect(faultFlag({ freshness: 'late' })).toBe(false);
    expect(Number.parseInt(stale[limits]?.slice(-1) ?? '', 16) % 4).toBe(1);
    expect(stale[measured]?.slice(6, 11)).toBe('00 00');
    expect(() => told({ chargeVoltageLimitV: 0 })).toThrow('lacks charge_voltage_limit_V');
  });

  test('the state follows the current: standby, charging, discharging, asleep', () => {
    const state = (given: SignalValues) => Number.parseInt(told(given)[limits]?.slice(-2) ?? '', 16) & 0x13;
    expect(state({ currentA: 0 })).toBe(1);
    expect(state({ currentA: 5 })).toBe(2);
    expect(state({ currentA: -5 })).toBe(3);
    expect(state({ currentA: 0, status: 'sleep' })).toBe(0x11);
  });

  test('every alarm and every warning of the catalogue shows', () => {
    const healthy = told()[faults];
    expect(alarmNames.filter((name) => told({ alarms: [name] })[faults] === healthy)).toEqual([]);
    expect(alarmNames.filter((name) => told({ warnings: [name] })[faults] === healthy)).toEqual([]);
    expect(alarmNames.filter((name) => !faultFlag({ alarms: [name] }))).toEqual([]);
    expect(faultFlag({ warnings: ['high_voltage'] })).toBe(false);
  });

  test('an unknown state of health is told as 100 %, and 99.9 % of charge as 99 %', () => {
    const { sohPct, ...unaged } = well;
    expect(sohPct).toBe(99);
    expect(toldFrames(id, { ...unaged, socPct: 99.9 })[measured]?.slice(-5)).toBe('63 64');
  });

  test('no sensor: 20 °C is told, and only then', () => {
    const { temperatureC, maxCellTemperatureC, minCellTemperatureC, ...sensorless } = well;
    expect([maxCellTemperatureC, minCellTemperatureC ?? temperatureC]).not.toContain(20);
    expect(() => toldFrames(id, sensorless)).toThrow('max_cell_temperature_C');
    expect(toldFrames(id, sensorless, { temperature: 'none' })[measured]?.slice(12, 17)).toBe('00 C8');
    expect(told({}, { temperature: 'none' })).toEqual(told());
  });

  test('limits end between 0 and what the field holds', () => {
    const huge = told({ chargeCurrentLimitA: 99_999, dischargeCurrentLimitA: -5 })[limits];
    expect(huge?.slice(6, 17)).toBe('FF FE 00 00');
  });
});

describe('the low-voltage one', () => {
  const told = (given: SignalValues = {}, settings = {}) =>
    toldFrames('growatt-lv', { ...lowVoltage, ...given }, settings);

  test('answers the poll of the inverter with everything, and says nothing else', () => {
    const can = shipped('growatt-lv').can;
    expect(can?.layouts.filter((l) => !l.when_asked)).toEqual([]);
    expect(can?.receives).toMatchObject([{ id: 0x301, extended: false, asks: ['all'] }]);
    expect(Object.keys(told())).toEqual(['0x311', '0x312', '0x313', '0x314', '0x319', '0x320', '0x321']);
  });

  test('its status words are those captured over RS485: 0x0461, 0x0862, 0x0C63', () => {
    const word = (currentA: number) => told({ currentA })['0x311']?.slice(-5);
    expect([word(0), word(5), word(-5)]).toEqual(['04 61', '08 62', '0C 63']);
  });

  test('big-endian 11-bit frames with an enable per direction, set and cleared with it', () => {
    expect(told({ chargeEnable: false })).toMatchObject({
      '0x311': '02 38 00 00 04 B0 08 22',
      '0x319': '40 0C E9 0C E1 00 00 00',
    });
    expect(told({ dischargeEnable: false })['0x311']).toBe('02 38 03 E8 00 00 08 42');
  });

  test('asks for charge only while it is not stale', () => {
    const asking: SignalValues = { forceCharge1: true, forceCharge2: true };
    expect(told(asking)['0x319']?.slice(0, 2)).toBe('F0');
    expect(told({ ...asking, freshness: 'stale' })['0x319']?.slice(0, 2)).toBe('00');
  });

  test('shows single cells where the installer wants them, sixteen at most, absent ones as 0', () => {
    const cellVoltagesV = Array.from({ length: 15 }, (_, i) => 3.3 + i / 1000);
    const frames = told({ cellVoltagesV }, { cell_frames: true });
    expect(frames['0x315']).toBe('0C E4 0C E5 0C E6 0C E7');
    expect(frames['0x318']).toBe('0C F0 0C F1 0C F2 00 00');
  });

  test('a bank beyond 655 Ah is told as that, and its capacity never wraps', () => {
    expect(told({ capacityAh: 5000, remainingCapacityAh: 655.35 })['0x314']?.slice(0, 11)).toBe(
      'FF FE FF FE',
    );
  });

  test.each([
    ['lfp', 'C0'],
    ['ternary', 'C1'],
    ['lto', 'C2'],
  ])('chemistry %s', (chemistry, flags) => {
    expect(told({}, { chemistry })['0x319']?.slice(0, 2)).toBe(flags);
  });
});

describe('the high-voltage one', () => {
  const told = (given: SignalValues = {}, settings = {}) =>
    toldFrames('growatt-hv', { ...highVoltage, ...given }, settings);

  test('broadcasts once a second after the inverter was heard by any of its three frames', () => {
    const can = shipped('growatt-hv').can;
    expect([can?.everyMs, can?.talk.starts]).toEqual([1000, 'heard']);
    expect(can?.layouts.filter((l) => l.when_asked || !l.extended || l.every)).toEqual([]);
    expect(can?.receives.map(({ id, extended, means }) => [id, extended, means])).toEqual([
      [0x3010, true, 'alive'],
      [0x3020, true, 'alive'],
      [0x3030, true, 'alive'],
    ]);
  });

  test('says "no charge" and "no discharge", the other way round than the low-voltage protocol', () => {
    const flags = (given: SignalValues) => told(given)['0x3110']?.slice(-2);
    expect(flags({ currentA: 0 })).toBe('01');
    expect(flags({ currentA: 0, chargeEnable: false })).toBe('41');
    expect(flags({ currentA: 0, dischargeCurrentLimitA: 0 })).toBe('21');
    expect(flags({ freshness: 'stale' })).toBe('65');
  });

  test('without single faults, where the inverter shows wrong ones, the fault flag stays', () => {
    const frames = told({ alarms: ['cell_high_voltage'], warnings: ['low_soc'] }, { fault_bits: 'none' });
    expect(frames['0x3120']).toBe('00 00 00 00 00 00 00 00');
    expect(bitOf(frames['0x3110'], 7, 2)).toBe(true);
  });

  test('never marks a forced discharge, whatever the bank asks for', () => {
    expect(
      told({ forceCharge1: true, forceCharge2: true, fullChargeRequest: true })['0x3220']?.slice(12, 14),
    ).toBe('00');
  });
});
