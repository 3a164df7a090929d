import { describe, expect, test } from 'vitest';
import type { SignalValues } from '../../src/model/signals.ts';
import { rowsOf } from '../../src/profile/rows.ts';
import { asTold } from '../../src/profile/told.ts';
import { shipped } from './profiles.ts';

const told = (signals: SignalValues): SignalValues => asTold(signals, 'hold');

describe('power that may flow', () => {
  const bank: SignalValues = { voltageV: 398, chargeCurrentLimitA: 25, dischargeCurrentLimitA: 30 };

  test('is the current limit at the present voltage', () => {
    expect(told(bank)).toMatchObject({ chargePowerLimitW: 9950, dischargePowerLimitW: 11_940 });
  });

  test('is none where the direction is off or its limit is 0, even while the voltage is unknown', () => {
    expect(told({ ...bank, chargeEnable: false, chargePowerLimitW: 6000 }).chargePowerLimitW).toBe(0);
    expect(told({ dischargeCurrentLimitA: 0 }).dischargePowerLimitW).toBe(0);
    expect(told({ dischargeCurrentLimitA: -4, dischargePowerLimitW: 8000 }).dischargePowerLimitW).toBe(0);
  });

  test('is what was said where it was said, and unknown where voltage or limit is', () => {
    expect(told({ ...bank, chargePowerLimitW: 6000 }).chargePowerLimitW).toBe(6000);
    expect(told({ chargePowerLimitW: -1 }).chargePowerLimitW).toBe(0);
    expect(told({ voltageV: 398 })).not.toHaveProperty('chargePowerLimitW');
    expect(told({ chargeCurrentLimitA: 25 })).not.toHaveProperty('chargePowerLimitW');
  });
});

describe('what is left in the bank', () => {
  test('is a part of what it holds when full, and unknown where that is', () => {
    expect(told({ capacityKWh: 10.24, socPct: 76 }).remainingKWh).toBeCloseTo(7.7824, 9);
    expect(told({ capacityKWh: 10.24, socPct: 76, remainingKWh: 7.5 }).remainingKWh).toBe(7.5);
    expect(told({ socPct: 76, capacityAh: 100, voltageV: 52 })).not.toHaveProperty('remainingKWh');
    expect(told({ capacityKWh: 10.24 })).not.toHaveProperty('remainingKWh');
  });
});

describe('the time until the bank is empty', () => {
  test('is what is left at the present current, and unknown while nothing is drawn', () => {
    expect(told({ remainingCapacityAh: 212.8, currentA: -12.5 }).runTimeMin).toBeCloseTo(1021.44, 9);
    expect(told({ remainingCapacityAh: 212.8, currentA: -12.5, runTimeMin: 900 }).runTimeMin).toBe(900);
    expect(told({ remainingCapacityAh: 212.8, currentA: 5 })).not.toHaveProperty('runTimeMin');
    expect(told({ remainingCapacityAh: 212.8, currentA: 0 })).not.toHaveProperty('runTimeMin');
    expect(told({ currentA: -12.5 })).not.toHaveProperty('runTimeMin');
  });
});

describe('the cells', () => {
  test('stand apart by what lies between the highest and the lowest', () => {
    expect(told({ minCellVoltageV: 3.297, maxCellVoltageV: 3.305 }).cellDeltaV).toBeCloseTo(0.008, 9);
    expect(told({ minCellVoltageV: 3.2, maxCellVoltageV: 3.3, cellDeltaV: 0.02 }).cellDeltaV).toBe(0.02);
    expect(told({ maxCellVoltageV: 3.305 })).not.toHaveProperty('cellDeltaV');
  });

  test('that a written state numbers once are numbered within their packs', () => {
    expect(told({ minVoltageCellNo: 7, maxVoltageCellNo: 12 })).toMatchObject({
      minVoltagePackCellNo: 7,
      maxVoltagePackCellNo: 12,
    });
    expect(told({ maxVoltageCellNo: 28, maxVoltagePackCellNo: 12 }).maxVoltagePackCellNo).toBe(12);
  });
});

test('what follows from a state is shown as known, what a profile puts in its place as not measured', () => {
  const { modbus } = shipped('generic-modbus');
  const [window] = modbus?.layouts ?? [];
  if (!window) throw new Error('the generic map has one window');
  const given: SignalValues = {
    socPct: 76,
    voltageV: 52.8,
    currentA: 0,
    minVoltagePackNo: 2,
    minVoltageCellNo: 7,
  };
  const bytes = new Uint8Array(window.length);
  const texts = Object.fromEntries(rowsOf(window, bytes, given).map(({ label, text }) => [label, text]));
  expect(texts['min_voltage_pack_no, min_voltage_pack_cell_no']).not.toContain('not measured');
  expect(texts['max_voltage_pack_no, max_voltage_pack_cell_no']).toContain('not measured');
  expect(texts.soh_pct).toContain('not measured');
});

describe('what the bank does', () => {
  test.each([
    [4.1, 'charge'],
    [-0.1, 'discharge'],
    [0, 'idle'],
  ] as const)('shows in the sign of its current: %s A is %s', (currentA, status) => {
    expect(told({ currentA }).status).toBe(status);
  });

  test('is what the bank itself says where it says so, and unknown without a current', () => {
    expect(told({ currentA: 0.2, status: 'sleep' }).status).toBe('sleep');
    expect(told({ voltageV: 52 })).not.toHaveProperty('status');
  });

  test.each(['stale', 'lost'] as const)(
    'is nothing while it is %s: it claims no charge and no terminals',
    (freshness) => {
      const bank: SignalValues = {
        freshness,
        currentA: 30,
        status: 'charge',
        charging: true,
        online: true,
        forceCharge1: true,
        chargeCurrentLimitA: 0,
        chargePowerLimitW: 6000,
      };
      expect(told(bank)).toMatchObject({
        status: 'idle',
        charging: false,
        discharging: false,
        online: false,
        forceCharge1: false,
        chargePowerLimitW: 0,
      });
      expect(told({ freshness, currentA: -30 }).status).toBe('idle');
      expect(told({ freshness, status: 'sleep' }).status).toBe('sleep');
      expect(told({ freshness })).not.toHaveProperty('status');
    },
  );

  test('goes on as last seen while it is late', () => {
    expect(told({ freshness: 'late', currentA: 30, online: true })).toMatchObject({
      status: 'charge',
      online: true,
    });
  });
});
