// The devices of this gateway as they are now: what a BMS never told is not announced, and once it was it stays.
import { isMeasured } from './bank-entities.ts';
import { readingOf } from './battery-entities.ts';
import { packOf } from './battery-life-entities.ts';
import type { RowName, StateRow } from './cadence.ts';
import { configOf, type DeviceConfig } from './discovery.ts';
import type { Entity, Known } from './entities.ts';
import {
  availabilityTopic,
  type DevicePlan,
  devicesOf,
  discoveryTopic,
  type HomePlan,
  stateTopic,
} from './plan.ts';
import { byRow, entitiesOf, rowOf } from './states.ts';

export interface Device {
  readonly discoveryTopic: string;
  /** Of its values; the gateway itself has its status alone. */
  readonly availabilityTopic?: string;
  readonly config: () => DeviceConfig;
  /** Takes up what these values show for the first time; true when that is anything. */
  readonly learn: (known: Known) => boolean;
  /** Components that were announced before, as far as this device can have them. */
  readonly recall: (keys: readonly string[]) => void;
  /** False while nothing at all is known of it. */
  readonly isKnown: (known: Known) => boolean;
  readonly rowNames: () => Iterable<RowName>;
  readonly row: (name: RowName, known: Known) => StateRow;
  readonly stateTopic: (row: RowName) => string;
  /** True while what is told of it was measured lately. */
  readonly isAvailable: (known: Known) => boolean;
}

function isKnown(device: DevicePlan, { bank, health }: Known): boolean {
  return bank !== undefined || (device.kind === 'gateway' && health !== undefined);
}

function isAvailable(device: DevicePlan, known: Known): boolean {
  if (device.kind === 'battery') return readingOf(packOf(device.battery, known)) !== undefined;
  return known.bank !== undefined && isMeasured(known.bank);
}

function deviceOf(plan: HomePlan, device: DevicePlan): Device {
  const all = entitiesOf(plan, device);
  const optional = all.filter(({ isOptional }) => isOptional);
  const seen = new Set<string>();
  let active: readonly Entity[] = all.filter(({ isOptional }) => !isOptional);
  let rows = byRow(active);
  const take = (keys: readonly string[]): boolean => {
    const before = seen.size;
    for (const key of keys) seen.add(key);
    if (seen.size === before) return false;
    active = all.filter(({ key, isOptional }) => !isOptional || seen.has(key));
    rows = byRow(active);
    return true;
  };
  return {
    discoveryTopic: discoveryTopic(plan, device),
    ...(device.kind !== 'gateway' && { availabilityTopic: availabilityTopic(plan, device) }),
    config: () => configOf(plan, device, active),
    learn: (known) =>
      take(optional.flatMap(({ key, read }) => (!seen.has(key) && read(known) !== undefined ? [key] : []))),
    recall: (keys) => void take(optional.flatMap(({ key }) => (keys.includes(key) ? [key] : []))),
    isKnown: (known) => isKnown(device, known),
    rowNames: () => rows.keys(),
    row: (name, known) => rowOf(rows.get(name) ?? [], known),
    stateTopic: (row) => stateTopic(plan, device, row),
    isAvailable: (known) => isAvailable(device, known),
  };
}

/** The gateway first. */
export const allDevices = (plan: HomePlan): readonly Device[] =>
  devicesOf(plan).map((device) => deviceOf(plan, device));
