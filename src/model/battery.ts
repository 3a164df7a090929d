import type { AlarmName } from './alarms.ts';

/** One battery (pack) as its BMS reports it. Physical numbers; absent means the BMS did not say. */
export interface BatteryReading {
  readonly voltageV?: number;
  /** Positive while charging. */
  readonly currentA?: number;
  readonly socPct?: number;
  readonly sohPct?: number;
  readonly remainingCapacityAh?: number;
  readonly nominalCapacityAh?: number;
  readonly cycles?: number;
  /** Cell 1 first. */
  readonly cellVoltagesV?: readonly number[];
  /** Cell sensors, sensor 1 first. A sensor that is broken or absent is left out by position: undefined inside. */
  readonly temperaturesC?: readonly (number | undefined)[];
  readonly mosfetTemperatureC?: number;
  /** Numbers from 1. */
  readonly balancingCells?: readonly number[];
  readonly chargeFet?: boolean;
  readonly dischargeFet?: boolean;
  /** Somebody switched a FET off on purpose (JBD bit 12): not a fault. */
  readonly blockedBySoftware?: boolean;
  readonly alarms?: readonly AlarmName[];
  readonly warnings?: readonly AlarmName[];
  readonly name?: string;
  /** The BMS's own over-current trip points, both positive. */
  readonly chargeOverCurrentA?: number;
  readonly dischargeOverCurrentA?: number;
  /** What else the BMS tells of itself, for people to read: under names with their units; nothing is computed with it. */
  readonly details?: { readonly [name: string]: number | string | boolean };
}

/** The names of one pack in JSON (design, section 4): the catalogue's manner, `voltage_V` for `voltageV`. */
export const readingNames = {
  voltageV: 'voltage_V',
  currentA: 'current_A',
  socPct: 'soc_pct',
  sohPct: 'soh_pct',
  remainingCapacityAh: 'remaining_capacity_Ah',
  nominalCapacityAh: 'nominal_capacity_Ah',
  cycles: 'cycles',
  cellVoltagesV: 'cell_voltages_V',
  temperaturesC: 'temperatures_C',
  mosfetTemperatureC: 'mosfet_temperature_C',
  balancingCells: 'balancing_cells',
  chargeFet: 'charge_fet',
  dischargeFet: 'discharge_fet',
  blockedBySoftware: 'blocked_by_software',
  alarms: 'alarms',
  warnings: 'warnings',
  name: 'name',
  chargeOverCurrentA: 'charge_over_current_A',
  dischargeOverCurrentA: 'discharge_over_current_A',
  details: 'details',
} as const satisfies Record<keyof BatteryReading, string>;

/** Made once: readings are told each second. */
// Object.entries forgets that these keys are the reading's own.
const keyed = Object.entries(readingNames) as readonly [keyof BatteryReading, string][];

/** A reading under its JSON names; a broken sensor is `null` there, for JSON has no hole. */
export function readingToNames(reading: BatteryReading): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const [key, name] of keyed) {
    const value = reading[key];
    if (value !== undefined) named[name] = value;
  }
  return named;
}

/** One complete reading and the monotonic moment its first request was written, or its first byte came. */
export interface PackSample {
  readonly atMs: number;
  readonly reading: BatteryReading;
}
