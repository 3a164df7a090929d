import type { Field } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';

/** Where ANT keeps its numbers (BLE reference, section 4); little-endian, `at` counts from the start of the frame. */

export const STATE = 7;
export const SENSORS = 8;
export const CELLS = 9;
export const MAX_SENSORS = 6;
export const MAX_CELLS = 32;

export const CHARGING = 2;
export const DISCHARGING = 3;

/** Raw −40: none fitted. */
export const NOT_FITTED_C = -40;

const FIRST_CELL = 34;

export const cell = { at: FIRST_CELL, as: 'u16le', scale: 0.001 } as const satisfies Field;

/** Cells are followed by the cell sensors, these by the MOSFETs' and the balancer's, these by all else. */
export const sensor = (cells: number): Field => ({ at: FIRST_CELL + 2 * cells, as: 'i16le' });

/** Behind so many cells and sensors; the balancer's own temperature, at `base` + 2, is nobody's question. */
export function behind(cells: number, sensors: number) {
  const base = FIRST_CELL + 2 * cells + 2 * sensors;
  return {
    numbers: {
      voltageV: { at: base + 4, as: 'u16le', scale: 0.01 },
      socPct: { at: base + 8, as: 'u16le' },
      sohPct: { at: base + 10, as: 'u16le' },
      nominalCapacityAh: { at: base + 16, as: 'u32le', scale: 1e-6 },
      remainingCapacityAh: { at: base + 20, as: 'u32le', scale: 1e-6 },
    },
    states: {
      mosfetC: { at: base, as: 'i16le' },
      /** Its sign is not the same on every board. */
      amperes: { at: base + 6, as: 'i16le', scale: 0.1 },
      chargeMos: { at: base + 12, as: 'u8' },
      dischargeMos: { at: base + 13, as: 'u8' },
      /** Bit 0 is cell 1: syssi/esphome-ant-bms, components/ant_bms_ble (not in the reference; no capture has one set). */
      balancing: { at: base + 36, as: 'u32le' },
    },
  } as const satisfies Record<string, Record<string, Field>>;
}

/** What a MOSFET's code says. */
export const MOS_OFF = 0;
export const MOS_ON = 1;
export const MOS_SWITCHED_OFF = 0x0f;

/** Codes that are no fault: off, on, full or waiting for the other MOSFET, switched off on purpose. */
export const calmCharge: readonly number[] = [MOS_OFF, MOS_ON, 0x04, MOS_SWITCHED_OFF];
export const calmDischarge: readonly number[] = [MOS_OFF, MOS_ON, 0x04, 0x0b, MOS_SWITCHED_OFF];

/**
 * Faults that have a name of their own; any other is the MOSFET's (`contactor`). The meanings are those of
 * syssi/esphome-ant-bms:components/ant_bms_ble/ant_bms_ble.cpp and its pull request 52.
 */
const either: { readonly [code: number]: AlarmName } = {
  7: 'mosfet_high_temperature',
  8: 'internal', // abnormal current
  9: 'internal', // a balance wire is off
  10: 'mosfet_high_temperature', // board
  18: 'cell_imbalance',
};
export const chargeFaults: { readonly [code: number]: AlarmName } = {
  ...either,
  2: 'cell_high_voltage',
  3: 'high_charge_current',
  5: 'high_voltage',
  6: 'high_temperature_charge',
  16: 'cell_high_voltage', // second level
  17: 'low_temperature_charge',
  20: 'internal', // self-test
};
export const dischargeFaults: { readonly [code: number]: AlarmName } = {
  ...either,
  2: 'cell_low_voltage',
  3: 'high_discharge_current',
  5: 'low_voltage',
  6: 'high_temperature',
  12: 'short_circuit',
  16: 'cell_low_voltage', // second level
  17: 'low_temperature',
  19: 'internal', // self-test
};
