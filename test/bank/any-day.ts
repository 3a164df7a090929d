import fc from 'fast-check';
import type { BankConfig } from '../../src/bank/config.ts';
import { evaluate, resume } from '../../src/bank/evaluate.ts';
import type { Lifetime } from '../../src/bank/lifetime.ts';
import type { Evaluation, Snapshot } from '../../src/bank/memory.ts';
import type { PackSample } from '../../src/model/battery.ts';
import { calm, readingOf, type Said } from './any-reading.ts';

/** One thing that happens in a battery room, and how long it takes. */
interface Happening {
  readonly afterMs: number;
  /** Of each pack, in the order of the first configuration: whether it speaks now. */
  readonly speaks: (pack: number) => boolean;
  /** Which of the day's sayings the first pack says, the others follow; undefined: all say the usual one. */
  readonly says: number | undefined;
  /** Age of the samples when they arrive. */
  readonly oldMs: number;
  readonly restart: 'none' | 'warm' | 'cold';
  readonly shuntA: number | undefined;
}

export interface Day {
  readonly usual: Said;
  readonly sayings: readonly Said[];
  readonly happenings: readonly Happening[];
}

const everybody = () => true;
const nobody = () => false;

const happening: fc.Arbitrary<Happening> = fc.record({
  afterMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 100, max: 2000 }) },
    { weight: 9, arbitrary: fc.integer({ min: 2000, max: 8000 }) },
    { weight: 2, arbitrary: fc.integer({ min: 9000, max: 35_000 }) },
  ),
  speaks: fc.oneof(
    { weight: 5, arbitrary: fc.constant(everybody) },
    { weight: 3, arbitrary: fc.nat(4095).map((bits) => (pack: number) => (bits & (1 << pack)) > 0) },
    { weight: 2, arbitrary: fc.constant(nobody) },
  ),
  says: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(5) }),
  oldMs: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 300 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 40_000 }) },
  ),
  restart: fc.oneof(
    { weight: 28, arbitrary: fc.constant('none' as const) },
    { weight: 1, arbitrary: fc.constantFrom('warm' as const, 'cold' as const) },
  ),
  shuntA: fc.option(fc.constantFrom(-30, 0, 12.5, Number.NaN, Number.POSITIVE_INFINITY), { nil: undefined }),
});

export const dayOf = (said: fc.Arbitrary<Said>, maxLength: number): fc.Arbitrary<Day> =>
  fc.record({
    usual: fc.oneof({ weight: 3, arbitrary: calm }, { weight: 1, arbitrary: said }),
    sayings: fc.array(said, { minLength: 1, maxLength: 6 }),
    happenings: fc.array(happening, { minLength: 2, maxLength }),
  });

/** A calm bank that fell silent for a while, in part or whole, and speaks again for as long as its limits rise. */
export const returningDay: fc.Arbitrary<Day> = fc
  .record({
    usual: calm,
    silence: fc.array(happening, { minLength: 1, maxLength: 6 }),
    silentMs: fc.integer({ min: 5000, max: 40_000 }),
    steps: fc.array(fc.integer({ min: 300, max: 3000 }), { minLength: 20, maxLength: 40 }),
  })
  .map(({ usual, silence, silentMs, steps }) => {
    const calmly: Omit<Happening, 'afterMs'> = {
      speaks: everybody,
      says: undefined,
      oldMs: 0,
      restart: 'none',
      shuntA: undefined,
    };
    const pause = { ...calmly, speaks: nobody, afterMs: silentMs };
    return {
      usual,
      sayings: [usual],
      happenings: [...silence, pause, ...steps.map((afterMs) => ({ ...calmly, afterMs }))],
    };
  });

/** One evaluation, and the one before it in the same memory. */
export interface Seen {
  readonly before: Evaluation | undefined;
  readonly now: Evaluation;
  readonly nowMs: number;
}

/** JSON has no hole: what it wrote as null was absent. */
const throughJson = (state: Evaluation): Evaluation =>
  // What was written is what is read.
  JSON.parse(JSON.stringify(state), (_key, value) => (value === null ? undefined : value)) as Evaluation;

const RESTART_MS = 1500;

/** Lives through a day; `see` is called after each evaluation. Packs go by their ids, wherever a string is listed. */
export function live(day: Day, config: BankConfig, lifetime: Lifetime, see: (seen: Seen) => void): void {
  const packs = config.strings.flat().toSorted((a, b) => a.id.localeCompare(b.id));
  let samples: Record<string, PackSample> = {};
  let shunt: Pick<Snapshot, 'shuntA'> = {};
  let before: Evaluation | undefined;
  let nowMs = 0;
  const look = () => {
    const now = evaluate({ samples: { ...samples }, ...shunt }, before, config, nowMs, lifetime);
    see({ before, now, nowMs });
    before = now;
  };
  const hear = (speaks: Happening['speaks'], says: Happening['says'], atMs: number) => {
    packs.forEach((pack, i) => {
      const said = says === undefined ? day.usual : day.sayings[(says + i) % day.sayings.length];
      if (said && speaks(i)) samples[pack.id] = { atMs, reading: readingOf(said, pack, config.chemistry) };
    });
    look();
  };
  const restart = (how: Happening['restart']) => {
    if (how === 'none' || !before) return;
    nowMs += RESTART_MS;
    samples = {};
    before = how === 'warm' ? resume(throughJson(before), nowMs) : undefined;
  };
  hear(everybody, undefined, 0);
  for (const { afterMs, speaks, says, oldMs, restart: how, shuntA } of day.happenings) {
    restart(how);
    nowMs += afterMs;
    if (shuntA !== undefined) shunt = { shuntA: { value: shuntA, atMs: nowMs } };
    look();
    hear(speaks, says, nowMs - Math.min(oldMs, nowMs));
  }
}
