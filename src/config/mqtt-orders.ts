// What the office is told of `mqtt:`, from the gateway file.
import type { BatteryPlan, HomePlan } from '../mqtt/plan.ts';
import type { BrokerPlace } from '../mqtt/trouble.ts';
import { addressOf } from './radios.ts';
import type { BatteryEntry, GatewayFile } from './schema.ts';

/** The id of the gateway is the office's to know; secrets are read there too, each time anew. */
export interface MqttOrders {
  readonly plan: Omit<HomePlan, 'gatewayId' | 'version'>;
  readonly place: BrokerPlace;
  readonly passwordFile?: string;
}

const USUAL_PORT = { 'mqtt:': 1883, 'mqtts:': 8883 } as const;

function placeOf({ url, username, ca_file }: NonNullable<GatewayFile['mqtt']>): BrokerPlace {
  const { protocol, hostname, port } = new URL(url);
  const isTls = protocol === 'mqtts:';
  return {
    // Sockets want an IPv6 address without its brackets.
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || USUAL_PORT[isTls ? 'mqtts:' : 'mqtt:'],
    isTls,
    ...(username !== undefined && { username }),
    ...(ca_file !== undefined && { caFile: ca_file }),
  };
}

/** Bluetooth address and unit stay when a battery is called otherwise, or stands elsewhere in the file. */
const keyOf = (battery: BatteryEntry): string =>
  `${addressOf(battery).replaceAll(':', '')}${battery.unit === undefined ? '' : `_u${battery.unit}`}`;

const batteryPlan = (battery: BatteryEntry, at: number): BatteryPlan => ({
  id: battery.id,
  number: at + 1,
  key: keyOf(battery),
  cells: battery.cells,
  family: battery.bms,
  isWired: battery.serial !== undefined,
});

export function mqttOrders({ mqtt, batteries, inverters }: GatewayFile): MqttOrders | undefined {
  if (!mqtt) return undefined;
  return {
    place: placeOf(mqtt),
    ...(mqtt.password_file !== undefined && { passwordFile: mqtt.password_file }),
    plan: {
      name: mqtt.name,
      discoveryPrefix: mqtt.discovery_prefix,
      topic: mqtt.topic,
      birthTopic: mqtt.birth_topic ?? `${mqtt.discovery_prefix}/status`,
      batteries: batteries.map(batteryPlan),
      inverters: inverters.map(({ id }) => id),
    },
  };
}
