import type { Field } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';
import type { Block } from './modbus-frame.ts';

/**
 * Where a Renogy battery keeps its numbers; `at` counts from the first data byte (BLE reference, section 8; the bits and the
 * settings as public readers of Renogy's Modbus protocol V1.7 name them). All numbers are big-endian.
 */

export const PACK = { fn: 3, register: 0x13b2, count: 0x07 } as const satisfies Block;
export const CELLS = { fn: 3, register: 0x1388, count: 0x22 } as const satisfies Block;
export const STATE = { fn: 3, register: 0x13ec, count: 0x08 } as const satisfies Block;
export const NAME = { fn: 3, register: 0x13f0, count: 0x1c } as const satisfies Block;
export const SETTINGS = { fn: 3, register: 0x1450, count: 0x16 } as const satisfies Block;

/** Slots of the cells and of the sensors. */
export const MAX_SLOTS = 16;

export const pack = {
  /** Positive while charging. */
  currentA: { at: 0, as: 'i16be', scale: 0.01 },
  voltageV: { at: 2, as: 'u16be', scale: 0.1 },
  remainingCapacityAh: { at: 4, as: 'u32be', scale: 0.001 },
  nominalCapacityAh: { at: 8, as: 'u32be', scale: 0.001 },
  cycles: { at: 12, as: 'u16be' },
} as const satisfies Record<string, Field>;

export const counts = {
  cells: { at: 0, as: 'u16be' },
  sensors: { at: 34, as: 'u16be' },
} as const satisfies Record<string, Field>;

/** In tenths of a volt: too coarse to tell a full cell from a nearly full one. */
export const cell = { at: 2, as: 'u16be', scale: 0.1 } as const satisfies Field;
export const sensor = { at: 36, as: 'i16be', scale: 0.1 } as const satisfies Field;

export const states = {
  /** Alarms of cells and of sensors: healthy units have 0 here, and public readers do not agree on what the bits say. */
  cellAlarms: { at: 0, as: 'u32be' },
  temperatureAlarms: { at: 4, as: 'u32be' },
  otherAlarms: { at: 8, as: 'u32be' },
  protection: { at: 12, as: 'u16be' },
  /** The upper byte is what it does: current flows, heater, full; bit 9, without a name, is set in normal use. */
  warning: { at: 14, as: 'u16be' },
} as const satisfies Record<string, Field>;

/** In the protection word. */
export const CHARGE_FET = 0x02;
export const DISCHARGE_FET = 0x04;

/** Bit 0 first; the holes are the FETs and "feeds itself from its cells". */
export const protectionNames: readonly (AlarmName | undefined)[] = [
  'short_circuit',
  undefined,
  undefined,
  undefined,
  'high_charge_current',
  'high_discharge_current',
  'high_voltage',
  'cell_low_voltage',
  'cell_high_voltage',
  'high_charge_current',
  'high_discharge_current',
  'low_temperature',
  'high_temperature',
  'low_temperature_charge',
  'high_temperature_charge',
  'low_voltage',
];

export const warningNames: readonly (AlarmName | undefined)[] = [
  'cell_low_voltage',
  'cell_high_voltage',
  'low_voltage',
  'high_voltage',
  'low_temperature_charge',
  'high_temperature_charge',
  'low_temperature',
  'high_temperature',
];

/** Discharge is negative on the wire. */
export const settings = {
  chargeOverCurrentA: { at: 18, as: 'i16be', scale: 0.01 },
  dischargeOverCurrentA: { at: 40, as: 'i16be', scale: 0.01 },
} as const satisfies Record<string, Field>;

/** Behind the alarms, the serial number and versions: 16 characters, filled up with spaces. */
export const MODEL_AT = 36;
export const MODEL_BYTES = 16;
