import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alarmNames } from '../../src/model/alarms.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import type { Settings } from '../../src/profile/options.ts';
import { between } from '../between.ts';
import { shipped } from './profiles.ts';
import { bitOf, toldFrames } from './told-frames.ts';

const told = (given: SignalValues, settings: Settings = {}) => toldFrames('pylontech-hv', given, settings);

const discharging: SignalValues = {
  manufacturer: 'PYLON',
  status: 'discharge',
  cyclePeriod: 0,
  chargeVoltageLimitV: 398,
  dischargeVoltageLimitV: 302,
  chargeCurrentLimitA: 25,
  dischargeCurrentLimitA: 30,
  socPct: 73.5,
  sohPct: 99,
  voltageV: 370.5,
  currentA: -12.3,
  temperatureC: -5.2,
  maxCellVoltageV: 3.3,
  minCellVoltageV: 3.29,
  maxVoltageCellNo: 3,
  minVoltageCellNo: 6,
  maxCellTemperatureC: -5.2,
  minCellTemperatureC: -5.8,
  maxTemperatureCellNo: 2,
  minTemperatureCellNo: 1,
  maxModuleVoltageV: 51.116,
  minModuleVoltageV: 50.9,
  maxVoltageModuleNo: 3,
  minVoltageModuleNo: 2,
  maxModuleTemperatureC: -5.2,
  minModuleTemperatureC: -5.8,
  maxTemperatureModuleNo: 2,
  minTemperatureModuleNo: 1,
  cellsInSeries: 120,
  modulesInSeries: 4,
  cellsPerModule: 30,
  nominalVoltageV: 384,
  capacityAh: 37,
};

describe('a Pylontech high-voltage battery on the bus', () => {
  test('discharging (CAN reference 15.5, example A), in the order of the reference; B and C are examples of the profile', () => {
    expect(Object.entries(told(discharging))).toEqual([
      ['0x7310', '01 00 02 01 01 02 00 00'],
      ['0x7320', '78 00 04 1E 80 01 25 00'],
      ['0x7330', '50 59 4C 4F 4E 00 00 00'],
      ['0x7340', '00 00 00 00 00 00 00 00'],
      ['0x4210', '79 0E B5 74 B4 03 49 63'],
      ['0x4220', '8C 0F CC 0B 2A 76 04 74'],
      ['0x4230', 'E4 0C DA 0C 03 00 06 00'],
      ['0x4240', 'B4 03 AE 03 02 00 01 00'],
      ['0x4250', '02 00 00 00 00 00 00 00'],
      ['0x4260', 'AC C7 D4 C6 03 00 02 00'],
      ['0x4270', 'B4 03 AE 03 02 00 01 00'],
      ['0x4280', '00 00 00 00 00 00 00 00'],
      ['0x4290', '00 00 00 00 00 00 00 00'],
    ]);
    const titles = shipped('pylontech-hv').profile.examples.map(({ title }) => title);
    expect(titles.slice(1, 3)).toEqual([
      'full, charge forbidden, cell-high protection, warnings',
      'deep discharge, force charge, discharge forbidden, relay error',
    ]);
  });

  test('nothing goes out unasked, and every frame under a 29-bit id', () => {
    const layouts = shipped('pylontech-hv').can?.layouts ?? [];
    expect(layouts.filter((l) => !l.when_asked || !l.extended || l.length !== 8)).toEqual([]);
    expect(new Set(layouts.map((l) => l.id)).size).toBe(layouts.length);
  });

  test('positive current is charging, in the number and in the status', () => {
    const { status, ...unsaid } = discharging;
    expect(status).toBe('discharge');
    expect(told({ ...unsaid, currentA: 12.3 })).toMatchObject({
      '0x4210': '79 0E AB 75 B4 03 49 63',
      '0x4250': '01 00 00 00 00 00 00 00',
    });
    expect(told(unsaid)['0x4250']).toBe('02 00 00 00 00 00 00 00');
    expect(told({ ...unsaid, currentA: 0 })['0x4250']).toBe('03 00 00 00 00 00 00 00');
  });

  test('a direction is marked AA whenever its limit is 0, whatever brought it there', () => {
    const marks = (given: SignalValues) => told({ ...discharging, ...given })['0x4280']?.slice(0, 5);
    expect(marks({})).toBe('00 00');
    expect(marks({ chargeEnable: false })).toBe('AA 00');
    expect(marks({ dischargeCurrentLimitA: 0 })).toBe('00 AA');
    expect(marks({ freshness: 'stale' })).toBe('AA AA');
  });

  test('stale: limits of 0, both directions forbidden, at rest, no request; the rest as last seen', () => {
    expect(
      told({
        ...discharging,
        freshness: 'stale',
        forceCharge1: true,
        forceCharge2: true,
        balanceRequest: true,
      }),
    ).toMatchObject({
      '0x4210': '79 0E B5 74 B4 03 49 63',
      '0x4220': '8C 0F CC 0B 30 75 30 75',
      '0x4250': '03 00 00 00 00 00 00 00',
      '0x4280': 'AA AA 00 00 00 00 00 00',
    });
    expect(told({ ...discharging, freshness: 'late' })).toEqual(told(discharging));
    expect(shipped('pylontech-hv').lost).toBe('silent');
  });

  test('the voltage limit is never told as 0', () => {
    expect(() => told({ ...discharging, chargeVoltageLimitV: 0 })).toThrow('lacks charge_voltage_limit_V');
  });

  test('modules that nobody knows are left out, cells that nobody knows silence the battery', () => {
    const { maxModuleVoltageV, minModuleTemperatureC, ...some } = discharging;
    expect([maxModuleVoltageV, minModuleTemperatureC]).toEqual([51.116, -5.8]);
    expect(Object.keys(told(some))).not.toContain('0x4260');
    expect(Object.keys(told(some))).not.toContain('0x4270');
    const { maxCellVoltageV, ...blind } = discharging;
    expect(maxCellVoltageV).toBe(3.3);
    expect(() => told(blind)).toThrow('lacks max_cell_voltage_V');
  });
});

describe('alarms', () => {
  const words = (given: SignalValues) => told({ ...discharging, ...given })['0x4250'];
  /** Bit of the alarm words, as the reference numbers them. */
  const places: Partial<Record<(typeof alarmNames)[number], number>> = {
    cell_low_voltage: 0,
    cell_high_voltage: 1,
    low_voltage: 2,
    high_voltage: 3,
    low_temperature_charge: 4,
    high_temperature_charge: 5,
    low_temperature: 6,
    high_temperature: 7,
    high_charge_current: 8,
    high_discharge_current: 9,
    module_low_voltage: 10,
    module_high_voltage: 11,
  };

  test.each(Object.entries(places))(
    '%s is bit %i, early in bytes 4 and 5, as protection in bytes 6 and 7',
    (name, bit) => {
      // The table above is typed by these names.
      const alarm = name as (typeof alarmNames)[number];
      const at = Math.floor(bit / 8);
      const raised = (frame: string | undefined) =>
        [4, 5, 6, 7].flatMap((byte) =>
          [0, 1, 2, 3, 4, 5, 6, 7].filter((b) => bitOf(frame, byte, b)).map((b) => [byte, b]),
        );
      expect(raised(words({ warnings: [alarm] }))).toEqual([[4 + at, bit % 8]]);
      expect(raised(words({ alarms: [alarm] }))).toEqual([[6 + at, bit % 8]]);
    },
  );

  test('no alarm of the catalogue vanishes, and of the warnings only those that would have to be errors', () => {
    const healthy = words({});
    expect(alarmNames.filter((name) => words({ alarms: [name] }) === healthy)).toEqual([]);
    expect(alarmNames.filter((name) => words({ warnings: [name] }) === healthy)).toEqual([
      'general',
      'contactor',
      'internal',
    ]);
  });

  test('errors stand in byte 3, a contactor among them', () => {
    expect(words({ errors: ['error_voltage_sensor', 'error_other'] })).toBe('02 00 00 81 00 00 00 00');
    expect(words({ alarms: ['contactor'] })).toBe('02 00 00 20 00 00 00 00');
  });
});

describe('what an installer chooses', () => {
  test('the plain form: big-endian, no offsets, a positive limit; alarm words turn with the order, single bytes do not', () => {
    const plain: Settings = {
      byte_order: 'big',
      current_offset: false,
      temperature_offset: false,
      discharge_limit_sign: 'positive',
    };
    expect(
      told({ ...discharging, alarms: ['cell_high_voltage'], warnings: ['module_high_voltage'] }, plain),
    ).toMatchObject({
      '0x4210': '0E 79 FF 85 FF CC 49 63',
      '0x4220': '0F 8C 0B CC 00 FA 01 2C',
      '0x4230': '0C E4 0C DA 00 03 00 06',
      '0x4240': 'FF CC FF C6 00 02 00 01',
      '0x4250': '02 00 00 00 08 00 00 02',
      '0x4270': 'FF CC FF C6 00 02 00 01',
      '0x7320': '00 78 04 1E 01 80 00 25',
    });
  });

  test('every form of the discharge limit says 30 A, and 0 A at rest', () => {
    const limit = (settings: Settings, given: SignalValues = {}) =>
      told({ ...discharging, ...given }, settings)['0x4220']?.slice(18);
    expect(limit({})).toBe('04 74');
    expect(limit({ discharge_limit_sign: 'positive' })).toBe('5C 76');
    expect(limit({ current_offset: false })).toBe('D4 FE');
    expect(limit({ current_offset: false, discharge_limit_sign: 'positive' })).toBe('2C 01');
    for (const current_offset of [true, false])
      for (const discharge_limit_sign of ['negative', 'positive'])
        expect(limit({ current_offset, discharge_limit_sign }, { dischargeEnable: false })).toBe(
          current_offset ? '30 75' : '00 00',
        );
  });

  test('address 1, for Ferroamp: every id moves, the poll stays', () => {
    const ids = Object.keys(told(discharging, { address: 1 }));
    expect(ids[0]).toBe('0x7311');
    expect(ids).toContain('0x4281');
    expect(ids.filter((id) => id.endsWith('0'))).toEqual([]);
    const heard = shipped('pylontech-hv', { address: 1 }).can?.receives.map(({ id }) => id) ?? [];
    expect(heard).toContain(0x4200);
    expect(heard).toContain(0x8201);
  });

  test("a stack that the inverter knows, in place of the bank's own", () => {
    const known: Settings = {
      cells_in_series: 75,
      modules_in_series: 5,
      cells_per_module: 15,
      nominal_voltage_V: 240,
      capacity_Ah: 50,
    };
    expect(told(discharging, known)['0x7320']).toBe('4B 00 05 0F F0 00 32 00');
    expect(told(discharging, { manufacturer: 'PYLONTECH' })).toMatchObject({
      '0x7330': '50 59 4C 4F 4E 54 45 43',
      '0x7340': '48 00 00 00 00 00 00 00',
    });
  });

  test('a name, where the inverter asks for one', () => {
    expect(Object.keys(told(discharging))).not.toContain('0x42E0');
    expect(told(discharging, { name_frames: true, battery_name: 'Deye' })['0x42E0']).toBe(
      '44 65 79 65 00 00 00 00',
    );
  });

  test('no sensor: 20 °C is told, and only then', () => {
    const { temperatureC, maxCellTemperatureC, minCellTemperatureC, ...sensorless } = discharging;
    expect([temperatureC, maxCellTemperatureC, minCellTemperatureC]).toEqual([-5.2, -5.2, -5.8]);
    expect(() => told(sensorless)).toThrow('lacks temperature_C');
    expect(told(sensorless, { temperature: 'none' })).toMatchObject({
      '0x4210': '79 0E B5 74 B0 04 49 63',
      '0x4240': 'B0 04 B0 04 02 00 01 00',
    });
  });
});

test('no limit is told higher than it is, in any form and however large; 0 is 0', () => {
  const amps = fc.oneof(fc.constant(0), between(0, 10_000));
  const forms = fc.record({
    byte_order: fc.constantFrom('little', 'big'),
    current_offset: fc.boolean(),
    discharge_limit_sign: fc.constantFrom('negative', 'positive'),
  });
  fc.assert(
    fc.property(forms, amps, amps, (form, charge, discharge) => {
      const frame = told(
        { ...discharging, chargeCurrentLimitA: charge, dischargeCurrentLimitA: discharge },
        form,
      )['0x4220'];
      const view = new DataView(
        Uint8Array.from((frame ?? '').split(' '), (b) => Number.parseInt(b, 16)).buffer,
      );
      const ampsAt = (at: number) => {
        const little = form.byte_order === 'little';
        return form.current_offset ? view.getUint16(at, little) / 10 - 3000 : view.getInt16(at, little) / 10;
      };
      const sign = form.discharge_limit_sign === 'negative' ? -1 : 1;
      for (const [told, limit] of [
        [ampsAt(4), charge],
        [sign * ampsAt(6), discharge],
      ] as const) {
        expect(told).toBeGreaterThanOrEqual(0);
        expect(told).toBeLessThanOrEqual(limit + 1e-6);
        expect(told).toBeGreaterThan(Math.min(limit, 3000) - 0.11);
      }
    }),
  );
});
