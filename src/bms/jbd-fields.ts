import type { Field } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';

/** Where JBD keeps its numbers; `at` counts from the first data byte (BLE reference 1.4 and 1.5). Read and written with one table. */

export const BASIC = 0x03;
export const CELLS = 0x04;
export const NAME = 0x05;
export const COUNTERS = 0xaa;
export const SETTINGS = 0xfa;

/** Data bytes of 0x03 before the sensors. */
export const BASIC_BYTES = 23;
/** Humidity, alarm bits, full capacity, remaining capacity again, balance current. Newer firmware only. */
export const EXTENSION_BYTES = 9;
/** Model limits (BLE reference, section 10). */
export const MAX_CELLS = 32;
export const MAX_SENSORS = 16;

export const basic = {
  voltageV: { at: 0, as: 'u16be', scale: 0.01 },
  cycles: { at: 8, as: 'u16be' },
  socPct: { at: 19, as: 'u8' },
} as const satisfies Record<string, Field>;

/** Amperes (positive while charging) and ampere-hours: one count is 0.01, or 0.1 where the unit flag is set. */
export const amperes = (unit: 1 | 10) =>
  ({
    currentA: { at: 2, as: 'i16be', scale: 0.01 * unit },
    remainingCapacityAh: { at: 4, as: 'u16be', scale: 0.01 * unit },
    nominalCapacityAh: { at: 6, as: 'u16be', scale: 0.01 * unit },
  }) as const satisfies Record<string, Field>;

/** Words of bits, and counts that say how to read the rest. */
export const states = {
  balance1to16: { at: 12, as: 'u16be' },
  balance17to32: { at: 14, as: 'u16be' },
  protection: { at: 16, as: 'u16be' },
  fets: { at: 20, as: 'u8' },
  cellCount: { at: 21, as: 'u8' },
  sensorCount: { at: 22, as: 'u8' },
} as const satisfies Record<string, Field>;

export const sensor = { at: BASIC_BYTES, as: 'u16be', scale: 0.1, offset: -273.1 } as const satisfies Field;
/** First of a row of cell voltages, data of 0x04. */
export const cell = { at: 0, as: 'u16be', scale: 0.001 } as const satisfies Field;
/** The early level; behind the last of `sensors` sensors. */
export const warningBits = (sensors: number): Field => ({ at: BASIC_BYTES + 2 * sensors + 1, as: 'u16be' });

/** Words and bytes that only people read. */
export const remarks = {
  productionDate: { at: 10, as: 'u16be' },
  version: { at: 18, as: 'u8' },
} as const satisfies Record<string, Field>;

/** Newer firmware, behind the last of `sensors` sensors; what is not there is left out (BLE reference 1.4). */
export const extension = (sensors: number, unit: 1 | 10) => {
  const from = BASIC_BYTES + 2 * sensors;
  return {
    humidity_pct: { at: from, as: 'u8' },
    full_capacity_Ah: { at: from + 3, as: 'u16be', scale: 0.01 * unit },
    balance_current_A: { at: from + 7, as: 'u16be', scale: 0.001 },
  } as const satisfies Record<string, Field>;
};

/** Words of 0xAA in their order; the last only from newer firmware (BLE reference 1.6). */
export const counterNames = [
  'short_circuits',
  'charge_over_currents',
  'discharge_over_currents',
  'cell_over_voltages',
  'cell_under_voltages',
  'charge_over_temperatures',
  'charge_under_temperatures',
  'discharge_over_temperatures',
  'discharge_under_temperatures',
  'pack_over_voltages',
  'pack_under_voltages',
  'restarts',
] as const;

/** Parameters 0 to 29 of a settings read, behind its three bytes of echo (BLE reference 1.7). */
export const SETTINGS_COUNT = 30;
const parameter = (n: number) => 3 + 2 * n;
export const settings = {
  cell_over_voltage_V: { at: parameter(20), as: 'u16be', scale: 0.001 },
  cell_under_voltage_V: { at: parameter(22), as: 'u16be', scale: 0.001 },
  pack_over_voltage_V: { at: parameter(16), as: 'u16be', scale: 0.01 },
  pack_under_voltage_V: { at: parameter(18), as: 'u16be', scale: 0.01 },
  charge_over_temperature_C: { at: parameter(8), as: 'u16be', scale: 0.1, offset: -273.1 },
  charge_under_temperature_C: { at: parameter(10), as: 'u16be', scale: 0.1, offset: -273.1 },
  discharge_over_temperature_C: { at: parameter(12), as: 'u16be', scale: 0.1, offset: -273.1 },
  discharge_under_temperature_C: { at: parameter(14), as: 'u16be', scale: 0.1, offset: -273.1 },
} as const satisfies Record<string, Field>;

/** Positive while charging, so the trip of discharging is negative; counted as the currents of 0x03. */
export const overCurrents = (unit: 1 | 10) =>
  ({
    charge: { at: parameter(24), as: 'i16be', scale: 0.01 * unit },
    discharge: { at: parameter(25), as: 'i16be', scale: 0.01 * unit },
  }) as const satisfies Record<string, Field>;
export const functions: Field = { at: parameter(29), as: 'u16be' };
/** Of the functions: amperes and ampere-hours count in tenths, as the FET state's flag says too. */
export const FUNCTION_UNIT = 0x1000;

/** Bits of the FET state. */
export const CHARGE_FET = 0x01;
export const DISCHARGE_FET = 0x02;
export const CURRENT_LIMITING = 0x04;
export const HEATING = 0x08;
/** Amperes and ampere-hours count in tenths. */
export const UNIT_FLAG = 0x80;

/** Somebody switched a FET off on purpose; no alarm (BLE reference 1.4). */
export const SOFTWARE_LOCK = 0x1000;

/** Bit 0 first; a hole is a bit that is no alarm (design, section 4). */
export const protectionNames: readonly (AlarmName | undefined)[] = [
  'cell_high_voltage',
  'cell_low_voltage',
  'high_voltage',
  'low_voltage',
  'high_temperature_charge',
  'low_temperature_charge',
  'high_temperature',
  'low_temperature',
  'high_charge_current',
  'high_discharge_current',
  'short_circuit',
  'internal',
  undefined,
  'contactor',
  'contactor',
];

export const warningNames: readonly (AlarmName | undefined)[] = [
  ...protectionNames.slice(0, 10),
  'cell_imbalance',
  'low_soc',
];
