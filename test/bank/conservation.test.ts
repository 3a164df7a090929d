import { describe, expect, test } from 'vitest';
import type { BankConfig } from '../../src/bank/config.ts';
import { evaluate } from '../../src/bank/evaluate.ts';
import type { Evaluation } from '../../src/bank/memory.ts';
import { type LivingBank, MAX_STEP_S } from '../../src/bms/living-bank.ts';
import { liveInHouse, PACE } from '../../src/bms/living-house.ts';
import { newPack, readingOf } from '../../src/bms/living-pack.ts';
import { bankOf, pack } from './room.ts';

// A day of the simulated house, second by second as it would pass: nothing is lost between the cells and the counters.

interface Plan {
  readonly cells: number;
  readonly capacityAh: number;
  readonly socPct: number;
}

const idOf = (string: number, place: number): string => `${'abcd'[string]}${place + 1}`;
const perPack = <T, R>(strings: readonly (readonly T[])[], what: (item: T, id: string) => R): R[][] =>
  strings.map((packs, s) => packs.map((item, p) => what(item, idOf(s, p))));

const envelope = { chargeCurrentA: 100, dischargeCurrentA: 150, cellMaxV: 3.6, cellMinV: 2.8 };

const configOf = (plans: readonly (readonly Plan[])[]): BankConfig =>
  bankOf(
    perPack(plans, ({ cells, capacityAh }, id) =>
      pack(id, { cells, capacityAh, chargeCurrentA: capacityAh / 2, dischargeCurrentA: capacityAh }),
    ),
    { envelope, loss: 'reduce' },
  );

/** What each pack says, in the order of the strings. */
const readingsOf = (bank: LivingBank) => bank.map((packs) => packs.map((p) => readingOf(p)));
type Readings = ReturnType<typeof readingsOf>;

const samplesOf = (readings: Readings, atMs: number) =>
  Object.fromEntries(perPack(readings, (reading, id) => [id, { atMs, reading }] as const).flat());

/** Ah that went through a string: what its first cell holds, and what balancing took out of it. */
const heldAh = (bank: LivingBank): number =>
  bank.reduce((sum, [first]) => sum + (first?.cells[0]?.chargeAh ?? 0) + (first?.cells[0]?.bledAh ?? 0), 0);

/** W at the terminals of the packs themselves; + while charging. */
const powerW = (bank: LivingBank, readings: Readings): number => {
  const said = readings.flat();
  return bank.flat().reduce((sum, p, i) => sum + (said[i]?.voltageV ?? 0) * p.currentA, 0);
};

const cellsOf = (readings: Readings): number[] =>
  readings.flat().flatMap(({ cellVoltagesV }) => cellVoltagesV ?? []);

interface Moment {
  readonly bank: LivingBank;
  readonly readings: Readings;
  readonly state: Evaluation;
}

/** A day from nine to nine; the inverter does what it was told by the evaluation before. */
function* dayOf(config: BankConfig, start: LivingBank): Generator<Moment> {
  let bank = start;
  let state: Evaluation | undefined;
  for (let s = 0; s < 86_400; s += MAX_STEP_S) {
    bank = liveInHouse(bank, s / PACE, MAX_STEP_S / PACE, state?.signals);
    const nowMs = (s + MAX_STEP_S) * 1000;
    const readings = readingsOf(bank);
    state = evaluate({ samples: samplesOf(readings, nowMs) }, state, config, nowMs);
    yield { bank, readings, state };
  }
}

const hours = MAX_STEP_S / 3600;

describe.each([
  ['one pack', [[{ cells: 16, capacityAh: 100, socPct: 60 }]]],
  [
    'two strings of two packs, of which one is small',
    [
      [
        { cells: 8, capacityAh: 100, socPct: 60 },
        { cells: 8, capacityAh: 80, socPct: 62 },
      ],
      [
        { cells: 8, capacityAh: 200, socPct: 60 },
        { cells: 8, capacityAh: 200, socPct: 60 },
      ],
    ],
  ],
])('a sunny day of %s', (_, plans) => {
  const config = configOf(plans);
  const start = perPack(plans, (plan, name) => newPack({ ...plan, name }));
  const seen = { ah: 0, inWh: 0, outWh: 0, highV: 0, lowV: 5, stages: new Set<string | undefined>() };
  let last: Moment | undefined;

  test('charges it fully, from bulk over absorption to float', { timeout: 300_000 }, () => {
    for (const now of dayOf(config, start)) {
      seen.ah += (now.state.signals.currentA ?? Number.NaN) * hours;
      const watts = powerW(now.bank, now.readings);
      const cells = cellsOf(now.readings);
      seen.inWh += Math.max(0, watts) * hours;
      seen.outWh += Math.max(0, -watts) * hours;
      seen.highV = Math.max(seen.highV, ...cells);
      seen.lowV = Math.min(seen.lowV, ...cells);
      seen.stages.add(now.state.stage);
      last = now;
    }
    expect([...seen.stages].slice(0, 3)).toEqual(['bulk', 'absorption', 'float']);
  });

  test('moves exactly the charge that the bank tells as current', () => {
    expect(heldAh(last?.bank ?? []) - heldAh(start)).toBeCloseTo(seen.ah, 6);
  });

  test('counts the energy that went through the terminals, within 1 %', () => {
    const { energyChargedKWh = 0, energyDischargedKWh = 0 } = last?.state.signals ?? {};
    expect(energyChargedKWh / (seen.inWh / 1000)).toBeCloseTo(1, 2);
    expect(energyDischargedKWh / (seen.outWh / 1000)).toBeCloseTo(1, 2);
  });

  test('takes no cell out of the envelope', () => {
    expect(seen.highV).toBeLessThan(envelope.cellMaxV);
    expect(seen.lowV).toBeGreaterThan(envelope.cellMinV);
  });
});
