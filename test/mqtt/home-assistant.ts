// Home Assistant as far as its MQTT integration goes: devices and entities by discovery, availability, states (reference, sections 2 to 5).
import { discoveryFaults } from './ha-rules.ts';
import type { Message } from './listener.ts';
import { rendered } from './template.ts';

export interface Entity {
  readonly uniqueId: string;
  readonly device: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly availability: readonly string[];
  /** `unknown` until something was said. */
  state: string;
}

interface Config {
  readonly device: { readonly identifiers: readonly string[]; readonly name: string };
  readonly availability: readonly { readonly topic: string }[];
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export class HomeAssistant {
  /** By unique id, in the order in which they came. */
  readonly entities = new Map<string, Entity>();
  /** What the log would be full of. */
  readonly complaints: string[] = [];
  readonly #prefix: string;
  readonly #byTopic = new Map<string, Map<string, string>>();
  /** Availability is kept at the broker, so it is there for whoever asks for it later. */
  readonly #kept = new Map<string, string>();

  constructor(messages: readonly Message[] = [], prefix = 'homeassistant') {
    this.#prefix = prefix;
    for (const message of messages) this.take(message);
  }

  take({ topic, payload }: Message): void {
    if (topic.startsWith(`${this.#prefix}/device/`)) this.#discover(topic, payload);
    else if (/\/(status|availability)$/.test(topic)) this.#kept.set(topic, payload);
    else this.#show(topic, payload);
  }

  isAvailable({ availability }: Entity): boolean {
    return availability.every((topic) => this.#kept.get(topic) === 'online');
  }

  /** What the person sees; `bank_soc` or `battery1_cell_01`, as the entity ids end. */
  shows(name: string): string | undefined {
    const entity = this.find(name);
    if (!entity) return undefined;
    return this.isAvailable(entity) ? entity.state : 'unavailable';
  }

  find(name: string): Entity | undefined {
    return [...this.entities.values()].find(({ config }) =>
      String(config.default_entity_id).endsWith(`.bms_${name}`),
    );
  }

  #discover(topic: string, payload: string): void {
    const before = this.#byTopic.get(topic) ?? new Map<string, string>();
    if (payload === '') {
      for (const uniqueId of before.values()) this.entities.delete(uniqueId);
      this.#byTopic.delete(topic);
      return;
    }
    const faults = discoveryFaults(topic, payload);
    this.complaints.push(...faults.map((fault) => `${topic}: ${fault}`));
    if (faults.length) return;
    const config: Config = JSON.parse(payload);
    for (const [key, component] of Object.entries(config.components))
      this.#component(config, before, key, component);
    this.#byTopic.set(topic, before);
  }

  #component(
    { device, availability }: Config,
    known: Map<string, string>,
    key: string,
    config: Entity['config'],
  ) {
    const was = known.get(key);
    if (Object.keys(config).length === 1) {
      if (was !== undefined) this.entities.delete(was);
      known.delete(key);
      return;
    }
    const uniqueId = String(config.unique_id);
    const other = this.entities.get(uniqueId);
    if (other && was !== uniqueId) this.complaints.push(`${uniqueId} is there twice`);
    known.set(key, uniqueId);
    const topics = (config.availability as Config['availability'] | undefined) ?? availability;
    this.entities.set(uniqueId, {
      uniqueId,
      device: device.name,
      config,
      availability: topics.map(({ topic }) => topic),
      state: other?.state ?? 'unknown',
    });
  }

  #show(topic: string, payload: string): void {
    for (const entity of this.entities.values()) {
      if (entity.config.state_topic !== topic) continue;
      try {
        entity.state = this.#stateOf(entity, rendered(String(entity.config.value_template), payload));
      } catch (error) {
        this.complaints.push(`${entity.uniqueId}: ${error}`);
      }
    }
  }

  #stateOf({ config }: Entity, text: string): string {
    const { platform, options, unit_of_measurement: unit, state_class: state, device_class: kind } = config;
    const refuse = () => {
      throw new Error(`state ${text}`);
    };
    if (text === 'None') return 'unknown';
    if (text.length > 255) refuse();
    if (platform === 'binary_sensor') return text === 'ON' || text === 'OFF' ? text : refuse();
    if (Array.isArray(options) && !options.includes(text)) refuse();
    if (kind === 'timestamp' && !/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text)) refuse();
    if ((unit !== undefined || state !== undefined) && !Number.isFinite(Number(text))) refuse();
    return text;
  }
}
