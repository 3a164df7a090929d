// What Home Assistant is to know of this gateway: its devices, their topics and the names that stay for ever.

/** A battery as the gateway file has it. */
export interface BatteryPlan {
  /** Its name in the file; it is shown, and nothing is recognised by it. */
  readonly id: string;
  /** Its place in the file, from 1: of the entity ids that are proposed, and of nothing else. */
  readonly number: number;
  /** Of its BMS: letters, digits and `_`, the same for ever (Bluetooth address, and the unit where one address has several). */
  readonly key: string;
  readonly cells: number;
  /** The BMS family, for people. */
  readonly family: string;
  readonly isWired: boolean;
}

export interface HomePlan {
  /** Of this gateway, the same for ever: letters and digits. */
  readonly gatewayId: string;
  /** What the devices are called by. */
  readonly name: string;
  readonly discoveryPrefix: string;
  /** What every topic of ours begins with. */
  readonly topic: string;
  readonly birthTopic: string;
  readonly version: string;
  readonly batteries: readonly BatteryPlan[];
  /** Ids of the inverters in the file. */
  readonly inverters: readonly string[];
}

export type DevicePlan =
  | { readonly kind: 'gateway' }
  | { readonly kind: 'bank' }
  | { readonly kind: 'battery'; readonly battery: BatteryPlan };

/** The hub first: the others name it as their parent. */
export const devicesOf = ({ batteries }: HomePlan): readonly DevicePlan[] => [
  { kind: 'gateway' },
  { kind: 'bank' },
  ...batteries.map((battery) => ({ kind: 'battery', battery }) as const),
];

/** The identifier of a device; also the object id of its discovery topic, for it holds none but `[A-Za-z0-9_]`. */
export function deviceIdOf(plan: HomePlan, device: DevicePlan): string {
  const hub = `${ORIGIN}_${plan.gatewayId}`;
  if (device.kind === 'gateway') return hub;
  return device.kind === 'bank' ? `${hub}_bank` : `${hub}_b_${device.battery.key}`;
}

/** Who made a discovery message: only those of ours are ever touched. */
export const ORIGIN = 'bmsgate';

export const isOwnObjectId = (plan: HomePlan, objectId: string): boolean => {
  const hub = `${ORIGIN}_${plan.gatewayId}`;
  return objectId === hub || objectId.startsWith(`${hub}_`);
};

const placeOf = (device: DevicePlan): string =>
  device.kind === 'battery' ? `battery/${device.battery.key}` : device.kind;

export const discoveryTopic = (plan: HomePlan, device: DevicePlan): string =>
  `${plan.discoveryPrefix}/device/${deviceIdOf(plan, device)}/config`;

/** Every device of every program: what is ours is picked out by its object id and origin. */
export const discoveryFilter = ({ discoveryPrefix }: HomePlan): string =>
  `${discoveryPrefix}/device/+/config`;

/** `online` or `offline` of the gateway as a whole; its last will. */
export const statusTopic = ({ topic, gatewayId }: HomePlan): string => `${topic}/${gatewayId}/status`;

/** What happened, one JSON object a message. */
export const eventTopic = ({ topic, gatewayId }: HomePlan): string => `${topic}/${gatewayId}/event`;

/** `online` while the values of a device are fresh or late. */
export const availabilityTopic = (plan: HomePlan, device: DevicePlan): string =>
  `${plan.topic}/${plan.gatewayId}/${placeOf(device)}/availability`;

export const stateTopic = (plan: HomePlan, device: DevicePlan, row: string): string =>
  `${plan.topic}/${plan.gatewayId}/${placeOf(device)}/${row}`;

/** The middle of the entity ids that are proposed: `bank`, `battery1` … */
export const shortNameOf = (device: DevicePlan): string =>
  device.kind === 'battery' ? `battery${device.battery.number}` : device.kind;
