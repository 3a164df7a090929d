import { describe, expect, test } from 'vitest';
import { alarmNames } from '../../src/model/alarms.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { shipped } from './profiles.ts';
import { toldFrames } from './told-frames.ts';

const well: SignalValues = {
  chargeVoltageLimitV: 460.8,
  dischargeVoltageLimitV: 358.4,
  chargeCurrentLimitA: 25,
  dischargeCurrentLimitA: 30,
  socPct: 73.5,
  sohPct: 99,
  voltageV: 425.6,
  currentA: -12.3,
  temperatureC: 24.8,
  maxCellTemperatureC: 25.4,
  minCellTemperatureC: 23.9,
  maxCellVoltageV: 3.305,
  minCellVoltageV: 3.297,
  capacityKWh: 20.5,
  remainingKWh: 15,
};

const told = (given: SignalValues = {}, settings = {}, phase?: string) =>
  toldFrames('solax-hv', { ...well, ...given }, settings, phase);

describe('a Triple Power battery on the bus', () => {
  test('answers a poll with nine frames, little-endian, and says nothing on its own', () => {
    const can = shipped('solax-hv').can;
    expect(can?.layouts.filter((l) => !l.when_asked || !l.extended)).toEqual([]);
    expect(Object.keys(told()).slice(0, 9)).toEqual([
      '0x187E',
      '0x187A',
      '0x1872',
      '0x1873',
      '0x1874',
      '0x1875',
      '0x1876',
      '0x1877',
      '0x1878',
    ]);
    expect(told()['0x1872']).toBe('00 12 00 0E FA 00 2C 01');
  });

  test('announces itself, then says that it is about to connect, then that it is connected', () => {
    const contactor = (frames: Record<string, string>) => frames['0x1875']?.slice(12, 14);
    const [announce, waiting, closed] = ['announce', 'waiting', 'closed'].map((phase) => told({}, {}, phase));
    expect([announce, waiting, closed].map((frames) => frames && contactor(frames))).toEqual([
      '00',
      '00',
      '01',
    ]);
    expect(announce).toHaveProperty('0x100A001', '');
    expect(waiting).toHaveProperty('0x1801', '02 00 01 00 01 00 00 00');
    for (const other of ['0x100A001', '0x1801']) expect(closed).not.toHaveProperty(other);
  });

  test('begins anew after 2 s without a poll', () => {
    expect(shipped('solax-hv').can?.talk).toMatchObject({
      stops_after: 2000,
      phases: ['announce', 'waiting', 'closed'],
    });
  });

  test('stale: limits of 0 and nothing else, the contactor as it is, the voltage limit never 0; lost: silent', () => {
    expect(told({ freshness: 'stale' })).toEqual({ ...told(), '0x1872': '00 12 00 0E 00 00 00 00' });
    expect(told({ freshness: 'late' })).toEqual(told());
    expect(() => told({ chargeVoltageLimitV: 0 })).toThrow('lacks charge_voltage_limit_V');
    expect(shipped('solax-hv').lost).toBe('silent');
  });

  test('no alarm has a place: a protection shows as a limit of 0', () => {
    for (const name of alarmNames) expect(told({ alarms: [name], warnings: [name] })).toEqual(told());
    expect(told({ alarms: ['cell_high_voltage'], chargeEnable: false })['0x1872']).toBe(
      '00 12 00 0E 00 00 2C 01',
    );
  });

  test('energy follows from size and state of charge; a bank of unknown size is not told as an empty one', () => {
    const { remainingKWh, ...unmeasured } = well;
    expect(remainingKWh).toBe(15);
    expect(toldFrames('solax-hv', unmeasured)['0x1873']?.slice(-5)).toBe('E3 05');
    const { capacityKWh, ...unsized } = unmeasured;
    expect(capacityKWh).toBe(20.5);
    expect(() => toldFrames('solax-hv', unsized)).toThrow('lacks capacity_kWh, remaining_kWh');
  });

  test('a battery type and modules that the inverter knows, and a serial number in two halves', () => {
    const frames = told({}, { battery_type: 80, slave_modules: '3', serial: '6SBMSFA23AB052' });
    expect(frames).toMatchObject({
      '0x187A': '01 50 00 00 00 00 00 00',
      '0x1875': 'F8 00 03 00 01 00 00 00',
      '0x1877': '00 00 00 00 50 00 22 02',
      '0x1881': '00 36 53 42 4D 53 46 41',
      '0x1882': '00 32 33 41 42 30 35 32',
    });
  });

  test('no sensor: 20 °C is told, and only then', () => {
    const { temperatureC, maxCellTemperatureC, minCellTemperatureC, ...sensorless } = well;
    expect([temperatureC, maxCellTemperatureC, minCellTemperatureC]).not.toContain(20);
    expect(() => toldFrames('solax-hv', sensorless)).toThrow('lacks max_cell_temperature_C');
    expect(toldFrames('solax-hv', sensorless, { temperature: 'none' })).toMatchObject({
      '0x1875': 'C8 00 00 00 01 00 00 00',
      '0x1876': 'C8 00 E9 0C C8 00 E1 0C',
    });
  });
});
