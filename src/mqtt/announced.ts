// What a broker was told to keep, and what of that must go: Home Assistant forgets nothing by itself.
import { type DeviceConfig, type Platforms, platformsOf, withRemovals } from './discovery.ts';

/** Retained topics of ours: those of discovery with the platforms of their components, and those of availability. */
export interface Announced {
  readonly devices: Readonly<Record<string, Platforms>>;
  readonly availability: readonly string[];
}

export const nothingAnnounced: Announced = { devices: {}, availability: [] };

export interface Retained {
  readonly topic: string;
  /** Empty takes the topic away. */
  readonly payload: string;
}

/** Discovery as it is to be: a configuration by topic. */
export type Wanted = ReadonlyMap<string, DeviceConfig>;

export const announcedBy = (wanted: Wanted, availability: readonly string[]): Announced => ({
  devices: Object.fromEntries([...wanted].map(([topic, config]) => [topic, platformsOf(config)])),
  availability,
});

const without = (was: Platforms, now: Platforms): Platforms =>
  Object.fromEntries(Object.entries(was).filter(([key]) => !Object.hasOwn(now, key)));

/** All that either knows of. */
export function union(a: Announced, b: Announced): Announced {
  const topics = new Set([...Object.keys(a.devices), ...Object.keys(b.devices)]);
  return {
    devices: Object.fromEntries(
      [...topics].map((topic) => [topic, { ...a.devices[topic], ...b.devices[topic] }]),
    ),
    availability: [...new Set([...a.availability, ...b.availability])],
  };
}

/** True when what was announced holds nothing beyond what is wanted. */
export const isClean = (was: Announced, now: Announced): boolean => {
  const both = union(was, now);
  return (
    both.availability.length === now.availability.length &&
    Object.keys(both.devices).length === Object.keys(now.devices).length &&
    Object.entries(both.devices).every(
      ([topic, platforms]) => Object.keys(without(platforms, now.devices[topic] ?? {})).length === 0,
    )
  );
};

/** What is to be published, in this order, so that what is wanted stands and nothing else of ours does. */
export function announcements(wanted: Wanted, was: Announced, availability: readonly string[]): Retained[] {
  const now = announcedBy(wanted, availability);
  const devices = [...wanted].flatMap(([topic, config]) => {
    const gone = without(was.devices[topic] ?? {}, now.devices[topic] ?? {});
    const plain = { topic, payload: JSON.stringify(config) };
    const first = { topic, payload: JSON.stringify(withRemovals(config, gone)) };
    return Object.keys(gone).length ? [first, plain] : [plain];
  });
  const obsolete = [
    ...Object.keys(was.devices).filter((topic) => !wanted.has(topic)),
    ...was.availability.filter((topic) => !availability.includes(topic)),
  ];
  return [...devices, ...obsolete.map((topic) => ({ topic, payload: '' }))];
}
