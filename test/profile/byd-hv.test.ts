import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SignalValues } from '../../src/model/signals.ts';
import type { Settings } from '../../src/profile/options.ts';
import { between } from '../between.ts';
import { shipped } from './profiles.ts';
import { toldFrames } from './told-frames.ts';

const told = (given: SignalValues, settings: Settings = {}) => toldFrames('byd-hv', given, settings);

const discharging: SignalValues = {
  chargeVoltageLimitV: 398,
  dischargeVoltageLimitV: 302,
  chargeCurrentLimitA: 25,
  dischargeCurrentLimitA: 30,
  socPct: 73.5,
  sohPct: 99,
  remainingCapacityAh: 14.2,
  capacityAh: 29.2,
  capacityKWh: 10.2,
  voltageV: 370.5,
  currentA: -12.3,
  temperatureC: -5.5,
  maxCellTemperatureC: -5.2,
  minCellTemperatureC: -5.8,
};

describe('a BYD high-voltage battery on the bus', () => {
  test('discharging and cold, with its identification (CAN reference 15.4, example A), in the order of the reference', () => {
    const frames = told(discharging);
    expect(Object.entries(frames)).toEqual([
      ['0x250', '03 29 00 66 00 66 02 09'],
      ['0x290', '06 37 10 D9 00 00 00 00'],
      ['0x2D0', '00 42 59 44 00 00 00 00'],
      ['0x3D0/0', '00 42 61 74 74 65 72 79'],
      ['0x3D0/1', '01 2D 42 6F 78 20 50 72'],
      ['0x3D0/2', '02 65 6D 69 75 6D 20 48'],
      ['0x3D0/3', '03 56 53 00 00 00 00 00'],
      ['0x110', '0F 8C 0B CC 01 2C 00 FA'],
      ['0x150', '1C B6 26 AC 00 8E 01 24'],
      ['0x1D0', '0E 79 FF 85 FF C9 03 08'],
      ['0x210', 'FF CC FF C6 00 00 00 00'],
      ['0x190', '00 00 03 00 00 00 00 00'],
    ]);
  });

  test('full, charging blocked (example B): the state of charge stays the true one', () => {
    expect(
      told({
        chargeEnable: false,
        chargeVoltageLimitV: 230,
        dischargeVoltageLimitV: 170,
        chargeCurrentLimitA: 25.6,
        dischargeCurrentLimitA: 25.6,
        socPct: 100,
        sohPct: 100,
        remainingCapacityAh: 25.6,
        capacityAh: 25.6,
        capacityKWh: 5.1,
        voltageV: 229.4,
        currentA: 0,
        temperatureC: 31.5,
        maxCellTemperatureC: 33,
        minCellTemperatureC: 30,
      }),
    ).toMatchObject({
      '0x110': '08 FC 06 A4 01 00 00 00',
      '0x150': '27 10 27 10 01 00 01 00',
      '0x1D0': '08 F6 00 00 01 3B 03 08',
      '0x210': '01 4A 01 2C 00 00 00 00',
      '0x190': '00 00 03 00 00 00 00 00',
    });
  });

  test('empty, discharging blocked, charging (example C)', () => {
    expect(
      told({
        dischargeEnable: false,
        chargeVoltageLimitV: 460.8,
        dischargeVoltageLimitV: 320,
        chargeCurrentLimitA: 50,
        dischargeCurrentLimitA: 50,
        socPct: 0,
        sohPct: 82.31,
        remainingCapacityAh: 0,
        capacityAh: 51.2,
        capacityKWh: 20.5,
        voltageV: 331.7,
        currentA: 8.8,
        temperatureC: 12,
        maxCellTemperatureC: 12.9,
        minCellTemperatureC: 11.2,
      }),
    ).toMatchObject({
      '0x110': '12 00 0C 80 00 00 01 F4',
      '0x150': '00 00 20 27 00 00 02 00',
      '0x1D0': '0C F5 00 58 00 78 03 08',
      '0x210': '00 81 00 70 00 00 00 00',
      '0x190': '00 00 03 00 00 00 00 00',
    });
  });

  test('the limit of discharge stands before that of charge, unlike in the low-voltage families', () => {
    expect(told({ ...discharging, chargeCurrentLimitA: 1, dischargeCurrentLimitA: 2 })['0x110']).toBe(
      '0F 8C 0B CC 00 14 00 0A',
    );
  });

  test('stale: both limits are 0, all else is as last seen, and the voltage limit is never 0', () => {
    expect(told({ ...discharging, freshness: 'stale' })).toMatchObject({
      '0x110': '0F 8C 0B CC 00 00 00 00',
      '0x150': '1C B6 26 AC 00 8E 01 24',
      '0x1D0': '0E 79 FF 85 FF C9 03 08',
    });
    expect(() => told({ ...discharging, chargeVoltageLimitV: 0 })).toThrow('lacks charge_voltage_limit_V');
  });

  test('lost: the battery falls silent', () => {
    expect(shipped('byd-hv').lost).toBe('silent');
  });

  test('late: last values', () => {
    expect(told({ ...discharging, freshness: 'late' })).toEqual(told(discharging));
  });
});

describe('an inverter that ignores a limit of 0 A', () => {
  const soc = (given: SignalValues) =>
    Number.parseInt(
      told({ ...discharging, ...given }, { force_soc: 'at_zero_limit' })
        ['0x150']?.slice(0, 5)
        .replace(' ', '') ?? '',
      16,
    ) / 100;

  test('is told 100 % while it must not charge, 0 % while it must not discharge, the truth while either both or none', () => {
    expect(soc({})).toBe(73.5);
    expect(soc({ chargeEnable: false })).toBe(100);
    expect(soc({ chargeCurrentLimitA: 0 })).toBe(100);
    expect(soc({ dischargeEnable: false })).toBe(0);
    expect(soc({ chargeEnable: false, dischargeEnable: false })).toBe(73.5);
    expect(soc({ freshness: 'stale' })).toBe(73.5);
  });

  test('is told so only where the installer asks for it', () => {
    expect(told({ ...discharging, chargeEnable: false })['0x150']).toBe('1C B6 26 AC 00 8E 01 24');
  });
});

describe('what an installer chooses', () => {
  test('the other sign of current, for an inverter that shows charging as discharging', () => {
    expect(told(discharging, { current_sign: 'charging_negative' })['0x1D0']).toBe('0E 79 00 7B FF C9 03 08');
    expect(told({ ...discharging, currentA: 12.3 }, { current_sign: 'charging_negative' })['0x1D0']).toBe(
      '0E 79 FF 85 FF C9 03 08',
    );
  });

  test('names and firmware; a name longer than its four parts is cut', () => {
    const frames = told(discharging, {
      manufacturer: 'Home',
      product_name: 'Battery-Box Premium HVM 22.1 kWh',
      firmware_major: 3,
      firmware_minor: 22,
    });
    expect(frames).toMatchObject({
      '0x250': '03 16 00 66 00 66 02 09',
      '0x2D0': '00 48 6F 6D 65 00 00 00',
      '0x3D0/3': '03 56 4D 20 32 32 2E 31',
    });
  });

  test('no sensor: 20 °C is told, and only then', () => {
    const { temperatureC, maxCellTemperatureC, minCellTemperatureC, ...sensorless } = discharging;
    expect([temperatureC, maxCellTemperatureC, minCellTemperatureC]).toEqual([-5.5, -5.2, -5.8]);
    expect(() => told(sensorless)).toThrow(
      'lacks temperature_C, max_cell_temperature_C, min_cell_temperature_C',
    );
    expect(told(sensorless, { temperature: 'none' })).toMatchObject({
      '0x1D0': '0E 79 FF 85 00 C8 03 08',
      '0x210': '00 C8 00 C8 00 00 00 00',
    });
    expect(told(discharging, { temperature: 'none' })).toEqual(told(discharging));
  });
});

test('an unknown state of health is told as 100 %, an unknown capacity silences the battery rather than look empty', () => {
  const { sohPct, ...unaged } = discharging;
  expect([sohPct, told(unaged)['0x150']]).toEqual([99, '1C B6 27 10 00 8E 01 24']);
  const { remainingCapacityAh, ...unmeasured } = discharging;
  expect(remainingCapacityAh).toBe(14.2);
  expect(() => told(unmeasured)).toThrow('lacks remaining_capacity_Ah');
});

test('no value runs over: whatever the bank is, the limits are those of the bank or lower', () => {
  const amps = between(0, 10_000);
  fc.assert(
    fc.property(amps, amps, between(50, 9000), (charge, discharge, volts) => {
      const frame = told({
        ...discharging,
        chargeCurrentLimitA: charge,
        dischargeCurrentLimitA: discharge,
        chargeVoltageLimitV: volts,
      })['0x110'];
      const bytes = Uint8Array.from((frame ?? '').split(' '), (b) => Number.parseInt(b, 16));
      const view = new DataView(bytes.buffer);
      expect(view.getUint16(0) / 10).toBeLessThanOrEqual(volts + 1e-6);
      for (const [at, limit] of [
        [4, discharge],
        [6, charge],
      ] as const) {
        expect(view.getInt16(at)).toBeGreaterThanOrEqual(0);
        expect(view.getInt16(at) / 10).toBeLessThanOrEqual(limit + 1e-6);
        expect(view.getInt16(at)).toBeGreaterThanOrEqual(Math.min(32_767, Math.floor(limit * 10 - 1e-6)));
      }
    }),
  );
});
