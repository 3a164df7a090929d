// What goes wrong in a soak and when: all of it follows from the seed.
import { randomFrom } from '../bms/noise.ts';

export const faultKinds = ['drop', 'hide', 'silent', 'bend', 'rssi', 'delay', 'stop', 'kill'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** Since the start of the soak. */
  readonly atMs: number;
  /** 0 is a thing of a moment. */
  readonly forMs: number;
  /** 0 meets them all. */
  readonly unit: number;
  /** dBm, milliseconds of delay, or the way of bending. */
  readonly value: number;
}

/** Never more in force at once. */
export const MOST_AT_ONCE = 3;

/** How often each comes up in a round of draws: each kind comes, whatever the seed. */
const inTheBag: Record<FaultKind, number> = {
  drop: 4,
  hide: 3,
  silent: 3,
  bend: 4,
  rssi: 2,
  delay: 2,
  stop: 1,
  kill: 1,
};
const meetsAll: readonly FaultKind[] = ['delay', 'stop', 'kill'];
/** From one fault to the next. */
const GAP_MS = { least: 800, most: 4200 };

export interface PlanOptions {
  readonly seed: number;
  readonly units: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly without?: readonly FaultKind[];
}

type Random = ReturnType<typeof randomFrom>;

/** How long it lasts and its value. */
const measures: Record<FaultKind, (random: Random) => { forMs: number; value: number }> = {
  drop: () => ({ forMs: 0, value: 0 }),
  hide: (random) => ({ forMs: 1000 + random(19_001), value: 0 }),
  silent: (random) => ({ forMs: 1000 + random(11_001), value: 0 }),
  bend: (random) => ({ forMs: 0, value: random(256) }),
  rssi: (random) => ({ forMs: 0, value: -(40 + random(60)) }),
  delay: (random) => ({ forMs: 1000 + random(7001), value: 10 + random(191) }),
  stop: () => ({ forMs: 1500, value: 0 }),
  kill: () => ({ forMs: 0, value: 0 }),
};

function* bag(random: Random, without: readonly FaultKind[]): Generator<FaultKind, never> {
  const all = faultKinds
    .filter((kind) => !without.includes(kind))
    .flatMap((kind) => Array.from({ length: inTheBag[kind] }, () => kind));
  for (;;) {
    const left = [...all];
    while (left.length > 0) yield* left.splice(random(left.length), 1);
  }
}

const endOf = ({ atMs, forMs }: Fault): number => atMs + forMs;

/** The same thing does not befall the same unit twice at once, and no more than three are in force: it waits until it may. */
function whenItMay(planned: readonly Fault[], fault: Fault): Fault {
  const inForce = planned.filter((other) => endOf(other) > fault.atMs);
  const twin = inForce.find(({ kind, unit }) => kind === fault.kind && unit === fault.unit);
  const isFull = inForce.length >= MOST_AT_ONCE;
  if (!twin && !isFull) return fault;
  const atMs = twin ? endOf(twin) : Math.min(...inForce.map(endOf));
  return whenItMay(planned, { ...fault, atMs });
}

export function planFaults({ seed, units, fromMs, toMs, without = [] }: PlanOptions): Fault[] {
  const random = randomFrom(seed);
  const kinds = bag(random, without);
  const planned: Fault[] = [];
  let atMs = fromMs;
  for (;;) {
    atMs += GAP_MS.least + random(GAP_MS.most - GAP_MS.least + 1);
    const kind = kinds.next().value;
    const unit = meetsAll.includes(kind) ? 0 : 1 + random(units);
    const fault = whenItMay(planned, { kind, unit, atMs, ...measures[kind](random) });
    if (fault.atMs > toMs) return planned;
    if (endOf(fault) <= toMs) planned.push(fault);
    atMs = fault.atMs;
  }
}
