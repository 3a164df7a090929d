import fc from 'fast-check';
import { type ChargeHabits, usualHabits } from '../../src/bank/charge-habits.ts';
import type { Chemistry } from '../../src/bank/chemistry.ts';
import { agesFor, type BankConfig, type PackConfig } from '../../src/bank/config.ts';
import { type Lifetime, newLifetime } from '../../src/bank/lifetime.ts';
import { newCharge } from '../../src/bank/stages.ts';
import { chemistryNames, loadChemistry } from '../../src/config/chemistry-files.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { between } from '../between.ts';
import { known, orNothing, readingOf, type Said } from './any-reading.ts';
import { bankOf } from './room.ts';

// Random banks. A run repeats with the seed that it prints, and looks longer with TIMES: SEED=… TIMES=20 npx vitest run test/bank

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`random banks: SEED=${seed}`);
const times = Number(process.env.TIMES ?? 1);

let property = 0;

/** Each property of a file has a seed of its own, so that they do not all look at the same banks. */
export const runs = (numRuns: number) => ({ numRuns: numRuns * times, seed: seed + property++ });

/** For `vi.setConfig`: two loaded cores take their time. */
export const patience = { testTimeout: 300_000 * times };

const chemistry: fc.Arbitrary<Chemistry> = fc.constantFrom(...chemistryNames().map(loadChemistry));

const onePack = fc
  .record({
    capacityAh: orNothing(between(20, 400)),
    chargeCurrentA: orNothing(between(1, 200)),
    dischargeCurrentA: orNothing(between(1, 200)),
    needsTemperature: fc.boolean(),
  })
  .map(known);

/** Cells of the packs of each string: every string has equally many, in packs of any sizes. */
const sizes = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }),
    fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
  )
  .map(([packs, strings]) =>
    strings.map((form) => [packs, packs.toReversed(), [packs.reduce((a, b) => a + b)]][form] ?? packs),
  );

const strings: fc.Arbitrary<PackConfig[][]> = fc
  .tuple(sizes, fc.array(onePack, { minLength: 12, maxLength: 12 }))
  .map(([sized, packs]) =>
    sized.map((cells, s) =>
      cells.map((n, p) => ({
        needsTemperature: true,
        ...packs[s * 3 + p],
        id: `${'abcd'[s]}${p + 1}`,
        cells: n,
      })),
    ),
  );

/** Envelopes that the checks of `gateway.yaml` let pass for this chemistry. */
const envelopeFor = ({ underVoltageV, emptyV, bulkV, overVoltageV }: Chemistry) =>
  fc
    .record({
      chargeCurrentA: between(1, 400),
      dischargeCurrentA: between(1, 400),
      max: fc.oneof({ weight: 3, arbitrary: between(0.7, 1) }, { weight: 1, arbitrary: between(0.05, 1) }),
      min: fc.oneof({ weight: 3, arbitrary: between(0, 0.4) }, { weight: 1, arbitrary: between(0, 0.95) }),
    })
    .map(({ max, min, ...currents }) => {
      const cellMaxV = emptyV + max * (overVoltageV - emptyV);
      return {
        ...currents,
        cellMaxV,
        cellMinV: underVoltageV + min * (Math.min(bulkV, cellMaxV) - underVoltageV),
      };
    });

const habits: fc.Arbitrary<ChargeHabits> = fc
  .record({ absorptionMs: fc.constantFrom(2000, 900_000), afterFull: fc.constantFrom('float', 'stop') })
  .map((more) => ({ ...usualHabits, ...more }));

export const everyLoss = ['hold', 'reduce', 'exclude', 'block'] as const;

/** Any bank that an installer can write down. */
export const anyConfig: fc.Arbitrary<BankConfig> = chemistry.chain((cells) =>
  fc
    .record({
      strings,
      habits,
      envelope: envelopeFor(cells),
      seriesSoc: fc.constantFrom('window', 'min'),
      taper: fc.constantFrom('curve', 'smooth'),
      combine: fc.constantFrom('share', 'equal', 'sum'),
      loss: fc.constantFrom(...everyLoss),
      reduceForMs: fc.constantFrom(20_000, 1_800_000),
      alarmRule: fc.constantFrom('any', 'all', 'bank'),
      limitBySoc: fc.boolean(),
      heldSocPct: fc.constantFrom(98, 99.99),
      cableDropV: fc.constantFrom(0, 0.3, 0.5),
      hasShunt: fc.boolean(),
    })
    .map(({ strings, ...more }) => bankOf(strings, { ...more, chemistry: cells, ages: agesFor(2000) })),
);

/** What an earlier boot may have left: any stage of a charge. */
export const anyLifetime: fc.Arbitrary<Lifetime> = fc
  .record({
    stage: fc.constantFrom('bulk', 'absorption', 'float', 'stop'),
    full: fc.boolean(),
    balancing: fc.boolean(),
    stageMs: fc.constantFrom(0, 4 * 3_600_000 - 5000),
  })
  .map((charge) => ({ ...newLifetime, charge: { ...newCharge, ...charge } }));

/** A bank and what each of its packs says, by pack. */
export interface SpokenBank {
  readonly config: BankConfig;
  readonly readings: Readonly<Record<string, BatteryReading>>;
}

export const readingsOf = (config: BankConfig, said: readonly Said[]): SpokenBank['readings'] =>
  Object.fromEntries(
    config.strings.flat().flatMap((pack, i) => {
      const own = said[i % said.length];
      return own ? [[pack.id, readingOf(own, pack, config.chemistry)] as const] : [];
    }),
  );

/** Any bank of which every pack has spoken. */
export const spokenBank = (said: fc.Arbitrary<Said>): fc.Arbitrary<SpokenBank> =>
  fc
    .tuple(anyConfig, fc.array(said, { minLength: 1, maxLength: 12 }))
    .map(([config, all]) => ({ config, readings: readingsOf(config, all) }));
