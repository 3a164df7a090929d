import type { Field } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';

/** Where JBD keeps its numbers; `at` counts from the first data byte (BLE reference 1.4 and 1.5). Read and written with one table. */

export const BASIC = 0x03;
export const CELLS = 0x04;
export const NAME = 0x05;

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

/** Bits of the FET state. */
export const CHARGE_FET = 0x01;
export const DISCHARGE_FET = 0x02;
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
