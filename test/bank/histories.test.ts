import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { BankConfig } from '../../src/bank/config.ts';
import type { Evaluation } from '../../src/bank/memory.ts';
import { isStale } from '../../src/model/freshness.ts';
import { anyConfig, anyLifetime, patience, runs } from './any-bank.ts';
import { type Day, dayOf, live, returningDay, type Seen } from './any-day.ts';
import { anyhow, soundly } from './any-reading.ts';
import { unsound } from './unsound.ts';

// Random days of any bank: packs speak, mumble, fall silent, come back, the process stalls and is restarted.

vi.setConfig(patience);

const chargeA = (e: Evaluation | undefined) => e?.signals.chargeCurrentLimitA ?? 0;
const dischargeA = (e: Evaluation | undefined) => e?.signals.dischargeCurrentLimitA ?? 0;
const limits = (e: Evaluation) => [e.signals.chargeCurrentLimitA, e.signals.dischargeCurrentLimitA];

const anyDay = fc.tuple(anyConfig, anyLifetime, dayOf(anyhow, 24));
const anySoundDay = fc.tuple(anyConfig, anyLifetime, dayOf(soundly, 24));
const granted = (config: BankConfig): BankConfig => ({
  ...config,
  ages: { ...config.ages, dischargeStaleAfterMs: 60_000 },
});

/** Whatever is seen in any day of any bank. */
const always = (see: (seen: Seen, config: BankConfig) => void, numRuns = 400, days = anyDay) =>
  fc.assert(
    fc.property(days, ([config, lifetime, day]) => live(day, config, lifetime, (seen) => see(seen, config))),
    runs(numRuns),
  );

const newestMs = ({ packs }: Evaluation) => Math.max(...packs.map((p) => p.sampleAtMs ?? 0));
const oldestMs = ({ packs }: Evaluation) => Math.min(...packs.map((p) => p.sampleAtMs ?? 0));
const mayNotRise = ({ freshness, packs }: Evaluation) =>
  freshness !== 'fresh' || packs.some((p) => p.freshness === 'late' && p.chargeCurrentLimitA !== undefined);

describe('in any day of any bank', () => {
  test('nothing is thrown, and every number anywhere in the state is a number', () => {
    always(({ now }) => expect(unsound(now)).toEqual([]));
  });

  test('limits stay inside the envelope, and CVL between DVL and what the cells bear', () => {
    always(({ now: { freshness, signals } }, { envelope, chemistry, cableDropV }) => {
      if (freshness === 'never') return expect(signals.chargeCurrentLimitA).toBeUndefined();
      const {
        chargeCurrentLimitA: cclA = Number.NaN,
        dischargeCurrentLimitA: dclA = Number.NaN,
        chargeVoltageLimitV: cvlV = Number.NaN,
        dischargeVoltageLimitV: dvlV = Number.NaN,
      } = signals;
      const capV = Math.min(envelope.cellMaxV, chemistry.overVoltageV - 0.05);
      expect(cclA).toBeGreaterThanOrEqual(0);
      expect(dclA).toBeGreaterThanOrEqual(0);
      expect(cclA).toBeLessThanOrEqual(envelope.chargeCurrentA + 1e-6);
      expect(dclA).toBeLessThanOrEqual(envelope.dischargeCurrentA + 1e-6);
      expect(cvlV).toBeGreaterThanOrEqual(dvlV - 1e-9);
      expect(cvlV).toBeLessThanOrEqual((signals.cellsInSeries ?? 0) * capV + cableDropV + 1e-9);
    });
  });

  test('when all packs are silent both currents are zero within 25 s, by every policy', () => {
    always(({ now, nowMs }) => {
      if (now.freshness === 'never' || nowMs - newestMs(now) < 25_000) return;
      expect([chargeA(now), dischargeA(now)]).toEqual([0, 0]);
    });
  });

  test('by the policy `block` they are zero 25 s after the oldest pack spoke, and the age told is the true one', () => {
    always(({ now, nowMs }, { loss }) => {
      if (now.freshness === 'never' || loss !== 'block') return;
      const ageMs = nowMs - oldestMs(now);
      if (ageMs >= 25_000) expect([chargeA(now), dischargeA(now)]).toEqual([0, 0]);
      if (ageMs > 15_000) expect(isStale(now.freshness)).toBe(true);
      if (now.packs.some((p) => p.sampleAtMs === undefined)) return;
      // Packs on their way back do not count yet, so what is told meanwhile is older than what they said last.
      if (isStale(now.freshness)) expect(now.signals.dataAgeS).toBeGreaterThanOrEqual(ageMs / 1000 - 1e-9);
      else expect(now.signals.dataAgeS).toBeCloseTo(ageMs / 1000, 9);
    });
  });

  test('with discharge granted for 60 s charging still ends within 25 s, and discharging within 70 s', () => {
    const days = anyDay.map(
      ([config, ...rest]) => [granted(config), ...rest] as [BankConfig, ...typeof rest],
    );
    always(
      ({ now, nowMs }) => {
        const silentMs = nowMs - newestMs(now);
        if (silentMs >= 25_000) expect(chargeA(now)).toBe(0);
        if (silentMs >= 70_000) expect(dischargeA(now)).toBe(0);
      },
      400,
      days,
    );
  });

  test('nothing rises while the bank, or a pack that its limits rest on, is late or worse', () => {
    always(({ before, now }) => {
      if (!before || before.freshness === 'never' || !mayNotRise(now)) return;
      expect(chargeA(now)).toBeLessThanOrEqual(chargeA(before));
      expect(dischargeA(now)).toBeLessThanOrEqual(dischargeA(before));
      expect(now.signals.chargeVoltageLimitV ?? 0).toBeLessThanOrEqual(
        before.signals.chargeVoltageLimitV ?? 0,
      );
    });
  });

  test('after the first, limits rise by 5 A for a second, and no faster', () => {
    const days = fc.tuple(anyConfig, anyLifetime, fc.oneof(returningDay, dayOf(anyhow, 50)));
    fc.assert(
      fc.property(days, ([config, lifetime, day]) => {
        // What was told less 5 A/s since the beginning of time: its least so far bounds all that comes.
        let least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
        live(day, config, lifetime, ({ before, now, nowMs }) => {
          if (!before) least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
          if (now.freshness === 'never') return;
          least = [chargeA(now), dischargeA(now)].map((a, i) => {
            const slope = a - (5 * nowMs) / 1000;
            expect(slope).toBeLessThanOrEqual((least[i] ?? 0) + 5 + 1e-6);
            return Math.min(slope, least[i] ?? 0);
          });
        });
      }),
      runs(300),
    );
  });

  test('SoC is told as 100 only when full, and as 0 only when a pack is empty', () => {
    always(({ before, now }) => {
      const { socToldPct } = now.signals;
      if (now.signals.modulesOnline === 0 && before?.signals.socToldPct !== undefined)
        return expect(socToldPct).toBe(before.signals.socToldPct);
      const read = now.packs.flatMap(({ reading }) => reading ?? []);
      const isEnded = read.some((r) => r.socPct === 100 && r.chargeFet === false);
      if (socToldPct === 100) expect(now.memory.lifetime.charge.full || isEnded).toBe(true);
      const isEmpty = read.some((r) => (r.socPct ?? 100) <= 0.5 || r.alarms?.includes('cell_low_voltage'));
      if ((socToldPct ?? 100) < 1) expect(isEmpty).toBe(true);
    });
  });

  test('each enable is exactly "its limit is above zero", and the heartbeat moves only while fresh or late', () => {
    always(({ before, now }) => {
      if (now.freshness === 'never') return;
      expect(now.signals.chargeEnable).toBe(chargeA(now) > 0);
      expect(now.signals.dischargeEnable).toBe(dischargeA(now) > 0);
      if (before && isStale(now.freshness)) expect(now.signals.heartbeat).toBe(before.signals.heartbeat);
    });
  });

  test('no sample older than its stamp says counts as fresh', () => {
    always(({ now, nowMs }) => {
      for (const { freshness, sampleAtMs } of now.packs)
        if (freshness === 'fresh') expect(nowMs - (sampleAtMs ?? Number.NaN)).toBeLessThanOrEqual(6000);
    });
  });

  test('the order in which parallel strings are listed changes no limit and no measurement', () => {
    const told = (config: BankConfig, lifetime: Parameters<typeof live>[2], day: Day) => {
      const seen: Evaluation[] = [];
      live(day, config, lifetime, ({ now }) => seen.push(now));
      return seen;
    };
    fc.assert(
      fc.property(anySoundDay, ([config, lifetime, day]) => {
        const there = told(config, lifetime, day);
        const back = told({ ...config, strings: config.strings.toReversed() }, lifetime, day);
        for (const [i, state] of there.entries()) {
          const other = back[i] ?? state;
          expect(limits(other)).toEqual(limits(state));
          expect(other.freshness).toBe(state.freshness);
          expect(other.stage).toBe(state.stage);
          for (const name of ['voltageV', 'currentA', 'socPct', 'chargeVoltageLimitV'] as const)
            expect(other.signals[name] ?? -1, name).toBeCloseTo(state.signals[name] ?? -1, 6);
        }
      }),
      runs(300),
    );
  });
});
