// What an inverter reads of the limits and requests, to the count of its own wire.
import { describe, expect, test } from 'vitest';
import type { SignalValues } from '../../src/model/signals.ts';
import { compileAsRead } from '../../src/profile/as-read.ts';
import type { Settings } from '../../src/profile/options.ts';
import { compiledOf, fullBank } from './safety-banks.ts';

const bank: SignalValues = {
  ...fullBank(false),
  chargeVoltageLimitV: 55.26,
  dischargeVoltageLimitV: 46.41,
  chargeCurrentLimitA: 49.99,
  dischargeCurrentLimitA: 80,
  socPct: 76.54,
};

const readFrom = (id: string, more: SignalValues = {}, settings: Settings = {}) =>
  compileAsRead(compiledOf(id, settings))(() => ({ value: { ...bank, ...more }, atMs: 0 })).told;

describe('what an inverter reads', () => {
  test('has the counts of its wire: tenths, whole amperes, hundredths of a percent', () => {
    expect(readFrom('pylontech-lv')).toMatchObject({
      charge_voltage_limit_V: 55.2,
      discharge_voltage_limit_V: 46.5,
      charge_current_limit_A: 49.9,
      soc_told_pct: 76,
    });
    expect(readFrom('pace-modbus').charge_current_limit_A).toBe(49);
    expect(readFrom('victron').soc_told_pct).toBe(76.54);
    expect(readFrom('kostal-byd').charge_voltage_limit_V).toBe(55.26);
  });

  test('is a power where the map has no current', () => {
    const read = readFrom('byd-modbus', { voltageV: 50 });
    expect(read.charge_current_limit_A).toBeUndefined();
    expect(read).toMatchObject({ charge_power_limit_W: 2499, discharge_power_limit_W: 4000 });
  });

  test('lacks what its protocol has no place for, and what the bank does not know', () => {
    expect(Object.keys(readFrom('sma'))).not.toContain('charge_enable');
    expect(Object.keys(readFrom('growatt-lv'))).not.toContain('discharge_voltage_limit_V');
    expect(Object.keys(readFrom('pylontech-lv'))).not.toContain('heartbeat');
    const { heartbeat: _, ...mute } = bank;
    const read = compileAsRead(compiledOf('generic-modbus', {}))(() => ({ value: mute, atMs: 0 }));
    expect(Object.keys(read.told)).not.toContain('heartbeat');
  });

  test('lacks what was not said yet', () => {
    const compiled = compiledOf('pylontech-lv', {});
    const limits = compiled.can?.layouts.find(({ id }) => id === 0x351);
    const { told, atMs } = compileAsRead(compiled)((layout) =>
      layout === limits ? { value: bank, atMs: 7 } : undefined,
    );
    expect([told.charge_voltage_limit_V, atMs.charge_voltage_limit_V]).toEqual([55.2, 7]);
    expect([told.soc_told_pct, atMs.soc_told_pct]).toEqual([undefined, undefined]);
  });

  test('of a direction that is off is zero, and the least that an inverter heeds where it ignores a zero', () => {
    const off = { chargeEnable: false };
    expect(readFrom('pylontech-lv', off)).toMatchObject({ charge_current_limit_A: 0, charge_enable: false });
    expect(readFrom('sofar-lv', off).charge_current_limit_A).toBe(0.1);
  });

  test('of "forbidden" is the contrary of "allowed"', () => {
    const off = { chargeEnable: false };
    for (const id of ['growatt-hv', 'pylontech-hv', 'epever-rs485'])
      expect(readFrom(id, off)).toMatchObject({ charge_enable: false, discharge_enable: true });
  });

  test('of a bit that several requests share is one request', () => {
    const asks = { forceCharge2: true };
    expect(readFrom('victron', asks)).toMatchObject({ force_charge_1: true });
    expect(Object.keys(readFrom('victron', asks))).not.toContain('force_charge_2');
    expect(readFrom('pylontech-lv', asks)).toMatchObject({ force_charge_1: false, force_charge_2: true });
  });

  test('of old data asks for nothing, whatever was asked', () => {
    const read = readFrom('pylontech-lv', {
      freshness: 'stale',
      forceCharge1: true,
      fullChargeRequest: true,
    });
    expect(read).toMatchObject({ force_charge_1: false, full_charge_request: false });
  });

  test('is what the installer chose to tell in place of the truth', () => {
    const forced: Settings = { force_soc: 'at_zero_limit' };
    expect(readFrom('byd-hv', { chargeEnable: false }, forced).soc_told_pct).toBe(100);
    expect(readFrom('byd-hv', {}, forced).soc_told_pct).toBe(76.54);
  });
});
