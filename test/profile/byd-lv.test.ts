import { describe, expect, test } from 'vitest';
import type { SignalValues } from '../../src/model/signals.ts';
import { framesOf, idsOf } from './can-frames.ts';
import { shipped } from './profiles.ts';

const told = (given: SignalValues, settings = {}) => framesOf('byd-lv', given, settings);

const captured: SignalValues = {
  chargeVoltageLimitV: 58.4,
  chargeCurrentLimitA: 128,
  dischargeCurrentLimitA: 128,
  dischargeVoltageLimitV: 43,
  socPct: 67,
  sohPct: 100,
  voltageV: 53.1,
  currentA: -0.7,
  temperatureC: 14,
  remainingCapacityAh: 105,
  capacityAh: 156,
  modulesOnline: 2,
  modulesOffline: 0,
  modulesBlockingCharge: 0,
  modulesBlockingDischarge: 0,
  minCellVoltageV: 3.306,
  maxCellVoltageV: 3.329,
  minCellTemperatureC: 14,
  maxCellTemperatureC: 17,
  minVoltageCellId: '1',
  energyChargedKWh: 211.2,
  energyDischargedKWh: 183.5,
};

describe('a BYD Premium LVS', () => {
  test('is told byte for byte as one was captured (CAN reference, 6.1)', () => {
    expect(told(captured)).toEqual({
      351: '48 02 00 05 00 05 ae 01',
      355: '43 00 64 00 00 00 00 00',
      356: 'be 14 f9 ff 8c 00 00 00',
      '35a': 'aa aa aa aa aa aa aa aa',
      '35b': '00 00 00 00 00 00 00 00',
      '35e': '42 59 44 00 00 00 00 00',
      '35f': '4c 69 01 17 69 00 00 00',
      360: '00 00 00 00 00 00 00 00',
      372: '02 00 00 00 00 00 00 00',
      373: 'ea 0c 01 0d 1f 01 22 01',
      374: '31 00 00 00 00 00 00 00',
      378: '40 08 00 00 2b 07 00 00',
      379: '9c 00 00 00 00 00 00 00',
      382: '50 52 45 4d 49 55 4d 00',
    });
  });

  test('says no name in 0x370 and 0x371, and a serial only where there is one', () => {
    expect(idsOf('byd-lv', captured)).not.toContain('370');
    expect(told(captured, { serial: 'P02X123' })[380]).toBe('50 30 32 58 31 32 33 00');
  });

  test('old data raises warning pair 11 and the status "off line"; a lost bank goes on saying zero', () => {
    expect(told({ ...captured, freshness: 'stale' })).toMatchObject({
      351: '48 02 00 00 00 00 ae 01',
      '35a': 'aa aa aa aa aa aa 6a a6',
    });
    expect(shipped('byd-lv').lost).toBe('hold');
  });

  test('a raised pair stands out from the clear ones', () => {
    expect(told({ ...captured, alarms: ['high_charge_current'], warnings: ['low_soc'] })['35a']).toBe(
      'aa aa a9 aa 9a aa aa aa',
    );
  });
});
