// What goes wrong around a whole gateway and when: storms in which up to three things are wrong at once, each followed by a calm in
// which all must become well again. All of it follows from the seed.
import {
  type KindOfFault,
  namesOf,
  ofAll,
  ofOne,
  type Planned,
  type Random,
  type ScheduleOptions,
  schedule,
} from '../schedule.ts';

const once = () => ({ forMs: 0, value: 0 });
const lasting = (leastMs: number, mostMs: number) => (random: Random) => ({
  forMs: leastMs + random(mostMs - leastMs + 1),
  value: random(256),
});
export const serialFaults = {
  noise: ofAll(2, lasting(2000, 8000)),
  half: ofAll(1, lasting(2000, 6000)),
  chunks: ofAll(1, lasting(2000, 8000)),
  foreign: ofAll(1, lasting(2000, 8000)),
  damage: ofAll(2, lasting(2000, 8000)),
} as const satisfies Record<string, KindOfFault>;
export type SerialFault = keyof typeof serialFaults;

export const gatewayFaults = {
  drop: ofOne(3, once),
  hide: ofOne(2, lasting(1000, 20_000)),
  silent: ofOne(2, lasting(1000, 12_000)),
  bend: ofOne(3, (random) => ({ forMs: 0, value: random(256) })),
  delay: ofAll(1, (random) => ({ forMs: 1000 + random(7001), value: 10 + random(191) })),
  dark: ofAll(1, lasting(17_000, 75_000)),
  earStop: ofAll(1, () => ({ forMs: 1500, value: 0 })),
  earWedge: ofAll(1, () => ({ forMs: 6000, value: 0 })),
  earKill: ofAll(1, once),
  officeKill: ofAll(1, once),
  wiresKill: ofAll(1, once),
  ...serialFaults,
  unplug: ofAll(1, lasting(500, 2500)),
  canDown: ofAll(1, lasting(500, 6000)),
  canFlood: ofAll(1, lasting(2000, 4000)),
  canErrors: ofAll(1, once),
  clock: ofAll(2, (random) => ({ forMs: 0, value: random(4) })),
  diskFull: ofAll(1, lasting(3000, 12_000)),
  diskReadOnly: ofAll(1, lasting(3000, 12_000)),
  logBlocked: ofAll(1, lasting(3000, 12_000)),
  brokerStop: ofAll(1, lasting(3000, 30_000)),
  brokerKill: ofAll(1, lasting(2000, 15_000)),
} as const satisfies Record<string, KindOfFault>;

export const gatewayKinds = namesOf(gatewayFaults);
export type GatewayKind = keyof typeof gatewayFaults;
export type GatewayFault = Planned<GatewayKind>;

export const STORM_MS = 95_000;
/** Three sets and ten seconds, then limits rise, at first after half a minute. */
export const CALM_MS = 60_000;

/** Each storm draws from a bag of its own; the last may be shorter. */
export function planStorms<Kind extends string>(
  kinds: Readonly<Record<Kind, KindOfFault>>,
  { fromMs, toMs, ...o }: ScheduleOptions<Kind>,
): Planned<Kind>[] {
  const storms: Planned<Kind>[] = [];
  for (let n = 0, atMs = fromMs; atMs < toMs; n++, atMs += STORM_MS + CALM_MS) {
    const endMs = Math.min(toMs, atMs + STORM_MS);
    storms.push(...schedule(kinds, { ...o, seed: o.seed * 1000 + n, fromMs: atMs, toMs: endMs }));
  }
  return storms;
}

/** When each calm ends. */
export const calmEndsMs = (fromMs: number, toMs: number): number[] =>
  Array.from(
    { length: Math.floor((toMs - fromMs) / (STORM_MS + CALM_MS)) },
    (_, n) => fromMs + (n + 1) * (STORM_MS + CALM_MS),
  );

/** How often each kind comes. */
export function counted<Kind extends string>(
  kinds: Readonly<Record<Kind, KindOfFault>>,
  plan: readonly Planned<Kind>[],
): Record<Kind, number> {
  const count = (kind: Kind) => plan.filter((fault) => fault.kind === kind).length;
  // Object.fromEntries forgets the keys; they are all kinds.
  return Object.fromEntries(namesOf(kinds).map((kind) => [kind, count(kind)])) as Record<Kind, number>;
}
