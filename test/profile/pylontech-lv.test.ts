import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/hex.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import type { Settings } from '../../src/profile/options.ts';
import { writtenState } from '../../src/profile/state-file.ts';
import { shipped } from './profiles.ts';

/** The frames of a state as `{ '351': '38 02 …' }`. */
function told(given: SignalValues, settings: Settings = {}): Record<string, string> {
  const frames = shipped('pylontech-lv', settings).can?.frames(writtenState(given)) ?? [];
  if (isIncomplete(frames)) throw new Error(`lacks ${frames.missing.join(', ')}`);
  return Object.fromEntries(frames.map((f) => [f.id.toString(16), toHex(f.data)]));
}

const discharging: SignalValues = {
  dischargeVoltageLimitV: 44,
  manufacturer: 'PYLON',
  modulesOnline: 2,
  chargeVoltageLimitV: 56.8,
  chargeCurrentLimitA: 100,
  dischargeCurrentLimitA: 120,
  socPct: 73.5,
  sohPct: 99,
  voltageV: 52.34,
  currentA: -12.3,
  temperatureC: -5.5,
};

describe('a Pylontech battery on the bus', () => {
  test('discharging (CAN reference 15.1, example A), in the order of the reference', () => {
    const frames = told(discharging);
    expect(frames).toEqual({
      351: '38 02 e8 03 b0 04 b8 01',
      355: '49 00 63 00',
      356: '72 14 85 ff c9 ff',
      359: '00 00 00 00 02 50 4e',
      '35c': 'c0 00',
      '35e': '50 59 4c 4f 4e 20 20 20',
    });
  });

  test('charging with a high cell, charge blocked (example B)', () => {
    expect(
      told({
        chargeEnable: false,
        alarms: ['cell_high_voltage'],
        warnings: ['low_temperature'],
        dischargeVoltageLimitV: 44,
        manufacturer: 'PYLON',
        modulesOnline: 4,
        chargeVoltageLimitV: 56,
        chargeCurrentLimitA: 80,
        dischargeCurrentLimitA: 150,
        socPct: 100,
        sohPct: 98,
        voltageV: 57.02,
        currentA: 4.1,
        temperatureC: 3.2,
      }),
    ).toEqual({
      351: '30 02 00 00 dc 05 b8 01',
      355: '64 00 62 00',
      356: '46 16 29 00 20 00',
      359: '02 00 10 00 04 50 4e',
      '35c': '40 00',
      '35e': '50 59 4c 4f 4e 20 20 20',
    });
  });

  test('empty, asking for charge, with an internal error (example C)', () => {
    expect(
      told({
        dischargeEnable: false,
        alarms: ['internal'],
        warnings: ['low_voltage'],
        dischargeVoltageLimitV: 44,
        manufacturer: 'PYLON',
        modulesOnline: 3,
        chargeVoltageLimitV: 55.2,
        chargeCurrentLimitA: 25.5,
        dischargeCurrentLimitA: 60,
        socPct: 4.9,
        sohPct: 87,
        voltageV: 47.9,
        currentA: 0,
        temperatureC: 18,
        forceCharge1: true,
        forceCharge2: true,
      }),
    ).toEqual({
      351: '28 02 ff 00 00 00 b8 01',
      355: '04 00 57 00',
      356: 'b6 12 00 00 b4 00',
      359: '00 08 04 00 03 50 4e',
      '35c': 'b0 00',
      '35e': '50 59 4c 4f 4e 20 20 20',
    });
  });

  test('stale: the sign goes up, nothing is asked for, the voltage limit stays as it was', () => {
    const frames = told({ ...discharging, freshness: 'stale', forceCharge1: true, fullChargeRequest: true });
    expect(frames).toMatchObject({
      351: '38 02 00 00 00 00 b8 01',
      356: '72 14 85 ff c9 ff',
      359: '00 00 00 08 02 50 4e',
      '35c': '00 00',
    });
  });

  test('late: last values, no sign', () => {
    expect(told({ ...discharging, freshness: 'late' })).toEqual(told(discharging));
  });

  test('on the way down the ramp, limits fall while the enables still stand', () => {
    const can = shipped('pylontech-lv').can;
    const frames = can?.frames({
      ...discharging,
      freshness: 'stale',
      chargeEnable: true,
      chargeCurrentLimitA: 37.5,
    });
    expect(frames).toMatchObject([
      { id: 0x351, data: new Uint8Array([0x38, 2, 0x77, 1, 0xb0, 4, 0xb8, 1]) },
      {},
      {},
      {},
      { data: new Uint8Array([0x80, 0]) },
      {},
    ]);
  });

  test('the installer chooses the sign, the name and whether there is a sensor', () => {
    expect(told({ ...discharging, freshness: 'stale' }, { stale_sign: 'protection' })[359]).toBe(
      '00 08 00 00 02 50 4e',
    );
    expect(told(discharging, { manufacturer: 'Dyneß battery' })['35e']).toBe('44 79 6e 65 3f 20 62 61');
    const { temperatureC, ...sensorless } = discharging;
    expect(temperatureC).toBe(-5.5);
    expect(() => told(sensorless)).toThrow('lacks temperature_C');
    expect(told(sensorless, { temperature: 'none' })[356]).toBe('72 14 85 ff c8 00');
    expect(told(discharging, { temperature: 'none' })[356]).toBe('72 14 85 ff c9 ff');
  });

  test('half a battery is never told: what is missing is named once', () => {
    const frames = shipped('pylontech-lv').can?.frames({ voltageV: 52 });
    expect(frames).toEqual({
      missing: [
        'charge_voltage_limit_V',
        'charge_current_limit_A',
        'discharge_current_limit_A',
        'soc_pct',
        'current_A',
        'temperature_C',
      ],
    });
  });

  test('the told SoC wins over the true one, and 100 means really full', () => {
    expect(told({ ...discharging, socPct: 99.99 })[355]).toBe('63 00 63 00');
    expect(told({ ...discharging, socPct: 0.2, socToldPct: 1 })[355]).toBe('01 00 63 00');
  });
});
