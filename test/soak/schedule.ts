// When things go wrong: draws from a bag in which each kind lies as often as it should come, all of it by the seed.
import { randomFrom } from '../bms/noise.ts';

/** Never more in force at once. */
export const MOST_AT_ONCE = 3;
/** From one fault to the next. */
const GAP_MS = { least: 800, most: 4200 };

export type Random = ReturnType<typeof randomFrom>;

export interface Planned<Kind extends string> {
  readonly kind: Kind;
  /** Since the start of the soak. */
  readonly atMs: number;
  /** 0 is a thing of a moment. */
  readonly forMs: number;
  /** 0 meets them all. */
  readonly unit: number;
  readonly value: number;
}

export interface KindOfFault {
  /** How often it comes up in a round of draws: each kind comes, whatever the seed. */
  readonly inTheBag: number;
  readonly meetsAll: boolean;
  /** How long it lasts and its value. */
  readonly measures: (random: Random) => { forMs: number; value: number };
}

export interface ScheduleOptions<Kind extends string> {
  readonly seed: number;
  readonly units: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly without?: readonly Kind[];
}

type Kinds<Kind extends string> = Readonly<Record<Kind, KindOfFault>>;

/** A fault of one unit, or of everything; how often it lies in the bag. */
export const ofOne = (inTheBag: number, measures: KindOfFault['measures']): KindOfFault => ({
  inTheBag,
  meetsAll: false,
  measures,
});
export const ofAll = (inTheBag: number, measures: KindOfFault['measures']): KindOfFault => ({
  inTheBag,
  meetsAll: true,
  measures,
});

export const namesOf = <Kind extends string>(kinds: Kinds<Kind>): readonly Kind[] =>
  Object.keys(kinds).filter((name): name is Kind => name in kinds);

function* bag<Kind extends string>(
  kinds: Kinds<Kind>,
  random: Random,
  without: readonly Kind[],
): Generator<Kind, never> {
  const all = namesOf(kinds)
    .filter((kind) => !without.includes(kind))
    .flatMap((kind) => Array.from({ length: kinds[kind].inTheBag }, () => kind));
  for (;;) {
    const left = [...all];
    while (left.length > 0) yield* left.splice(random(left.length), 1);
  }
}

const endOf = ({ atMs, forMs }: Planned<string>): number => atMs + forMs;

/** The same thing does not befall the same unit twice at once, and no more than three are in force: it waits until it may. */
function whenItMay<Kind extends string>(
  planned: readonly Planned<Kind>[],
  fault: Planned<Kind>,
): Planned<Kind> {
  const inForce = planned.filter((other) => endOf(other) > fault.atMs);
  const twin = inForce.find(({ kind, unit }) => kind === fault.kind && unit === fault.unit);
  const isFull = inForce.length >= MOST_AT_ONCE;
  if (!twin && !isFull) return fault;
  const atMs = twin ? endOf(twin) : Math.min(...inForce.map(endOf));
  return whenItMay(planned, { ...fault, atMs });
}

export function schedule<Kind extends string>(
  kinds: Kinds<Kind>,
  { seed, units, fromMs, toMs, without = [] }: ScheduleOptions<Kind>,
): Planned<Kind>[] {
  const random = randomFrom(seed);
  const draws = bag(kinds, random, without);
  const planned: Planned<Kind>[] = [];
  let atMs = fromMs;
  for (;;) {
    atMs += GAP_MS.least + random(GAP_MS.most - GAP_MS.least + 1);
    const kind = draws.next().value;
    const unit = kinds[kind].meetsAll ? 0 : 1 + random(units);
    const fault = whenItMay(planned, { kind, unit, atMs, ...kinds[kind].measures(random) });
    if (fault.atMs > toMs) return planned;
    if (endOf(fault) <= toMs) planned.push(fault);
    atMs = fault.atMs;
  }
}
