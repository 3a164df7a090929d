import type { Field } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';
import type { Block } from './modbus-frame.ts';

/**
 * Where a Seplos V3 keeps its numbers; `at` counts from the first data byte (BLE reference, section 5; the bit tables are those
 * of the maker's "XZH BMS Modbus RTU protocol" V0.1 of 2023 and V0.3 of 2024). All numbers are big-endian.
 */

/** The first page of the settings, SPA, in the length in which it was seen answered over Bluetooth. */
export const SETTINGS = { fn: 4, register: 0x1300, count: 0x35 } as const satisfies Block;
/** PIA. */
export const PACK = { fn: 4, register: 0x1000, count: 0x11 } as const satisfies Block;
/** PIB. */
export const CELLS = { fn: 4, register: 0x1100, count: 0x1a } as const satisfies Block;
/** EIC: the states of all packs as one. */
export const BANK = { fn: 1, register: 0x2200, count: 0x50 } as const satisfies Block;
/** PIC: the states of one pack. */
export const STATE = { fn: 1, register: 0x1200, count: 0x90 } as const satisfies Block;

/** Slots of PIB. */
export const MAX_CELLS = 16;
export const MAX_SENSORS = 4;

export const settings = {
  sensors: { at: 0, as: 'u16be' },
  cells: { at: 2, as: 'u16be' },
  /** Of charging: 0x1317. */
  chargeOverCurrentA: { at: 46, as: 'i16be' },
  /** Negative on the wire: 0x131D. */
  dischargeOverCurrentA: { at: 58, as: 'i16be' },
} as const satisfies Record<string, Field>;

export const pack = {
  voltageV: { at: 0, as: 'u16be', scale: 0.01 },
  remainingCapacityAh: { at: 4, as: 'u16be', scale: 0.01 },
  nominalCapacityAh: { at: 6, as: 'u16be', scale: 0.01 },
  socPct: { at: 10, as: 'u16be', scale: 0.1 },
  sohPct: { at: 12, as: 'u16be', scale: 0.1 },
  cycles: { at: 14, as: 'u16be' },
} as const satisfies Record<string, Field>;

/** What the board can carry. */
export const ratings = {
  dischargeA: { at: 30, as: 'u16be' },
  chargeA: { at: 32, as: 'u16be' },
} as const satisfies Record<string, Field>;

/** Positive while charging. */
export const current = (scale: 0.01 | 0.1) => ({ at: 2, as: 'i16be', scale }) as const satisfies Field;

export const cell = { at: 0, as: 'u16be', scale: 0.001 } as const satisfies Field;
const kelvin = { as: 'u16be', scale: 0.1, offset: -273.1 } as const;
export const sensor = { at: 32, ...kelvin } as const satisfies Field;
/** "Power temperature"; the ambient sensor before it is no cell. */
export const mosfet = { at: 50, ...kelvin } as const satisfies Field;

/** Cells 1 to 8 and 9 to 16 of PIC. */
export const balancing = { low: { at: 6, as: 'u8' }, high: { at: 7, as: 'u8' } } as const satisfies Record<
  string,
  Field
>;

/** Bits of the FET byte; others are set by healthy packs as well (bit 6, seen in several captures). */
export const DISCHARGE_FET = 0x01;
export const CHARGE_FET = 0x02;

/** The event bytes in the order in which EIC (from byte 0) and PIC (from byte 8) hold them. */
export const EVENTS_OF_STATE = 8;
export const EVENT_BYTES = 10;
export const FETS = 7;

interface Events {
  /** Bit 0 first. A hole is a bit that is no alarm, or that the two versions of the maker's table read differently. */
  readonly warnings?: readonly (AlarmName | undefined)[];
  readonly alarms?: readonly (AlarmName | undefined)[];
}

/** "Alarm" and "protection" of one thing stand in two neighbouring bits. */
const pairs = (...names: readonly (AlarmName | undefined)[]): Events => ({
  warnings: names.flatMap((name) => [name, undefined]),
  alarms: names.flatMap((name) => [undefined, name]),
});

export const events: { readonly [byte: number]: Events } = {
  1: pairs('cell_high_voltage', 'cell_low_voltage', 'high_voltage', 'low_voltage'),
  2: pairs('high_temperature_charge', 'low_temperature_charge', 'high_temperature', 'low_temperature'),
  // Around the cells, then the FETs. Bit 6 says that the heater works.
  3: pairs('high_temperature', 'low_temperature', 'mosfet_high_temperature'),
  4: {
    warnings: ['high_charge_current', undefined, undefined, 'high_discharge_current'],
    alarms: [
      undefined,
      'high_charge_current',
      'high_charge_current',
      undefined,
      'high_discharge_current',
      'high_discharge_current',
      'short_circuit',
    ],
  },
  // Locked after a short circuit, connected the wrong way round (V0.3), locked after a second-level current.
  5: { alarms: ['short_circuit', 'internal', 'high_charge_current', 'high_discharge_current'] },
  6: {
    // Bit 6, tilted: V0.3.
    warnings: [undefined, undefined, 'low_soc', undefined, 'cell_imbalance', undefined, 'internal'],
    alarms: [undefined, undefined, undefined, 'low_soc'],
  },
  // 7 are the FETs, 8 is how it balances.
  9: {
    // A broken button does not hurt the cells.
    warnings: [undefined, undefined, undefined, undefined, undefined, undefined, 'internal'],
    // Sensor, front end, charge FET, discharge FET, cell far off, sense wire, -, fire extinguisher.
    alarms: [
      'internal',
      'internal',
      'contactor',
      'contactor',
      'cell_imbalance',
      'internal',
      undefined,
      'internal',
    ],
  },
};
