import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { downToTenth } from '../../src/bank/combine.ts';
import type { BankConfig, PackConfig } from '../../src/bank/config.ts';
import { evaluate } from '../../src/bank/evaluate.ts';
import { cellEndV } from '../../src/bank/limits.ts';
import type { Evaluation } from '../../src/bank/memory.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import {
  anyConfig,
  anyLifetime,
  patience,
  readingsOf,
  runs,
  type SpokenBank,
  spokenBank,
} from './any-bank.ts';
import { anyhow, soundly } from './any-reading.ts';
import { bankOf, once, pack, room, stamped } from './room.ts';
import { unsound } from './unsound.ts';

// Bank reference, section 8: what holds for every bank, whatever its packs say.

vi.setConfig(patience);

type Direction = 'charge' | 'discharge';
const directions: readonly Direction[] = ['charge', 'discharge'];

const limitA = ({ signals }: Evaluation, of: Direction): number =>
  signals[`${of}CurrentLimitA`] ?? Number.NaN;
const cvlV = ({ signals }: Evaluation): number => signals.chargeVoltageLimitV ?? Number.NaN;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const limits = (state: Evaluation) => directions.map((of) => limitA(state, of));

const whatever = (holds: (bank: SpokenBank) => void, said = soundly, numRuns = 700) =>
  fc.assert(fc.property(spokenBank(said), holds), runs(numRuns));

/** The strings that carry current, and the share of it that each is thought to carry; unknown Ah count as average ones. */
function sharesOf({ config, readings }: SpokenBank, of: Direction) {
  const conducting = config.strings.filter((s) => s.every(({ id }) => readings[id]?.[`${of}Fet`] !== false));
  const told = conducting.map((s) =>
    Math.min(...s.map((p) => p.capacityAh ?? readings[p.id]?.nominalCapacityAh ?? Number.NaN)),
  );
  const known = told.filter((ah) => ah > 0);
  const meanAh = sum(known) / known.length || 1;
  const weights = told.map((ah) => (config.combine === 'equal' ? 1 : ah || meanAh));
  return conducting.map((string, i) => ({ string, share: (weights[i] ?? 0) / sum(weights) }));
}

describe('whatever the packs of a bank say, sound or not', () => {
  test('nothing is thrown, and every number anywhere in the state is a number', () => {
    const stepped = fc.tuple(spokenBank(anyhow), anyLifetime);
    fc.assert(
      fc.property(stepped, ([{ config, readings }, lifetime]) => {
        const samples = stamped(readings, 0);
        const first = evaluate({ samples }, undefined, config, 0, lifetime);
        const second = evaluate({ samples }, first, config, 60_000, lifetime);
        expect([...unsound(first), ...unsound(second)]).toEqual([]);
      }),
      runs(1500),
    );
  });
});

describe('whatever the packs of a bank say', () => {
  test('limits are not negative and inside the envelope, and SoC is 0 to 100', () => {
    whatever(({ config, readings }) => {
      const state = once(config, readings);
      for (const of of directions) {
        expect(limitA(state, of)).toBeGreaterThanOrEqual(0);
        expect(limitA(state, of)).toBeLessThanOrEqual(config.envelope[`${of}CurrentA`] + 1e-6);
      }
      expect(state.signals.socPct).toBeGreaterThanOrEqual(0);
      expect(state.signals.socPct).toBeLessThanOrEqual(100);
    });
  });

  test('CVL lies between DVL and what the cells bear, in any stage of a charge', () => {
    fc.assert(
      fc.property(spokenBank(soundly), anyLifetime, ({ config, readings }, lifetime) => {
        const samples = stamped(readings, 0);
        const { signals } = evaluate({ samples }, undefined, config, 0, lifetime);
        const { envelope, chemistry, cableDropV } = config;
        const cells = signals.cellsInSeries ?? Number.NaN;
        const cellCapV = Math.min(envelope.cellMaxV, chemistry.overVoltageV - 0.05);
        expect((signals.chargeVoltageLimitV ?? Number.NaN) + 1e-9).toBeGreaterThanOrEqual(
          signals.dischargeVoltageLimitV ?? Number.NaN,
        );
        expect(signals.chargeVoltageLimitV).toBeLessThanOrEqual(cells * cellCapV + cableDropV + 1e-9);
        expect(signals.dischargeVoltageLimitV).toBeGreaterThanOrEqual(cells * envelope.cellMinV - 1e-9);
      }),
      runs(700),
    );
  });

  test('a conducting string with a hard zero takes the bank to zero in that direction', () => {
    const zeros = { charge: 'cell_high_voltage', discharge: 'cell_low_voltage' } as const;
    whatever(({ config, readings }) => {
      if (config.combine === 'sum') return;
      const state = once(config, readings);
      for (const of of directions)
        for (const { string } of sharesOf({ config, readings }, of)) {
          const said = string.flatMap(({ id }) => readings[id] ?? []);
          const cells = said.flatMap((r) => r.cellVoltagesV ?? []);
          const isAtEnd =
            of === 'charge'
              ? Math.max(...cells) >= cellEndV(config, of)
              : Math.min(...cells) <= cellEndV(config, of);
          const isForbidden = said.some((r) =>
            r.alarms?.some((a) => a === zeros[of] || a === 'short_circuit' || a === 'internal'),
          );
          if (isAtEnd || isForbidden) expect(limitA(state, of)).toBe(0);
        }
    });
  });

  test('no pack is asked for more than its own limit, given its share of the current', () => {
    whatever(({ config, readings }) => {
      if (config.combine === 'sum') return;
      const state = once(config, readings);
      for (const of of directions)
        for (const { string, share } of sharesOf({ config, readings }, of))
          for (const { id } of string) {
            const ownA = state.packs.find((p) => p.id === id)?.[`${of}CurrentLimitA`] ?? Number.NaN;
            expect(limitA(state, of) * share).toBeLessThanOrEqual(ownA + 1e-6);
          }
    });
  });

  test('under the sum rule no more is asked than all conducting packs together allow', () => {
    whatever(
      ({ config, readings }) => {
        const state = once({ ...config, combine: 'sum' }, readings);
        for (const of of directions) {
          const own = sharesOf({ config, readings }, of).map(({ string }) =>
            Math.min(
              ...string.map(
                ({ id }) => state.packs.find((p) => p.id === id)?.[`${of}CurrentLimitA`] ?? Number.NaN,
              ),
            ),
          );
          expect(limitA(state, of)).toBeLessThanOrEqual(sum(own) + 1e-6);
        }
      },
      soundly,
      300,
    );
  });

  test('the order in which parallel strings are listed changes nothing', () => {
    const shuffled = spokenBank(soundly).chain((bank) =>
      fc
        .shuffledSubarray([...bank.config.strings], { minLength: bank.config.strings.length })
        .map((strings) => ({ ...bank, strings })),
    );
    fc.assert(
      fc.property(shuffled, ({ config, readings, strings }) => {
        const there = once(config, readings);
        const back = once({ ...config, strings }, readings);
        expect(limits(back)).toEqual(limits(there));
        const names = ['voltageV', 'currentA', 'socPct', 'capacityAh', 'sohPct', 'maxCellVoltageV'] as const;
        for (const name of [...names, 'chargeVoltageLimitV', 'dischargeVoltageLimitV'] as const)
          expect(back.signals[name] ?? -1, name).toBeCloseTo(there.signals[name] ?? -1, 8);
        expect(back.signals.alarms).toEqual(there.signals.alarms);
        expect(back.signals.warnings).toEqual(there.signals.warnings);
      }),
      runs(700),
    );
  });

  test('the first reason of a limit is the one that decided', () => {
    whatever(({ config, readings }) => {
      const state = once(config, readings);
      for (const of of directions) {
        const [first, ...rest] = state.reasons[`${of}Current`];
        expect(downToTenth(first?.value ?? Number.NaN)).toBe(limitA(state, of));
        for (const { value } of rest) expect(value).toBeGreaterThanOrEqual(first?.value ?? Number.NaN);
      }
      const [first] = state.reasons.chargeVoltage;
      expect(first?.value).toBeCloseTo(state.signals.chargeVoltageLimitV ?? Number.NaN, 9);
    });
  });
});

describe('n identical packs', () => {
  const counts = fc.integer({ min: 2, max: 6 });
  const idsOf = (n: number) => Array.from({ length: n }, (_, i) => `p${i}`);
  const alike = (ids: readonly string[], value: BatteryReading) =>
    Object.fromEntries(ids.map((id) => [id, value]));
  /** A pack of known limits: a guess is a share of the envelope, which does not grow with the bank. */
  const one = fc.tuple(anyConfig, soundly).map(([config, said]) => {
    const more = { cells: 8, capacityAh: 100, chargeCurrentA: 41.3, dischargeCurrentA: 97.7 };
    const single = bankOf([[pack('a', more)]], { ...config, strings: [[pack('a', more)]] });
    return { config: single, more, value: readingsOf(single, [said]).a ?? {} };
  });
  const manyOf = (config: BankConfig, strings: BankConfig['strings'], value: BatteryReading) =>
    once(
      { ...config, strings },
      alike(
        strings.flat().map(({ id }) => id),
        value,
      ),
    );

  test('in parallel carry n times the current, at the same voltage and SoC, less the margin of their rule', () => {
    const margins = { share: 0.95, equal: 1, sum: 0.9 };
    fc.assert(
      fc.property(counts, one, (n, { config, more, value }) => {
        const single = once(config, { a: value });
        const many = manyOf(
          config,
          idsOf(n).map((id) => [pack(id, more)]),
          value,
        );
        for (const name of ['voltageV', 'socPct', 'chargeVoltageLimitV', 'temperatureC'] as const)
          expect(many.signals[name]).toBeCloseTo(single.signals[name] ?? Number.NaN, 8);
        for (const name of ['currentA', 'capacityAh', 'remainingCapacityAh'] as const)
          expect(many.signals[name]).toBeCloseTo(n * (single.signals[name] ?? Number.NaN), 8);
        for (const of of directions) {
          const ownA = single.packs[0]?.[`${of}CurrentLimitA`] ?? Number.NaN;
          const allA = n * ownA * margins[config.combine];
          expect(limitA(many, of)).toBe(downToTenth(Math.min(allA, config.envelope[`${of}CurrentA`])));
        }
      }),
      runs(500),
    );
  });

  test('in series add their voltages, and all else stays', () => {
    fc.assert(
      fc.property(counts, one, (n, { config, more, value }) => {
        const single = once(config, { a: value });
        const many = manyOf(config, [idsOf(n).map((id) => pack(id, more))], value);
        const { cableDropV } = config;
        for (const name of ['voltageV', 'dischargeVoltageLimitV'] as const)
          expect(many.signals[name]).toBeCloseTo(n * (single.signals[name] ?? Number.NaN), 8);
        expect((many.signals.chargeVoltageLimitV ?? 0) - cableDropV).toBeCloseTo(
          n * ((single.signals.chargeVoltageLimitV ?? 0) - cableDropV),
          8,
        );
        for (const name of ['currentA', 'capacityAh', 'socPct'] as const)
          expect(many.signals[name]).toBeCloseTo(single.signals[name] ?? Number.NaN, 8);
        expect(limits(many)).toEqual(limits(single));
      }),
      runs(500),
    );
  });
});

describe('a string that is stale beside others', () => {
  const several = spokenBank(soundly).filter(({ config }) => config.strings.length > 1);
  const without = (bank: SpokenBank, missing: readonly PackConfig[]) =>
    Object.fromEntries(
      Object.entries(bank.readings).filter(([id]) => !missing.some((pack) => pack.id === id)),
    );

  /**
   * A string whose capacity nobody says is taken for the mean of the others (bank reference, section 4.1): without a string
   * whose capacity is known that mean is another, and so are the shares of those that stay.
   */
  function isGuessedAlike({ config, readings }: SpokenBank, missing: readonly PackConfig[]): boolean {
    const isKnown = (string: readonly PackConfig[]) =>
      string.every((p) => p.capacityAh ?? readings[p.id]?.nominalCapacityAh);
    const others = config.strings.filter((string) => string !== missing).map(isKnown);
    return !isKnown(missing) || others.every(Boolean) || !others.some(Boolean);
  }

  /** The same moment, limits as computed: without the course that may hold them lower. */
  const anew = (state: Evaluation, config: BankConfig, nowMs: number): Evaluation => {
    const { chargeCourse, dischargeCourse, ...memory } = state.memory;
    return evaluate({ samples: {} }, { ...state, memory }, config, nowMs);
  };

  /** Bank reference, section 6.2: the first string counts with its last limit, at most 0.2 C; under `hold` with half of it. */
  function expectAllowance(bank: SpokenBank, before: Evaluation, now: Evaluation): void {
    const { config, readings } = bank;
    for (const of of directions) {
      const shares = sharesOf(bank, of);
      const [missing] = shares;
      if (!missing || shares.length < config.strings.length) continue;
      const ids = missing.string.map(({ id }) => id);
      const lastA = Math.min(
        ...before.packs.flatMap((p) => (ids.includes(p.id) ? (p[`${of}CurrentLimitA`] ?? []) : [])),
      );
      const ah = missing.string.map((p) => p.capacityAh ?? readings[p.id]?.nominalCapacityAh ?? 0);
      const mostA = config.loss === 'hold' ? lastA / 2 : Math.min(lastA, 0.2 * Math.min(...ah));
      expect(limitA(now, of) * missing.share, of).toBeLessThanOrEqual(mostA + 1e-6);
    }
  }

  test('never raises a limit over that of the same bank without it, known or not, whatever the policy', () => {
    const START_MS = 60_000;
    fc.assert(
      fc.property(several, (bank) => {
        const { config } = bank;
        const [missing = [], ...others] = config.strings;
        fc.pre(isGuessedAlike(bank, missing));
        const readings = without(bank, missing);
        const before = evaluate({ samples: {} }, undefined, config, 0);
        const state = evaluate({ samples: stamped(readings, START_MS) }, before, config, START_MS);
        const alone = once({ ...config, strings: others }, readings);
        for (const [i, a] of limits(state).entries())
          expect(a).toBeLessThanOrEqual(limits(alone)[i] ?? Number.NaN);
        expect(cvlV(state)).toBeLessThanOrEqual(cvlV(alone) + 1e-9);
      }),
      runs(500),
    );
  });

  test('never raises a limit over what it was before, and no pack is asked for more than its own', () => {
    fc.assert(
      fc.property(several, (bank) => {
        const { config } = bank;
        const missing = config.strings[0] ?? [];
        const rest = Object.entries(without(bank, missing));
        const r = room(config);
        for (const [id, value] of Object.entries(bank.readings)) r.hear(id, value);
        const before = r.state();
        for (let s = 2; s <= 24; s += 4) {
          r.tick(4000);
          for (const [id, value] of rest) r.hear(id, value);
        }
        const now = r.state();
        const isLimited = config.loss !== 'exclude';
        if (isLimited && config.combine !== 'sum') expectAllowance(bank, before, anew(now, config, r.now()));
        if (isLimited) expect(cvlV(now)).toBeLessThanOrEqual(cvlV(before) + 1e-9);
        for (const of of directions) {
          if (isLimited) expect(limitA(now, of)).toBeLessThanOrEqual(limitA(before, of));
          if (config.combine === 'sum') continue;
          const present = isLimited ? config : { ...config, strings: config.strings.slice(1) };
          for (const { string, share } of sharesOf({ config: present, readings: bank.readings }, of))
            for (const { id } of string) {
              const ownA = before.packs.find((p) => p.id === id)?.[`${of}CurrentLimitA`] ?? Number.NaN;
              expect(limitA(now, of) * share, `${of} of ${id}`).toBeLessThanOrEqual(ownA + 1e-6);
            }
        }
      }),
      runs(400),
    );
  });
});
