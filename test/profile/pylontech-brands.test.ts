import { describe, expect, test } from 'vitest';
import { alarmNames } from '../../src/model/alarms.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { framesOf, idsOf } from './can-frames.ts';
import { shipped } from './profiles.ts';

const plainBrands = ['deye-lv', 'solis-lv', 'growatt-pylontech'];
const onPylontech = [...plainBrands, 'sofar-lv', 'sol-ark-lv', 'luxpower-lv'];
const all = ['pylontech-lv', ...onPylontech];

const bank: SignalValues = {
  dischargeVoltageLimitV: 44,
  modulesOnline: 2,
  chargeVoltageLimitV: 56.8,
  chargeCurrentLimitA: 100,
  dischargeCurrentLimitA: 120,
  socPct: 73.5,
  sohPct: 99,
  voltageV: 52.34,
  currentA: -12.3,
  temperatureC: -5.5,
  minCellVoltageV: 3.264,
  maxCellVoltageV: 3.281,
  minCellTemperatureC: -6.2,
  maxCellTemperatureC: -4.9,
  capacityAh: 560,
  cycles: 300,
};

/** Bytes 0 to 3 of 0x359: protections, then warnings. */
const signs = (id: string, given: SignalValues): string => framesOf(id, given)[359]?.slice(0, 11) ?? '';

describe.each(all)('%s', (id) => {
  test.each(alarmNames)('%s raises one bit, as an alarm and as a warning', (name) => {
    const bits = (text: string) =>
      text
        .split(' ')
        .reduce((n, byte) => n + Number.parseInt(byte, 16).toString(2).replaceAll('0', '').length, 0);
    expect(bits(signs(id, { ...bank, alarms: [name] }))).toBe(1);
    expect(bits(signs(id, { ...bank, warnings: [name] }))).toBe(1);
    expect(signs(id, { ...bank, warnings: [name] }).startsWith('00 00')).toBe(true);
  });

  test('one bit for each, where others raise two, or the wrong one', () => {
    expect(signs(id, { ...bank, alarms: ['high_temperature'] })).toBe('08 00 00 00');
    expect(signs(id, { ...bank, alarms: ['high_voltage'] })).toBe('02 00 00 00');
    expect(signs(id, { ...bank, alarms: ['high_charge_current'] })).toBe('00 01 00 00');
    expect(signs(id, { ...bank, alarms: ['internal'] })).toBe('00 08 00 00');
  });

  test('the discharge limit is positive, the ids have 11 bits, the flags stand in 0x35C, the name is plain ASCII', () => {
    const frames = framesOf(id, bank);
    expect(frames[351]).toBe('38 02 e8 03 b0 04 b8 01');
    expect(frames['35c']?.slice(0, 5)).toBe('c0 00');
    expect(frames['35e']).toBe('50 59 4c 4f 4e 20 20 20');
    const told = shipped(id).can?.frames(bank);
    if (!told || 'missing' in told) throw new Error('all is known');
    for (const frame of told) expect(frame.extended).toBe(false);
  });

  test('both kinds of force charge have their bit, and old data asks for neither', () => {
    const asking: SignalValues = { ...bank, forceCharge1: true, forceCharge2: true, fullChargeRequest: true };
    expect(framesOf(id, asking)['35c']?.slice(0, 2)).toBe('f8');
    expect(framesOf(id, { ...asking, freshness: 'stale' })['35c']?.slice(0, 2)).toBe('00');
  });

  test('old data: the sign, no enables, zero limits, the voltage as it was; lost goes on', () => {
    for (const freshness of ['stale', 'lost'] as const) {
      const stale = framesOf(id, { ...bank, freshness });
      const zero = id === 'sofar-lv' ? '01 00' : '00 00';
      expect(stale[351]).toBe(`38 02 ${zero} ${zero} b8 01`);
      expect(stale[359]?.slice(0, 14)).toBe('00 00 00 08 02');
      expect(stale['35c']?.slice(0, 5)).toBe('00 00');
    }
    expect(
      framesOf(id, { ...bank, freshness: 'stale' }, { stale_sign: 'protection' })[359]?.slice(0, 11),
    ).toBe('00 08 00 00');
    expect(shipped(id).lost).toBe('hold');
  });

  test('CVL 0 is never said', () => {
    expect(() => framesOf(id, { ...bank, chargeVoltageLimitV: 0 })).toThrow('lacks charge_voltage_limit_V');
  });
});

describe('brands that read the plain set', () => {
  test.each(plainBrands)('%s says the bytes of a Pylontech', (id) => {
    expect(framesOf(id, bank)).toEqual(framesOf('pylontech-lv', bank));
  });

  test('a Deye never hears a CVL of 0.1 V, which raises W31', () => {
    expect(() => framesOf('deye-lv', { ...bank, chargeVoltageLimitV: 0.1 })).toThrow('lacks');
  });
});

test('a Sofar is told 0.1 A for 0 A, and everything else as it is', () => {
  const { 351: limits, ...rest } = framesOf('sofar-lv', { ...bank, chargeEnable: false });
  const { 351: zero, ...plain } = framesOf('pylontech-lv', { ...bank, chargeEnable: false });
  expect([limits, zero]).toEqual(['38 02 01 00 b0 04 b8 01', '38 02 00 00 b0 04 b8 01']);
  expect(rest).toEqual(plain);
});

describe('Sol-Ark', () => {
  test('reads eight bytes everywhere, a voltage in 0.1 V, and the capacity', () => {
    expect(framesOf('sol-ark-lv', bank)).toEqual({
      351: '38 02 e8 03 b0 04 b8 01',
      355: '49 00 63 00 00 00 00 00',
      356: '0b 02 85 ff c9 ff 00 00',
      359: '00 00 00 00 02 50 4e 00',
      '35c': 'c0 00 00 00 00 00 00 00',
      '35e': '50 59 4c 4f 4e 20 20 20',
      379: '30 02 00 00 00 00 00 00',
    });
  });

  test('the voltage and the sign of the current are the installer’s to choose', () => {
    const told = (settings: Record<string, string>) => framesOf('sol-ark-lv', bank, settings)[356];
    expect(told({ voltage: 'hundredths' })).toBe('72 14 85 ff c9 ff 00 00');
    expect(told({ current_sign: 'charging_negative' })).toBe('0b 02 7b 00 c9 ff 00 00');
    expect(told({ voltage: 'hundredths', current_sign: 'charging_negative' })).toBe(
      '72 14 7b 00 c9 ff 00 00',
    );
  });

  test('has eight bytes in every frame of every set', () => {
    for (const frame_set of ['v1.2', 'newer', 'both'])
      for (const bytes of Object.values(framesOf('sol-ark-lv', bank, { frame_set })))
        expect(bytes).toHaveLength(8 * 3 - 1);
  });

  test('without a capacity that frame is left out', () => {
    const { capacityAh, ...rest } = bank;
    expect(capacityAh).toBe(560);
    expect(idsOf('sol-ark-lv', rest)).not.toContain('379');
  });
});

describe('LuxPower and EG4', () => {
  test('read the cells, the capacity and the cycles where others have nothing or a name', () => {
    expect(framesOf('luxpower-lv', bank)).toEqual({
      351: '38 02 e8 03 b0 04 b8 01',
      355: '49 00 63 00 d1 0c c0 0c',
      356: '72 14 85 ff cf ff c2 ff',
      359: '00 00 00 00 02 30 02 00',
      '35c': 'c0 00 2c 01 00 00 00 00',
      '35e': '50 59 4c 4f 4e 20 20 20',
      379: '30 02 00 00 00 00 00 00',
    });
  });

  test('are told nothing of a bank whose cells are unknown', () => {
    const { minCellVoltageV, ...rest } = bank;
    expect(minCellVoltageV).toBe(3.264);
    expect(() => framesOf('luxpower-lv', rest)).toThrow('lacks min_cell_voltage_V');
  });

  test('a bank without a sensor is told as 20 °C only where the installer says so', () => {
    const { minCellTemperatureC, maxCellTemperatureC, temperatureC, ...rest } = bank;
    expect([minCellTemperatureC, maxCellTemperatureC, temperatureC]).toEqual([-6.2, -4.9, -5.5]);
    expect(() => framesOf('luxpower-lv', rest)).toThrow(
      'lacks max_cell_temperature_C, min_cell_temperature_C',
    );
    expect(framesOf('luxpower-lv', rest, { temperature: 'none' })[356]).toBe('72 14 85 ff c8 00 c8 00');
  });

  test('a rapid shutdown is heard, other 0x300 is not meant', () => {
    expect(shipped('luxpower-lv').can?.receives.map(({ id, where }) => [id, where])).toEqual([
      [0x305, []],
      [0x300, [{ at: 0, is: 1, mask: 255 }]],
    ]);
  });
});

describe('Goodwe', () => {
  test('reads the set of SMA under its own name, twice a second', () => {
    expect(idsOf('goodwe-lv', bank)).toEqual(['351', '355', '356', '35a', '35b', '35e', '35f']);
    expect(framesOf('goodwe-lv', bank)['35e']).toBe('47 6f 6f 64 57 65 00 00');
    const { can, lost } = shipped('goodwe-lv');
    expect([can?.everyMs, lost]).toEqual([500, 'hold']);
  });

  test('its keep-alive holds no measurements: zeros are not taken for 0 V', () => {
    expect(shipped('goodwe-lv').can?.receives.flatMap(({ signals }) => signals)).toEqual([]);
  });
});

describe('the frame sets of a Pylontech', () => {
  const us5000: SignalValues = {
    chargeVoltageLimitV: 52.8,
    chargeCurrentLimitA: 480,
    dischargeCurrentLimitA: 480,
    dischargeVoltageLimitV: 45,
    socPct: 84,
    sohPct: 96,
    voltageV: 49.87,
    currentA: -27.9,
    temperatureC: 36.3,
    capacityAh: 572,
  };

  test('the older US5000 as captured is the default', () => {
    expect(
      framesOf('pylontech-lv', {
        chargeVoltageLimitV: 53.2,
        chargeCurrentLimitA: 480,
        dischargeCurrentLimitA: 480,
        dischargeVoltageLimitV: 45,
        socPct: 88,
        sohPct: 94,
        voltageV: 49.86,
        currentA: -27,
        temperatureC: 36.3,
        modulesOnline: 6,
      }),
    ).toEqual({
      351: '14 02 c0 12 c0 12 c2 01',
      355: '58 00 5e 00',
      356: '7a 13 f2 fe 6b 01',
      359: '00 00 00 00 06 50 4e',
      '35c': 'c0 00',
      '35e': '50 59 4c 4f 4e 20 20 20',
    });
  });

  test('the newer one as captured is `newer`, but for two bytes that nobody knows', () => {
    expect(framesOf('pylontech-lv', us5000, { frame_set: 'newer' })).toEqual({
      351: '10 02 c0 12 c0 12 c2 01',
      355: '54 00 60 00 00 00',
      356: '7b 13 e9 fe 6b 01',
      '35a': '00 00 00 00 00 00 00 00',
      '35e': '50 59 4c 4f 4e 20 20 20',
      '35f': '4c 49 01 03 3c 02 00 00',
    });
  });

  test('old data shows in 0x35A as well, as a warning or as a protection', () => {
    const stale: SignalValues = { ...us5000, freshness: 'stale' };
    const sign = (stale_sign: string) =>
      framesOf('pylontech-lv', stale, { frame_set: 'newer', stale_sign })['35a'];
    expect(sign('warning')).toBe('00 00 00 00 00 00 40 00');
    expect(sign('protection')).toBe('00 00 40 00 00 00 00 00');
  });

  test('`both` says all of them, and the extremes that are known', () => {
    expect(
      idsOf('pylontech-lv', { ...bank, minVoltageCellId: 'P1C3' }, { frame_set: 'both' }).join(' '),
    ).toBe('351 355 356 359 35c 35a 35e 35f 373 374 379');
  });

  test.each(alarmNames)('%s has a place in the newer set too', (name) => {
    const told = (given: SignalValues) =>
      framesOf('pylontech-lv', { ...us5000, ...given }, { frame_set: 'newer' })['35a'];
    expect(told({ alarms: [name] })).not.toBe(told({}));
    expect(told({ warnings: [name] })).not.toBe(told({}));
  });
});
