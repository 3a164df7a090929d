import type { Field, Wire } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';

/** Where JK keeps its numbers; `at` counts from the start of the frame (BLE reference 2.3 to 2.5). */

export const COUNTER = 5;

/** A temperature and its bit in the mask of sensors that are there. */
export interface Sensor {
  readonly bit: number;
  readonly field: Field;
}

export interface JkLayout {
  /** Room for so many cells. */
  readonly cells: 24 | 32;
  readonly mask: Field;
  readonly meanV: Field;
  readonly numbers: {
    readonly voltageV: Field;
    readonly currentA: Field;
    readonly socPct: Field;
    readonly remainingCapacityAh: Field;
    readonly cycles: Field;
  };
  readonly states: { readonly [N in 'sohPct' | 'chargeFet' | 'dischargeFet' | 'sensors' | 'errors']: Field };
  readonly mosfet: Sensor;
  /** Cell sensors, sensor 1 first. */
  readonly sensors: readonly Sensor[];
  /**
   * Cell sensors that boards before 14.x have not: 11.x leaves their words at 0 with the whole mask set, and that is no 0 °C
   * (11.48 and 14.20 side by side in patman15/aiobmsble:tests/bms/test_jikong_bms.py).
   */
  readonly moreSensors: readonly Sensor[];
}

/** First of the cell voltages. */
export const cell = { at: 6, as: 'u16le', scale: 0.001 } as const satisfies Field;

/** Software of this major version and above speaks the 32S layout (BLE reference 2.3). */
export const SOFTWARE_32S = 11;
/** Raw −2000: not fitted. */
export const NOT_FITTED_C = -200;

const milli = (at: number, as: Wire): Field => ({ at, as, scale: 0.001 });
const sensor = (bit: number, at: number): Sensor => ({ bit, field: { at, as: 'i16le', scale: 0.1 } });

/** 24S offsets; the 32S layout inserts 8 cells and 8 wire resistances, so that what lies behind them moves by 16 and 32 bytes. */
function layout(cells: 24 | 32): Pick<JkLayout, 'cells' | 'mask' | 'meanV' | 'numbers' | 'states'> {
  const inserted = 2 * (cells - 24);
  const late = 2 * inserted;
  return {
    cells,
    mask: { at: 54 + inserted, as: 'u32le' },
    meanV: milli(58 + inserted, 'u16le'),
    numbers: {
      voltageV: milli(118 + late, 'u32le'),
      currentA: milli(126 + late, 'i32le'),
      socPct: { at: 141 + late, as: 'u8' },
      remainingCapacityAh: milli(142 + late, 'u32le'),
      cycles: { at: 150 + late, as: 'u32le' },
    },
    states: {
      sohPct: { at: 158 + late, as: 'u8' },
      chargeFet: { at: 166 + late, as: 'u8' },
      dischargeFet: { at: 167 + late, as: 'u8' },
      sensors: { at: 182 + late, as: 'u8' },
      // Two bytes in the 24S layout; the 32S layout has four, where 24S keeps the MOSFET's temperature.
      errors: cells === 24 ? { at: 136, as: 'u16le' } : { at: 166, as: 'u32le' },
    },
  };
}

export const layout24: JkLayout = {
  ...layout(24),
  mosfet: sensor(0, 134),
  sensors: [sensor(1, 130), sensor(2, 132)],
  moreSensors: [],
};

/**
 * The word at 254 is no cell sensor: it is the MOSFET's (captures of 11.48, 14.20 and 19.27 mirror word 144; aiobmsble takes it so,
 * and the maker's app shows no such sensor: jean-luc1203/jkbms-rs485-addon issue 91). A hot MOSFET must not pass for a hot cell.
 */
export const layout32: JkLayout = {
  ...layout(32),
  mosfet: sensor(0, 144),
  sensors: [sensor(1, 162), sensor(2, 164)],
  moreSensors: [sensor(3, 258), sensor(4, 256)],
};

/** Settings (type 01), the same in both layouts. */
export const settings = {
  chargeOverCurrentA: milli(50, 'u32le'),
  dischargeOverCurrentA: milli(62, 'u32le'),
  nominalCapacityAh: milli(130, 'u32le'),
} as const satisfies Record<string, Field>;

/** Device info (type 03). The name ends where the pass code begins: 62 to 77, and again from 97 on, are secrets. */
export const MODEL = [6, 22] as const;
export const HARDWARE = [22, 30] as const;
export const SOFTWARE = [30, 38] as const;
export const NAME = [46, 62] as const;

/** Bit 0 first; a hole is a bit that is no alarm of a battery: full, positioning, password, or not known. */
export const errorNames: readonly (AlarmName | undefined)[] = [
  undefined, // wire resistance: a warning
  'mosfet_high_temperature',
  'internal', // cells differ in number from the setting
  'internal', // current sensor; not in the reference, but in older lists of syssi/esphome-jk-bms
  undefined, // full
  'high_voltage',
  'high_charge_current',
  'short_circuit',
  'high_temperature_charge',
  'low_temperature_charge',
  'internal', // coprocessor
  'cell_low_voltage',
  'low_voltage',
  'high_discharge_current',
  'short_circuit',
  'high_temperature',
  'contactor', // charge MOSFET
  'contactor', // discharge MOSFET
  undefined, // GPS
  undefined, // change the password
  'contactor', // discharge did not start
  'high_temperature',
  'internal', // sensor
  'internal', // parallel module
  'short_circuit', // release failed
  'high_discharge_current',
  'high_discharge_current',
  'low_temperature',
  undefined, // GPS lock
];

/** A balance wire with too much resistance stops the balancing and nothing else. */
export const errorWarnings: readonly (AlarmName | undefined)[] = ['general'];
