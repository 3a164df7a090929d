import type { AlarmName, ErrorName, FaultName } from './alarms.ts';
import type { Freshness } from './freshness.ts';

/** What a signal's value is. Numbers are physical quantities in the unit that the name ends with. */
interface Kinds {
  number: number;
  numbers: readonly number[];
  flag: boolean;
  text: string;
  alarms: readonly AlarmName[];
  faults: readonly FaultName[];
  errors: readonly ErrorName[];
  freshness: Freshness;
  status: 'sleep' | 'charge' | 'discharge' | 'idle';
}

type Kind = keyof Kinds;

/** `limit` says which way is safe: a `max` (CVL, CCL, DCL) rounds down, a `min` (DVL) rounds up. */
interface SignalSpec {
  readonly kind: Kind;
  readonly unit?: string;
  readonly limit?: 'max' | 'min';
}

const number = (unit?: string) => ({ kind: 'number', ...(unit && { unit }) }) as const;
const numbers = (unit: string) => ({ kind: 'numbers', unit }) as const;
const flag = { kind: 'flag' } as const;
const text = { kind: 'text' } as const;

/**
 * The one catalogue (CAN reference, section 2; design, section 4). Profiles, state files, MQTT, metrics, history and the
 * web use these names; TypeScript uses the same name in camel case. Current and power are positive while charging.
 */
export const signals = {
  freshness: { kind: 'freshness' },
  data_age_s: number('s'),
  heartbeat: number(),
  soc_pct: number('%'),
  soc_told_pct: number('%'),
  soh_pct: number('%'),
  voltage_V: number('V'),
  current_A: number('A'),
  power_W: number('W'),
  temperature_C: number('°C'),
  charge_voltage_limit_V: { ...number('V'), limit: 'max' },
  discharge_voltage_limit_V: { ...number('V'), limit: 'min' },
  charge_current_limit_A: { ...number('A'), limit: 'max' },
  discharge_current_limit_A: { ...number('A'), limit: 'max' },
  charge_power_limit_W: { ...number('W'), limit: 'max' },
  discharge_power_limit_W: { ...number('W'), limit: 'max' },
  charge_enable: flag,
  discharge_enable: flag,
  force_charge_1: flag,
  force_charge_2: flag,
  full_charge_request: flag,
  balance_request: flag,
  balancing: flag,
  charging: flag,
  discharging: flag,
  online: flag,
  alarms: { kind: 'alarms' },
  warnings: { kind: 'alarms' },
  faults: { kind: 'faults' },
  errors: { kind: 'errors' },
  status: { kind: 'status' },
  cell_voltages_V: numbers('V'),
  temperatures_C: numbers('°C'),
  min_cell_voltage_V: number('V'),
  max_cell_voltage_V: number('V'),
  mean_cell_voltage_V: number('V'),
  cell_delta_V: number('V'),
  min_cell_temperature_C: number('°C'),
  max_cell_temperature_C: number('°C'),
  mosfet_temperature_C: number('°C'),
  min_voltage_cell_id: text,
  max_voltage_cell_id: text,
  min_temperature_cell_id: text,
  max_temperature_cell_id: text,
  min_voltage_cell_no: number(),
  max_voltage_cell_no: number(),
  min_voltage_pack_cell_no: number(),
  max_voltage_pack_cell_no: number(),
  min_temperature_cell_no: number(),
  max_temperature_cell_no: number(),
  min_voltage_pack_no: number(),
  max_voltage_pack_no: number(),
  min_temperature_pack_no: number(),
  max_temperature_pack_no: number(),
  min_temperature_sensor_no: number(),
  max_temperature_sensor_no: number(),
  min_voltage_module_no: number(),
  max_voltage_module_no: number(),
  min_temperature_module_no: number(),
  max_temperature_module_no: number(),
  min_module_voltage_V: number('V'),
  max_module_voltage_V: number('V'),
  min_module_temperature_C: number('°C'),
  max_module_temperature_C: number('°C'),
  modules_online: number(),
  modules_offline: number(),
  modules_blocking_charge: number(),
  modules_blocking_discharge: number(),
  packs_online: number(),
  packs_configured: number(),
  packs_stale: number(),
  capacity_Ah: number('Ah'),
  remaining_capacity_Ah: number('Ah'),
  capacity_kWh: number('kWh'),
  remaining_kWh: number('kWh'),
  energy_charged_kWh: number('kWh'),
  energy_discharged_kWh: number('kWh'),
  cycles: number(),
  run_time_min: number('min'),
  cycle_period: number(),
  nominal_voltage_V: number('V'),
  cells_in_series: number(),
  modules_in_series: number(),
  cells_per_module: number(),
  manufacturer: text,
  battery_name: text,
  product_name: text,
  serial: text,
  firmware_version: text,
  hardware_revision: text,
  firmware_major: number(),
  firmware_minor: number(),
  hardware_version: number(),
  product_id: number(),
  battery_type: number(),
  inverter_mode: number(),
} as const satisfies Record<string, SignalSpec>;

export type SignalName = keyof typeof signals;

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${CamelTail<Tail>}` : S;
type CamelTail<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Capitalize<Head>}${CamelTail<Tail>}`
  : Capitalize<S>;

/** The values of the catalogue by their TypeScript names; an unknown value is absent. */
export type SignalValues = {
  readonly [N in SignalName as Camel<N>]?: Kinds[(typeof signals)[N]['kind']];
};

export type SignalKey = keyof SignalValues;

/** `charge_current_limit_A` is `chargeCurrentLimitA` in TypeScript. */
export const keyOf = (name: SignalName): SignalKey =>
  // The type-level Camel<> above is this very function; TypeScript cannot follow a replace().
  name.replace(/_(\w)/g, (_, first: string) => first.toUpperCase()) as SignalKey;

/** All names of the catalogue, in its order. */
// Object.keys forgets the literal type of the table above.
export const signalNames = Object.keys(signals) as readonly SignalName[];

/** Each name with its key, made once: this is asked for each second. */
const keyed = signalNames.map((name) => [name, keyOf(name)] as const);

/** What the catalogue says of a signal, with the optional members in reach. */
export const signalSpec = (name: SignalName): SignalSpec => signals[name];

export const isSignalName = (name: string): name is SignalName => Object.hasOwn(signals, name);

/** The same values under their catalogue names, in the catalogue's order, as JSON for people and other programs. */
export function toNames(values: SignalValues): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const [name, key] of keyed) {
    const value = values[key];
    if (value !== undefined) named[name] = value;
  }
  return named;
}
