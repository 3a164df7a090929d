import { describe, expect, test } from 'vitest';
import { alarmNames } from '../../src/model/alarms.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { framesOf, idsOf, raisedPairs } from './can-frames.ts';
import { shipped } from './profiles.ts';

const told = (given: SignalValues, settings = {}) => framesOf('victron', given, settings);

const garage: SignalValues = {
  dischargeVoltageLimitV: 44.8,
  manufacturer: 'GATEWAY',
  batteryName: 'Garage bank',
  productId: 0,
  firmwareMajor: 1,
  firmwareMinor: 2,
  hardwareVersion: 0,
  modulesBlockingCharge: 0,
  modulesBlockingDischarge: 0,
  modulesOffline: 0,
};

const charging: SignalValues = {
  ...garage,
  chargeVoltageLimitV: 55.2,
  chargeCurrentLimitA: 140,
  dischargeCurrentLimitA: 200,
  socPct: 67.25,
  sohPct: 99,
  voltageV: 53.11,
  currentA: 35.7,
  temperatureC: 21.4,
  remainingCapacityAh: 376.6,
  capacityAh: 560,
  modulesOnline: 2,
  minCellVoltageV: 3.306,
  maxCellVoltageV: 3.329,
  minCellTemperatureC: 19,
  maxCellTemperatureC: 22,
  minVoltageCellId: 'P1C07',
  maxVoltageCellId: 'P2C14',
  minTemperatureCellId: 'P1T1',
  maxTemperatureCellId: 'P2T2',
  energyChargedKWh: 211.2,
  energyDischargedKWh: 183.5,
  serial: 'GW0123456789',
  productName: 'GATEWAY',
};

/** As little as a bank may know. */
const sparse: SignalValues = {
  chargeVoltageLimitV: 55.2,
  chargeCurrentLimitA: 140,
  dischargeCurrentLimitA: 200,
  socPct: 67.25,
  voltageV: 53.11,
  currentA: 35.7,
  temperatureC: 21.4,
};

describe('a battery on the BMS port of a GX', () => {
  test('two packs, charging (CAN reference 15.2, example A), in the order of the reference', () => {
    expect(told(charging)).toEqual({
      351: '28 02 78 05 d0 07 c0 01',
      355: '43 00 63 00 45 1a 00 00',
      356: 'bf 14 65 01 d6 00 00 00',
      '35a': 'aa aa aa 02 aa aa aa 0a',
      '35e': '47 41 54 45 57 41 59 00',
      '35f': '00 00 01 02 79 01 00 00',
      360: '00 00 00 00 00 00 00 00',
      370: '47 61 72 61 67 65 20 62',
      371: '61 6e 6b 00 00 00 00 00',
      372: '02 00 00 00 00 00 00 00',
      373: 'ea 0c 01 0d 24 01 27 01',
      374: '50 31 43 30 37 00 00 00',
      375: '50 32 43 31 34 00 00 00',
      376: '50 31 54 31 00 00 00 00',
      377: '50 32 54 32 00 00 00 00',
      378: '40 08 00 00 2b 07 00 00',
      379: '30 02 00 00 00 00 00 00',
      380: '47 57 30 31 32 33 34 35',
      381: '36 37 38 39 00 00 00 00',
      382: '47 41 54 45 57 41 59 00',
    });
    expect(idsOf('victron', charging).join(' ')).toBe(
      '351 355 356 35a 35e 35f 360 370 371 372 373 374 375 376 377 378 379 380 381 382',
    );
  });

  test('one pack off line, low voltage, force charge (example B); no serial, no family', () => {
    expect(
      told({
        ...garage,
        dischargeEnable: false,
        alarms: ['low_voltage'],
        warnings: ['cell_imbalance'],
        modulesBlockingDischarge: 1,
        modulesOffline: 1,
        chargeVoltageLimitV: 55.2,
        chargeCurrentLimitA: 50,
        dischargeCurrentLimitA: 90,
        forceCharge1: true,
        socPct: 3.04,
        sohPct: 91,
        voltageV: 46.05,
        currentA: -1.2,
        temperatureC: -8.5,
        remainingCapacityAh: 8.5,
        capacityAh: 280,
        modulesOnline: 1,
        minCellVoltageV: 2.701,
        maxCellVoltageV: 2.955,
        minCellTemperatureC: -10,
        maxCellTemperatureC: -7,
        minVoltageCellId: 'P1C03',
        maxVoltageCellId: 'P1C11',
        minTemperatureCellId: 'P1T1',
        maxTemperatureCellId: 'P1T2',
        energyChargedKWh: 0,
        energyDischargedKWh: 12.3,
      }),
    ).toEqual({
      351: '28 02 f4 01 00 00 c0 01',
      355: '03 00 5b 00 30 01 00 00',
      356: 'fd 11 f4 ff ab ff 00 00',
      '35a': '9a aa aa 02 aa aa aa 09',
      '35e': '47 41 54 45 57 41 59 00',
      '35f': '00 00 01 02 09 00 00 00',
      360: 'ff 00 00 00 00 00 00 00',
      370: '47 61 72 61 67 65 20 62',
      371: '61 6e 6b 00 00 00 00 00',
      372: '01 00 00 00 01 00 01 00',
      373: '8d 0a 8b 0b 07 01 0a 01',
      374: '50 31 43 30 33 00 00 00',
      375: '50 31 43 31 31 00 00 00',
      376: '50 31 54 31 00 00 00 00',
      377: '50 31 54 32 00 00 00 00',
      378: '00 00 00 00 7b 00 00 00',
      379: '18 01 00 00 00 00 00 00',
    });
  });

  test('off line by its own word (example C)', () => {
    const frames = told({
      ...garage,
      alarms: ['internal'],
      modulesOffline: 1,
      online: false,
      chargeVoltageLimitV: 52,
      chargeCurrentLimitA: 0,
      dischargeCurrentLimitA: 0,
      socPct: 50,
      sohPct: 100,
      voltageV: 52,
      currentA: 0,
      temperatureC: 20,
      remainingCapacityAh: 140,
      capacityAh: 280,
      modulesOnline: 0,
      minCellVoltageV: 3.25,
      maxCellVoltageV: 3.25,
      minCellTemperatureC: 20,
      maxCellTemperatureC: 20,
      energyChargedKWh: 100,
      energyDischargedKWh: 90,
    });
    expect(frames).toMatchObject({
      351: '08 02 00 00 00 00 c0 01',
      355: '32 00 64 00 88 13 00 00',
      356: '50 14 00 00 c8 00 00 00',
      '35a': 'aa aa 6a 02 aa aa aa 06',
      '35f': '00 00 01 02 8c 00 00 00',
      372: '00 00 00 00 00 00 01 00',
      373: 'b2 0c b2 0c 25 01 25 01',
      378: 'e8 03 00 00 84 03 00 00',
      379: '18 01 00 00 00 00 00 00',
    });
  });

  test('every frame has 8 bytes', () => {
    for (const bytes of Object.values(told(charging))) expect(bytes).toHaveLength(8 * 3 - 1);
  });
});

describe('what is not known is left out, not invented', () => {
  test('a sparse bank says the frames of control and its name', () => {
    expect(idsOf('victron', sparse)).toEqual(['351', '355', '356', '35a', '35e', '360', '370', '371']);
  });

  test('the state of health alone is told as 100', () => {
    expect(told(sparse)[355]).toBe('43 00 64 00 45 1a 00 00');
  });

  test('without the temperature nothing is said, unless the installer has no sensor', () => {
    const { temperatureC, ...cold } = sparse;
    expect(temperatureC).toBe(21.4);
    expect(() => told(cold)).toThrow('lacks temperature_C');
    expect(told(cold, { temperature: 'none' })[356]).toBe('bf 14 65 01 c8 00 00 00');
  });

  test('CVL 0 would dump the battery: nothing at all is said then', () => {
    expect(() => told({ ...sparse, chargeVoltageLimitV: 0 })).toThrow('lacks charge_voltage_limit_V');
    expect(() => told({ ...sparse, chargeVoltageLimitV: 0.04 })).toThrow('lacks charge_voltage_limit_V');
  });
});

describe('old data', () => {
  test('raises warning pair 11 and says off line from stale on; late does neither', () => {
    expect(told({ ...charging, freshness: 'late' })).toEqual(told(charging));
    const stale = told({ ...charging, freshness: 'stale', forceCharge2: true });
    expect(stale).toMatchObject({ 351: '28 02 00 00 00 00 c0 01', '35a': 'aa aa aa 02 aa aa 6a 06' });
    expect(stale[360]).toBe('00 00 00 00 00 00 00 00');
    expect(stale[356]).toBe(told(charging)[356]);
  });

  test('a lost bank is not told at all: the GX stops by itself', () => {
    expect(shipped('victron').lost).toBe('silent');
  });
});

describe('the alarms of the catalogue', () => {
  const QUIET = 'aa aa aa 02 aa aa aa 0a';

  test.each(alarmNames)('%s raises one pair as an alarm and one as a warning', (name) => {
    const alarm = told({ ...sparse, alarms: [name] })['35a'] ?? QUIET;
    const warning = told({ ...sparse, warnings: [name] })['35a'] ?? QUIET;
    expect(raisedPairs(QUIET)).toEqual([]);
    const [pair] = raisedPairs(warning);
    expect(pair).toBeGreaterThanOrEqual(16);
    // A raised under-voltage alarm stops charging: a low state of charge is a warning on both sides.
    expect(raisedPairs(alarm)).toEqual(name === 'low_soc' ? [pair] : [(pair ?? 0) - 16]);
  });

  test('high voltage stands before low voltage, and clear is 10, never 00 (both wrong elsewhere)', () => {
    expect(told({ ...sparse, alarms: ['high_voltage'] })['35a']).toBe('a6 aa aa 02 aa aa aa 0a');
    expect(told({ ...sparse, alarms: ['cell_low_voltage'] })['35a']).toBe('9a aa aa 02 aa aa aa 0a');
  });
});

test('the units that others got wrong: kelvin by 273, the lowest cell first, 0.1 kWh', () => {
  const frames = told({
    ...charging,
    minCellTemperatureC: -0.6,
    maxCellTemperatureC: 0.4,
    energyChargedKWh: 0.14,
  });
  expect(frames[373]).toBe('ea 0c 01 0d 10 01 11 01');
  expect(frames[378]).toBe('01 00 00 00 2b 07 00 00');
});
