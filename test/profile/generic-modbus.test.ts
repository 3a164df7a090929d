import { describe, expect, test } from 'vitest';
import type { SignalValues } from '../../src/model/signals.ts';
import { type CompiledModbus, compileProfile } from '../../src/profile/compile.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import { type RegisterImage, readRegisters } from '../../src/profile/registers.ts';
import { writtenState } from '../../src/profile/state-file.ts';
import { emptyStore, heartbeatLost, writeRegisters, writtenValue } from '../../src/profile/write-table.ts';
import { profileText, shipped, taken } from './profiles.ts';

function map(): CompiledModbus {
  const { modbus } = shipped('generic-modbus');
  if (!modbus) throw new Error('no register map');
  return modbus;
}

const modbus = map();

function image(given: SignalValues): RegisterImage {
  const made = modbus.image(writtenState(given));
  if (isIncomplete(made)) throw new Error(`lacks ${made.missing.join(', ')}`);
  return made;
}

const hex = (words: Uint16Array | undefined): string | undefined =>
  words && [...words].map((word) => word.toString(16).padStart(4, '0')).join(' ');

const fresh: SignalValues = {
  socPct: 76,
  voltageV: 52.8,
  currentA: -12.5,
  heartbeat: 0x5a,
  sohPct: 98,
  temperatureC: 23.5,
  chargeVoltageLimitV: 56.8,
  dischargeVoltageLimitV: 44.8,
  chargeCurrentLimitA: 100,
  dischargeCurrentLimitA: 150,
};

const status = (given: SignalValues): string | undefined =>
  hex(readRegisters(image({ ...fresh, ...given }), 0x0104, 1, 0));

describe('the generic map (RS485 reference, section 5)', () => {
  test('the core triple (G1) and the heartbeat (G3)', () => {
    expect(hex(readRegisters(image(fresh), 0x0100, 3, 1))).toBe('004c 0210 ff83');
    expect(hex(readRegisters(image(fresh), 0x0103, 1, 1))).toBe('005a');
  });

  test('the core block (G2)', () => {
    expect(hex(readRegisters(image(fresh), 0x0100, 16, 1))).toBe(
      '004c 0210 ff83 005a 0087 0062 0001 00eb 0238 01c0 03e8 05dc 0000 0000 0000 0100',
    );
  });

  test('which cell and which sensor (G4)', () => {
    const cells: SignalValues = {
      minCellVoltageV: 3.297,
      maxCellVoltageV: 3.305,
      minVoltagePackNo: 1,
      minVoltageCellNo: 7,
      maxVoltagePackNo: 2,
      maxVoltageCellNo: 12,
      minCellTemperatureC: 22.8,
      maxCellTemperatureC: 24.1,
      minTemperaturePackNo: 1,
      minTemperatureSensorNo: 1,
      maxTemperaturePackNo: 2,
      maxTemperatureSensorNo: 2,
    };
    expect(hex(readRegisters(image({ ...fresh, ...cells }), 0x0110, 8, 1))).toBe(
      '0ce1 0ce9 0107 020c 00e4 00f1 0101 0202',
    );
  });

  test('75 s without the batteries (G11)', () => {
    expect(hex(readRegisters(image({ ...fresh, freshness: 'stale' }), 0x0100, 16, 75))).toBe(
      '004c 0210 ff83 005a 0b00 0062 004b 00eb 0238 01c0 0000 0000 0000 0000 0001 0100',
    );
  });

  test('a read past the map (G8), before it, or around the world finds nothing', () => {
    expect(readRegisters(image(fresh), 0x0188, 1, 1)).toBeUndefined();
    expect(readRegisters(image(fresh), 0x0187, 2, 1)).toBeUndefined();
    expect(readRegisters(image(fresh), 0x00ff, 2, 1)).toBeUndefined();
    expect(readRegisters(image(fresh), 0xffff, 2, 1)).toBeUndefined();
    expect(readRegisters(image(fresh), 0x0100, 125, 1)).toHaveLength(125);
  });

  test('holes in the window read 0', () => {
    expect(hex(readRegisters(image(fresh), 0x011c, 4, 1))).toBe('0000 0000 0000 0000');
    expect(hex(readRegisters(image(fresh), 0x014a, 2, 1))).toBe('0000 0000');
  });

  test('the age is that of the moment of reading, and stands still at its edge', () => {
    const once = image(fresh);
    const ageAt = (ageS: number | undefined) => hex(readRegisters(once, 0x0105, 3, ageS));
    expect(ageAt(0)).toBe('0062 0000 00eb');
    expect(ageAt(12.4)).toBe('0062 000c 00eb');
    expect(ageAt(1e9)).toBe('0062 fffe 00eb');
    expect(ageAt(undefined)).toBe('0062 ffff 00eb');
    expect(hex(readRegisters(once, 0x0106, 1, 3))).toBe('0003');
    expect(hex(readRegisters(once, 0x0107, 1, 3))).toBe('00eb');
  });

  test('32-bit values go high word first', () => {
    const known = {
      ...fresh,
      remainingCapacityAh: 212.8,
      powerW: -660,
      energyChargedKWh: 1234.567,
      capacityAh: 280,
    };
    expect(hex(readRegisters(image(known), 0x0120, 12, 1))).toBe(
      '0003 3f40 0004 45c0 ffff fd6c 0000 ce40 ffff cf2c ffff 1db0',
    );
    expect(hex(readRegisters(image(known), 0x012c, 2, 1))).toBe('0012 d687');
  });

  test('texts begin in the high byte and end in zeros', () => {
    expect(hex(readRegisters(image(fresh), 0x0130, 8, 1))).toBe('626d 7367 6174 6500 0000 0000 0000 0000');
  });

  test('an unknown limit is 0, anything else unknown reads unavailable', () => {
    const little = image({ socPct: 76, voltageV: 52.8, currentA: 0 });
    expect(hex(readRegisters(little, 0x0105, 7, undefined))).toBe('ffff ffff 8000 0000 0000 0000 0000');
    expect(hex(readRegisters(little, 0x0112, 4, 1))).toBe('ffff ffff 8000 8000');
    expect(modbus.image({ socPct: 76 })).toEqual({ missing: ['voltage_V', 'current_A'] });
  });
});

describe('the status word', () => {
  test.each<[string, SignalValues, string]>([
    ['at rest', { currentA: 0 }, '0007'],
    ['charging', { currentA: 5 }, '0047'],
    ['late', { freshness: 'late' }, '0187'],
    ['stale', { freshness: 'stale' }, '0b00'],
    ['lost', { freshness: 'lost' }, '0b00'],
    ['charge forbidden', { chargeEnable: false }, '0085'],
    ['asking for charge early', { forceCharge2: true }, '008f'],
    ['asking for a full charge while balancing', { fullChargeRequest: true, balancing: true }, '00b7'],
    ['one pack of two away', { packsOnline: 1, packsConfigured: 2 }, '0487'],
    ['both packs there', { packsOnline: 2, packsConfigured: 2 }, '0087'],
    ['a fault of the gateway', { faults: ['restarted'] }, '0887'],
    ['a warning', { warnings: ['cell_imbalance'] }, '1087'],
    ['an alarm alone is neither', { alarms: ['high_voltage'] }, '0087'],
  ])('%s', (_, given, expected) => expect(status(given)).toBe(expected));
});

test('every alarm of the catalogue has its bit, alarms and warnings alike, and none has two', () => {
  const words = (given: SignalValues) => hex(readRegisters(image({ ...fresh, ...given }), 0x010c, 3, 1));
  const order = [
    'cell_high_voltage',
    'cell_low_voltage',
    'high_voltage',
    'low_voltage',
    'high_charge_current',
    'high_discharge_current',
    'short_circuit',
    'high_temperature_charge',
    'low_temperature_charge',
    'high_temperature',
    'low_temperature',
    'mosfet_high_temperature',
    'cell_imbalance',
    'low_soc',
    'internal',
    'contactor',
  ] as const;
  for (const [bit, name] of order.entries()) {
    const word = (1 << bit).toString(16).padStart(4, '0');
    expect(words({ alarms: [name] })).toBe(`${word} 0000 0000`);
    expect(words({ warnings: [name] })).toBe(`0000 ${word} 0000`);
  }
  for (const name of ['general', 'module_high_voltage', 'module_low_voltage'] as const)
    expect(words({ alarms: [name] })).toBe('8000 0000 0000');
});

test('the faults of the gateway, in their order', () => {
  const faults = [
    'data_stale',
    'bms_link_down',
    'pack_missing',
    'configuration_error',
    'inverter_heartbeat_lost',
    'aggregation_conflict',
    'restarted',
  ] as const;
  for (const [bit, fault] of faults.entries())
    expect(readRegisters(image({ ...fresh, faults: [fault] }), 0x010e, 1, 1)).toEqual(
      Uint16Array.of(1 << bit),
    );
});

test('a heartbeat counts in one byte and begins again', () => {
  expect(hex(readRegisters(image({ ...fresh, heartbeat: 255 }), 0x0103, 1, 1))).toBe('00ff');
  expect(hex(readRegisters(image({ ...fresh, heartbeat: 256 }), 0x0103, 1, 1))).toBe('0000');
});

describe('what a master writes', () => {
  const table = modbus.writable;
  const read = (store: ReturnType<typeof emptyStore>) =>
    hex(readRegisters(image(fresh), 0x0180, 8, 1, { table, store }));

  test('starts at 0 and is read back, also beside what the bank says', () => {
    const store = emptyStore(table);
    expect(read(store)).toBe('0000 0000 0000 0000 0000 0000 0000 0000');
    expect(writeRegisters(table, store, 0x0180, Uint16Array.of(7, 2), 0)).toBe(true);
    expect(writeRegisters(table, store, 0x0186, Uint16Array.of(0xffff), 0)).toBe(true);
    expect(read(store)).toBe('0007 0002 0000 0000 0000 0000 ffff 0000');
    expect(hex(readRegisters(image(fresh), 0x0100, 3, 1, { table, store }))).toBe('004c 0210 ff83');
  });

  test('is taken whole or not at all', () => {
    const store = emptyStore(table);
    expect(writeRegisters(table, store, 0x0187, Uint16Array.of(1, 2), 0)).toBe(false);
    expect(writeRegisters(table, store, 0x017f, Uint16Array.of(1, 2), 0)).toBe(false);
    expect(writeRegisters(table, store, 0x0100, Uint16Array.of(1), 0)).toBe(false);
    expect(writeRegisters(table, store, 0x0180, new Uint16Array(0), 0)).toBe(false);
    expect(read(store)).toBe('0000 0000 0000 0000 0000 0000 0000 0000');
    expect(writtenValue(table, store, 'inverter_heartbeat')).toBeUndefined();
  });

  test('has a meaning, a unit and a moment', () => {
    const store = emptyStore(table);
    writeRegisters(table, store, 0x0182, Uint16Array.of(0x6740, 0x1234, 528, 0xff83), 5_000);
    expect(writtenValue(table, store, 'unix_time')?.value).toBe(0x67401234);
    expect(writtenValue(table, store, 'inverter_voltage')?.value).toBe(52.8);
    expect(writtenValue(table, store, 'inverter_current')).toEqual({
      value: -12.5,
      writtenAtMs: 5_000,
      changedAtMs: 5_000,
    });
    expect(writtenValue(table, store, 'inverter_state')).toBeUndefined();
  });

  test('an inverter whose heartbeat stands still for 60 s is lost; one that never sent it is not', () => {
    const store = emptyStore(table);
    expect(heartbeatLost(table, store, 1e9)).toBe(false);
    for (const [nowMs, beat] of [
      [0, 1],
      [1_000, 2],
      [30_000, 2],
      [60_000, 2],
    ] as const)
      writeRegisters(table, store, 0x0180, Uint16Array.of(beat), nowMs);
    expect(heartbeatLost(table, store, 61_000)).toBe(false);
    expect(heartbeatLost(table, store, 61_001)).toBe(true);
    writeRegisters(table, store, 0x0180, Uint16Array.of(3), 61_002);
    expect(heartbeatLost(table, store, 61_003)).toBe(false);
  });

  test('even a first heartbeat of 0 counts as sent', () => {
    const store = emptyStore(table);
    writeRegisters(table, store, 0x0180, Uint16Array.of(0), 0);
    expect(heartbeatLost(table, store, 60_001)).toBe(true);
  });
});

test('an age in four registers is written at the moment of reading, as any other', () => {
  const text = profileText('generic-modbus').replace(
    '  signals:\n',
    '  signals:\n    - { at: 0x0170, as: u64, from: data_age_s, unknown: 0, name: age }\n',
  );
  const { modbus } = compileProfile(taken(text));
  const image = modbus?.image({ socPct: 76, voltageV: 52.8, currentA: 0 });
  if (!image || 'missing' in image) throw new Error('the bank is complete');
  expect([...(readRegisters(image, 0x0170, 4, 75) ?? [])]).toEqual([0, 0, 0, 75]);
  expect([...(readRegisters(image, 0x0173, 1, 75) ?? [])]).toEqual([75]);
});
