// What Home Assistant is told of each device, and what of ours it still holds from before (Home Assistant reference, sections 1 to 4).
import { expireAfterS } from './cadence.ts';
import type { Entity } from './entities.ts';
import {
  availabilityTopic,
  type DevicePlan,
  deviceIdOf,
  type HomePlan,
  ORIGIN,
  shortNameOf,
  stateTopic,
  statusTopic,
} from './plan.ts';

export type Component = Readonly<Record<string, unknown>> & { readonly platform: string };

export interface DeviceConfig {
  readonly device: Readonly<Record<string, unknown>>;
  readonly origin: { readonly name: string; readonly sw_version: string };
  readonly availability: readonly { readonly topic: string }[];
  readonly availability_mode: 'all';
  readonly components: Readonly<Record<string, Component>>;
}

/** Small letters, digits and `_`: what an entity id may hold. */
const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '_');

function deviceWords(plan: HomePlan, device: DevicePlan): Record<string, unknown> {
  const common = { identifiers: [deviceIdOf(plan, device)], sw_version: plan.version };
  const parent = { via_device: deviceIdOf(plan, { kind: 'gateway' }) };
  if (device.kind === 'gateway') return { ...common, name: plan.name, model: 'battery gateway' };
  if (device.kind === 'bank')
    return { ...common, ...parent, name: `${plan.name} bank`, model: 'battery bank' };
  const { id, family } = device.battery;
  return { identifiers: common.identifiers, ...parent, name: `${plan.name} battery ${id}`, model: family };
}

const given = (words: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));

function componentOf(plan: HomePlan, device: DevicePlan, entity: Entity): Component {
  const { key, platform, name, quantity, row } = entity;
  const countsUp = quantity.stateClass === 'total_increasing';
  return {
    platform,
    unique_id: `${deviceIdOf(plan, device)}_${key}`,
    default_entity_id: `${platform}.bms_${shortNameOf(device)}_${slug(key)}`,
    name,
    state_topic: stateTopic(plan, device, row),
    value_template: templateOf(key),
    ...given({
      device_class: quantity.deviceClass,
      unit_of_measurement: quantity.unit,
      state_class: quantity.stateClass,
      suggested_display_precision: quantity.precision,
      options: quantity.options,
      entity_category: entity.isDiagnostic && 'diagnostic',
      enabled_by_default: entity.isHidden && false,
      availability: entity.isAlways && [{ topic: statusTopic(plan) }],
      expire_after: countsUp ? undefined : expireAfterS(row),
    }),
  };
}

/** A `-` of an inverter's id would be a minus behind the dot. */
const templateOf = (key: string): string =>
  /^\w+$/.test(key) ? `{{ value_json.${key} }}` : `{{ value_json['${key}'] }}`;

/** The whole message of a device with these entities. */
export function configOf(plan: HomePlan, device: DevicePlan, entities: readonly Entity[]): DeviceConfig {
  const availability = [{ topic: statusTopic(plan) }];
  return {
    device: deviceWords(plan, device),
    origin: { name: ORIGIN, sw_version: plan.version },
    availability:
      device.kind === 'gateway'
        ? availability
        : [...availability, { topic: availabilityTopic(plan, device) }],
    availability_mode: 'all',
    components: Object.fromEntries(entities.map((entity) => [entity.key, componentOf(plan, device, entity)])),
  };
}

/** The same message with components that are to go: one with a platform alone is a removal. */
export const withRemovals = (config: DeviceConfig, gone: Readonly<Record<string, string>>): DeviceConfig => ({
  ...config,
  components: {
    ...config.components,
    ...Object.fromEntries(Object.entries(gone).map(([key, platform]) => [key, { platform }])),
  },
});

/** Platforms by component key. */
export type Platforms = Readonly<Record<string, string>>;

export const platformsOf = ({ components }: Pick<DeviceConfig, 'components'>): Platforms =>
  Object.fromEntries(Object.entries(components).map(([key, { platform }]) => [key, platform]));

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The components of a message that this program wrote; undefined when it is none. */
export function readOwn(text: string): Platforms | undefined {
  const config = parsed(text);
  if (!isMap(config) || !isMap(config.origin) || config.origin.name !== ORIGIN) return undefined;
  if (!isMap(config.components)) return undefined;
  const pairs = Object.entries(config.components).map(([key, component]) => [
    key,
    isMap(component) && typeof component.platform === 'string' ? component.platform : undefined,
  ]);
  return pairs.every(([, platform]) => platform !== undefined) ? Object.fromEntries(pairs) : undefined;
}
