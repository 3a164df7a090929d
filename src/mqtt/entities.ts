// What an entity of Home Assistant is: its words for discovery, and the value that it shows.
import type { BankState } from '../model/bank-state.ts';
import type { Health } from '../model/wire-health.ts';
import type { RowName } from './cadence.ts';
import type { Machine } from './machine.ts';

/** All that is known at a moment; what is too old to be believed is absent already. */
export interface Known {
  readonly nowMs: number;
  readonly bank?: BankState | undefined;
  readonly health?: Health | undefined;
  readonly machine?: Machine | undefined;
  /** When the gateway was started, monotonic ms. */
  readonly startedAtMs: number;
  /** The wall clock, ms since 1970, at a monotonic moment. */
  readonly wallMs: (atMs: number) => number;
}

/** Null is "unknown": Home Assistant wants every key in every message. */
export type Value = number | string | boolean | undefined;

/** What Home Assistant accepts together (reference, section 4). Decimals are those that are sent; `precision` those that are shown. */
interface Quantity {
  readonly deviceClass?: string;
  readonly unit?: string;
  readonly stateClass?: 'measurement' | 'total_increasing';
  readonly precision?: number;
  readonly decimals?: number;
  readonly options?: readonly string[];
}

const measured = (deviceClass: string, unit: string, precision: number, decimals = precision + 1) =>
  ({ deviceClass, unit, stateClass: 'measurement', precision, decimals }) as const;

export const quantities = {
  soc: measured('battery', '%', 1),
  percent: { unit: '%', stateClass: 'measurement', precision: 0, decimals: 1 },
  voltage: measured('voltage', 'V', 2, 3),
  limitVoltage: measured('voltage', 'V', 1, 2),
  cellVoltage: measured('voltage', 'V', 3),
  cellDelta: measured('voltage', 'mV', 0),
  current: measured('current', 'A', 1, 2),
  power: measured('power', 'W', 0),
  energy: { deviceClass: 'energy', unit: 'kWh', stateClass: 'total_increasing', precision: 2, decimals: 3 },
  storedEnergy: measured('energy_storage', 'kWh', 2),
  charge: { unit: 'Ah', stateClass: 'measurement', precision: 1, decimals: 2 },
  temperature: measured('temperature', '°C', 1),
  cycles: { stateClass: 'total_increasing', precision: 0, decimals: 0 },
  count: { stateClass: 'measurement', decimals: 0 },
  counted: { stateClass: 'total_increasing', decimals: 0 },
  duration: measured('duration', 's', 0),
  dataSize: measured('data_size', 'MB', 0, 0),
  signalStrength: measured('signal_strength', 'dBm', 0, 0),
  moment: { deviceClass: 'timestamp' },
  text: {},
} as const satisfies Record<string, Quantity>;

export interface Entity {
  /** Key of its component, of its value in the message, and the end of its unique id: never given another meaning. */
  readonly key: string;
  readonly platform: 'sensor' | 'binary_sensor';
  readonly name: string;
  readonly quantity: Quantity;
  readonly row: RowName;
  /** Undefined while it is not known. Numbers in the unit of the quantity. */
  readonly read: (known: Known) => Value;
  readonly isDiagnostic?: true;
  readonly isHidden?: true;
  /** Told also while the values of its device are stale: it says so. */
  readonly isAlways?: true;
  /** Not every BMS tells it: announced once it was known. */
  readonly isOptional?: true;
}

type Facts = Pick<Entity, 'isDiagnostic' | 'isHidden' | 'isAlways' | 'isOptional'>;
type Read = Entity['read'];

/** Home Assistant's longest state is 255 characters. */
const LONGEST_TEXT = 250;

export const shortened = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;

export const sensor = (
  row: RowName,
  key: string,
  name: string,
  quantity: Quantity,
  read: Read,
  facts: Facts = {},
): Entity => ({ key, platform: 'sensor', name, quantity, row, read, ...facts });

/** True is `ON`. Without a class it is plainly on or off. */
export const binary = (
  row: RowName,
  key: string,
  name: string,
  deviceClass: string | undefined,
  read: (known: Known) => boolean | undefined,
  facts: Facts = {},
): Entity => ({
  key,
  platform: 'binary_sensor',
  name,
  quantity: deviceClass === undefined ? {} : { deviceClass },
  row,
  read,
  ...facts,
});

export const diagnostic = { isDiagnostic: true } as const;
