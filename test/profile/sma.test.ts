import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alarmNames } from '../../src/model/alarms.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { between } from '../between.ts';
import { framesOf, idsOf, raisedPairs } from './can-frames.ts';
import { shipped } from './profiles.ts';

const told = (given: SignalValues, settings = {}) => framesOf('sma', given, settings);
const ALARMS = { charge_alarms: 'alarms' };
const QUIET = 'aa aa aa 02 aa aa aa 02';

const house: SignalValues = {
  manufacturer: 'GATEWAY',
  batteryType: 3,
  firmwareMajor: 1,
  firmwareMinor: 2,
  hardwareVersion: 0,
};

const normal: SignalValues = {
  ...house,
  chargeVoltageLimitV: 56.4,
  dischargeVoltageLimitV: 46,
  chargeCurrentLimitA: 110,
  dischargeCurrentLimitA: 120,
  socPct: 80.37,
  sohPct: 97,
  voltageV: 53.3,
  currentA: -45.6,
  temperatureC: 24.5,
  capacityAh: 300,
};

const hot: SignalValues = {
  ...house,
  alarms: ['high_temperature', 'high_temperature_charge'],
  chargeVoltageLimitV: 65,
  dischargeVoltageLimitV: 39,
  chargeCurrentLimitA: 1500,
  dischargeCurrentLimitA: 10,
  socPct: 99.9,
  sohPct: 100,
  voltageV: 58,
  currentA: 12,
  temperatureC: 61,
  capacityAh: 200,
};

const frozen: SignalValues = {
  ...house,
  chargeEnable: false,
  alarms: ['low_temperature_charge'],
  warnings: ['general'],
  chargeVoltageLimitV: 55,
  dischargeVoltageLimitV: 44,
  chargeCurrentLimitA: 60,
  dischargeCurrentLimitA: 60,
  socPct: 42,
  sohPct: 95,
  voltageV: 51.87,
  currentA: -3,
  temperatureC: -12.4,
  capacityAh: 100,
};

describe('a battery on a Sunny Island', () => {
  test('normal (CAN reference 15.3, example A), in the order of the reference', () => {
    expect(told(normal)).toEqual({
      351: '34 02 4c 04 b0 04 cc 01',
      355: '50 00 61 00 65 1f',
      356: 'd2 14 38 fe f5 00',
      '35a': QUIET,
      '35b': '00 00 00 00 00 00 00 00',
      '35e': '47 41 54 45 57 41 59 00',
      '35f': '03 00 01 02 2c 01 00 00',
    });
    expect(idsOf('sma', normal)).toEqual(['351', '355', '356', '35a', '35b', '35e', '35f']);
  });

  test('limits out of range are held at the edge; the alarms of example B are those of `charge_alarms: alarms`', () => {
    expect(told(hot, ALARMS)).toEqual({
      351: '76 02 e0 2e 64 00 9a 01',
      355: '63 00 64 00 06 27',
      356: 'a8 16 78 00 62 02',
      '35a': '6a a6 aa 02 aa aa aa 02',
      '35b': '00 00 00 00 00 00 00 00',
      '35e': '47 41 54 45 57 41 59 00',
      '35f': '03 00 01 02 c8 00 00 00',
    });
  });

  test('frozen, charge blocked (example C), again under `charge_alarms: alarms`', () => {
    expect(told(frozen, ALARMS)).toEqual({
      351: '26 02 00 00 58 02 b8 01',
      355: '2a 00 5f 00 68 10',
      356: '43 14 e2 ff 84 ff',
      '35a': 'aa 9a aa 02 a9 aa aa 02',
      '35b': '00 00 00 00 00 00 00 00',
      '35e': '47 41 54 45 57 41 59 00',
      '35f': '03 00 01 02 64 00 00 00',
    });
  });
});

describe('an alarm pair blacks out the house', () => {
  const alarmsOf = (given: SignalValues, settings = {}) =>
    raisedPairs(told(given, settings)['35a']).filter((n) => n < 16);
  const warningsOf = (given: SignalValues, settings = {}) =>
    raisedPairs(told(given, settings)['35a']).flatMap((n) => (n < 16 ? [] : [n - 16]));

  test('so by default the pairs of examples B and C stand on the warning side, with a CCL of 0', () => {
    expect(told(hot)).toMatchObject({ 351: '76 02 00 00 64 00 9a 01', '35a': 'aa aa aa 02 6a a6 aa 02' });
    expect(told(frozen)).toMatchObject({ 351: '26 02 00 00 58 02 b8 01', '35a': 'aa aa aa 02 a9 9a aa 02' });
  });

  test.each([
    'high_voltage',
    'cell_high_voltage',
    'module_high_voltage',
    'high_temperature_charge',
    'low_temperature_charge',
    'high_charge_current',
  ] as const)('%s only forbids charging: never an alarm, CCL 0, DCL as it was', (name) => {
    for (const dischargeEnable of [true, false]) {
      const given: SignalValues = { ...normal, alarms: [name], dischargeEnable };
      expect(alarmsOf(given)).toEqual([]);
      expect(warningsOf(given)).toHaveLength(1);
      expect(told(given)[351]).toBe(dischargeEnable ? '34 02 00 00 b0 04 cc 01' : '34 02 00 00 00 00 cc 01');
    }
    expect(alarmsOf({ ...normal, alarms: [name] }, ALARMS)).toEqual(
      warningsOf({ ...normal, warnings: [name] }),
    );
  });

  test.each([
    'high_temperature',
    'mosfet_high_temperature',
    'low_temperature',
    'internal',
    'cell_imbalance',
  ] as const)('%s is a warning while the battery may be discharged, and an alarm when it may not', (name) => {
    expect(alarmsOf({ ...normal, alarms: [name] })).toEqual([]);
    expect(warningsOf({ ...normal, alarms: [name] })).toHaveLength(1);
    expect(alarmsOf({ ...normal, alarms: [name], dischargeEnable: false })).toHaveLength(1);
  });

  test('what concerns discharging is an alarm whatever is chosen', () => {
    const given: SignalValues = { ...normal, alarms: ['cell_low_voltage', 'high_discharge_current'] };
    expect([alarmsOf(given), alarmsOf(given, ALARMS)]).toEqual([
      [2, 7],
      [2, 7],
    ]);
  });

  test.each(alarmNames)('%s does not vanish on either side, nor does it as a warning', (name) => {
    for (const settings of [{}, ALARMS]) {
      expect(raisedPairs(told({ ...normal, alarms: [name] }, settings)['35a'])).toHaveLength(1);
      expect(warningsOf({ ...normal, warnings: [name] }, settings)).toHaveLength(1);
      expect(alarmsOf({ ...normal, warnings: [name] }, settings)).toEqual([]);
    }
  });
});

describe('old data', () => {
  test('is warning pair 11 and nothing else, by either choice', () => {
    for (const settings of [{}, ALARMS]) {
      const stale = told({ ...normal, freshness: 'stale' }, settings);
      expect(stale[351]).toBe('34 02 00 00 00 00 cc 01');
      expect(stale[355]).toBe(told(normal)[355]);
      expect(raisedPairs(stale['35a'])).toEqual([27]);
    }
  });

  // A Sunny Island ignores a pair of equal bits; it keeps the alarm, or none, that it had (CAN reference, section 4).
  const pairsOf = (given: SignalValues) =>
    (told(given)['35a'] ?? '')
      .split(' ')
      .slice(0, 4)
      .flatMap((byte) => [0, 1, 2, 3].map((n) => (Number.parseInt(byte, 16) >> (2 * n)) & 3));

  test.each(alarmNames)(
    'neither raises nor clears the alarm that %s is, or is not, to the inverter',
    (name) => {
      for (const dischargeEnable of [true, false]) {
        const before = { ...normal, alarms: [name], dischargeEnable };
        const was = pairsOf(before);
        for (const [n, pair] of pairsOf({ ...before, freshness: 'stale' }).entries())
          expect([was[n], 0]).toContain(pair);
      }
    },
  );

  test('a lost bank goes on saying zero: silence is a state of charge of 0 after a minute', () => {
    expect(shipped('sma').lost).toBe('hold');
    expect(told({ ...normal, freshness: 'lost' })[351]).toBe('34 02 00 00 00 00 cc 01');
  });
});

describe('what a Sunny Island must never hear', () => {
  const limits = fc.record({
    chargeVoltageLimitV: between(-100, 7000),
    dischargeVoltageLimitV: between(-100, 7000),
    chargeCurrentLimitA: between(-5000, 5000),
    dischargeCurrentLimitA: between(-5000, 5000),
    socPct: between(-10, 200),
    voltageV: between(-500, 500),
    currentA: between(-5000, 5000),
  });
  const can = shipped('sma').can;

  test('is never said: a limit out of its range, a code for "invalid", a state of charge above 100', () => {
    fc.assert(
      fc.property(limits, (given) => {
        const frames = can?.frames({ ...normal, ...given, chargeEnable: true, dischargeEnable: true });
        if (!frames || 'missing' in frames) throw new Error('all is known');
        const word = (id: number, at: number) => {
          const data = frames.find((f) => f.id === id)?.data ?? new Uint8Array(8);
          return new DataView(data.slice().buffer).getUint16(at, true);
        };
        const between = (value: number, low: number, high: number) => value >= low && value <= high;
        expect(between(word(0x351, 0), 410, 630)).toBe(true);
        expect(between(word(0x351, 2), 0, 12_000)).toBe(true);
        expect(between(word(0x351, 4), 0, 12_000)).toBe(true);
        expect(between(word(0x351, 6), 410, 480)).toBe(true);
        expect(word(0x355, 0)).toBeLessThanOrEqual(100);
        expect(word(0x355, 4)).toBeLessThanOrEqual(10_000);
        for (const at of [0, 2, 4]) expect(word(0x356, at)).not.toBe(0x8000);
      }),
    );
  });

  test('nothing comes within 200 ms of the same', () => {
    expect(can?.minGapMs).toBe(200);
    expect(can?.everyMs).toBeGreaterThanOrEqual(200);
  });
});

describe('what an installer chooses', () => {
  test('the sign of the current, which SMA does not tell', () => {
    expect(told(normal, { current_sign: 'charging_negative' })[356]).toBe('d2 14 c8 01 f5 00');
  });

  test('the maker and the chemistry; without a capacity the frame is left out', () => {
    const { capacityAh, batteryType, manufacturer, ...rest } = normal;
    expect([capacityAh, batteryType, manufacturer]).toEqual([300, 3, 'GATEWAY']);
    expect(told({ ...rest, capacityAh: 300 }, { battery_type: 5, manufacturer: 'House' })).toMatchObject({
      '35e': '48 6f 75 73 65 00 00 00',
      '35f': '05 00 01 02 2c 01 00 00',
    });
    expect(idsOf('sma', rest)).not.toContain('35f');
  });

  test('a bank without the voltage where discharging ends is not told', () => {
    const { dischargeVoltageLimitV, ...rest } = normal;
    expect(dischargeVoltageLimitV).toBe(46);
    expect(() => told(rest)).toThrow('lacks discharge_voltage_limit_V');
  });
});

test('it listens to the inverter, whose charging current is negative', () => {
  const [measured] = shipped('sma').can?.receives ?? [];
  expect(measured).toMatchObject({ id: 0x305, means: 'alive' });
  expect(measured?.signals.find(({ means }) => means === 'inverter_current')).toMatchObject({
    at: 2,
    as: 'i16le',
    scale: -0.1,
  });
});
