import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, resume } from '../../src/bank/evaluate.ts';
import { bankOf, pack, reading, room } from './room.ts';

const one = bankOf([[pack('a', { chargeCurrentA: 50, dischargeCurrentA: 100 })]]);
const twoByTwo = bankOf([
  [pack('a'), pack('b')],
  [pack('c'), pack('d')],
]);
const limits = (state: { signals: { chargeCurrentLimitA?: number; dischargeCurrentLimitA?: number } }) => [
  state.signals.chargeCurrentLimitA,
  state.signals.dischargeCurrentLimitA,
];

describe('a start', () => {
  test('says nothing until every pack was heard once, then sends limits as computed', () => {
    const r = room(bankOf([[pack('a')], [pack('b')]]));
    expect(r.hear('a').freshness).toBe('never');
    expect(r.state().signals.chargeCurrentLimitA).toBeUndefined();
    r.tick(1000);
    expect(r.hear('b').freshness).toBe('fresh');
    expect(limits(r.state())).toEqual([95, 190]);
  });

  test('after a minute the missing pack counts as lost: the bank speaks, with zero limits', () => {
    const r = room(bankOf([[pack('a')], [pack('b')]]));
    r.hear('a');
    expect(r.pass(59, ['a']).freshness).toBe('never');
    expect(r.pass(2, ['a']).freshness).toBe('lost');
    expect(r.state().signals).toMatchObject({
      chargeCurrentLimitA: 0,
      chargeEnable: false,
      modulesOnline: 1,
    });
    expect(r.state().signals.chargeVoltageLimitV).toBeCloseTo(54, 9);
  });

  test('a BMS with another cell count stops all output and says what to correct', () => {
    const r = room(one);
    const state = r.hear('a', reading({ cells: 15 }));
    expect(state.freshness).toBe('never');
    expect(state.packs[0]?.fault).toBe(
      "a reports 15 cells, 16 are configured: output stops; correct `cells` or the battery's address",
    );
  });

  test('a pack without a temperature never completes, unless the installer said that it has none', () => {
    const cold = reading({ temperaturesC: [undefined] });
    expect(room(one).hear('a', cold).packs[0]?.fault).toContain('set `temperature: none`');
    expect(room(bankOf([[pack('a', { needsTemperature: false })]])).hear('a', cold).freshness).toBe('fresh');
  });
});

describe('a battery that falls silent', () => {
  test('is late after 6 s, stale after 15 s, lost after 60 s', () => {
    const r = room(one);
    r.hear('a');
    const rungs = [6, 0.1, 8.9, 0.1, 44.9, 0.1].map((s) => r.tick(s * 1000).freshness);
    expect(rungs).toEqual(['fresh', 'late', 'late', 'stale', 'stale', 'lost']);
  });

  test('limits fall in ten equal steps from what was last told, and each enable goes with its limit', () => {
    const r = room(one);
    r.hear('a');
    r.tick(15_000);
    expect(limits(r.state())).toEqual([50, 100]);
    const told = Array.from({ length: 11 }, () => limits(r.tick(1000))[0]);
    expect(told).toEqual([40, 35, 30, 25, 20, 15, 10, 5, 0, 0, 0]);
    expect(r.state().signals).toMatchObject({ chargeEnable: false, dischargeEnable: false, voltageV: 52.8 });
  });

  test('CVL keeps what was last sent, the heartbeat freezes, the measurements stay', () => {
    const r = room(one);
    r.hear('a');
    const before = r.pass(14).signals;
    const after = r.pass(60).signals;
    expect(after.chargeVoltageLimitV).toBe(before.chargeVoltageLimitV);
    expect(after).toMatchObject({ heartbeat: 15, socPct: 50, currentA: -10, dataAgeS: 74, online: false });
    expect(after.socToldPct).toBe(50);
    expect(r.pass(20).signals.heartbeat).toBe(15);
  });

  test('in any phase the limits are zero 25 s and one period after the last true sample, and never rise before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.integer({ min: 0, max: 999 }),
        (sampleMs, evaluationMs) => {
          const r = room(twoByTwo, { nowMs: sampleMs });
          r.hearAll();
          r.tick(evaluationMs);
          let last = limits(r.state());
          for (let s = 0; s < 25; s++) {
            const next = limits(r.tick(1000));
            next.forEach((value, i) => {
              expect(value).toBeLessThanOrEqual(last[i] ?? 0);
            });
            last = next;
          }
          expect(r.now() - sampleMs).toBeLessThanOrEqual(26_000);
          expect(last).toEqual([0, 0]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('one pack of a 2s2p bank is enough: the policy is block', () => {
    const r = room(twoByTwo);
    r.hearAll();
    const state = r.pass(30, ['a', 'b', 'c']);
    expect(state.freshness).toBe('stale');
    expect(limits(state)).toEqual([0, 0]);
    expect(state.signals).toMatchObject({
      modulesOnline: 1,
      modulesOffline: 1,
      packsOnline: 3,
      packsStale: 1,
    });
    expect(state.signals.currentA).toBe(-10); // the lost string's last current is in no sum
  });

  test('discharge may go on for the time the installer granted, while the lowest cell was healthy', () => {
    const granted = bankOf([[pack('a')]], { ages: { ...one.ages, dischargeStaleAfterMs: 40_000 } });
    const healthy = room(granted);
    healthy.hear('a');
    expect(limits(healthy.pass(39))).toEqual([0, 100]);
    expect(limits(healthy.pass(11))).toEqual([0, 0]);
    const low = room(granted);
    low.hear('a', reading({ cellV: 3.15 }));
    expect(limits(low.pass(26))).toEqual([0, 0]);
  });
});

describe('a battery that comes back', () => {
  test('from late, one complete set is enough', () => {
    const r = room(one);
    r.hear('a');
    r.pass(10);
    expect(r.hear('a').freshness).toBe('fresh');
    expect(limits(r.state())).toEqual([50, 100]);
  });

  test('while late, limits may fall but not rise', () => {
    const r = room(bankOf([[pack('a')], [pack('b')]]));
    r.hear('a', reading({ cellV: 3.4125 }));
    r.hear('b', reading({ cellV: 3.3 }));
    const narrow = limits(r.state())[0] ?? 0;
    r.pass(8, ['b']);
    r.tick(500);
    expect(r.hear('b', reading({ cellV: 3.43 })).freshness).toBe('late');
    expect(limits(r.state())[0]).toBeLessThan(narrow);
  });

  test('from stale it takes three sets and ten seconds, one beat of zero, then 5 A a second', () => {
    const r = room(one);
    r.hear('a');
    r.pass(40);
    r.hear('a');
    expect(r.pass(9, ['a']).freshness).toBe('stale');
    const back = r.tick(1000);
    expect(back.freshness).toBe('fresh');
    expect(back.signals).toMatchObject({ chargeCurrentLimitA: 0, chargeEnable: false, online: true });
    expect(back.reasons.chargeCurrent[0]).toMatchObject({ rule: 'rising' });
    const next = r.tick(1000);
    expect(next.signals).toMatchObject({ chargeCurrentLimitA: 5, chargeEnable: true });
    expect(limits(r.pass(30, ['a']))).toEqual([50, 100]);
  });

  test('while a bank is on its way back, what is told is old, and so is the age that is told', () => {
    const r = room(one);
    r.hear('a', reading({ socPct: 50 }));
    r.pass(40);
    r.hear('a', reading({ socPct: 20 }));
    r.tick(1000);
    const returning = r.hear('a', reading({ socPct: 20 }));
    expect(returning).toMatchObject({ freshness: 'stale', sampleAtMs: 0 });
    expect(returning.signals).toMatchObject({ socPct: 50, dataAgeS: 41 });
    const back = r.pass(10, ['a'], () => reading({ socPct: 20 }));
    expect(back.freshness).toBe('fresh');
    expect(back.signals.socPct).toBe(20);
    expect(back.signals.dataAgeS).toBeLessThan(2);
  });

  test('a pack that flickers every 20 s never counts as back', () => {
    const r = room(one);
    r.hear('a');
    r.pass(40);
    for (let i = 0; i < 10; i++) {
      r.hear('a');
      expect(r.pass(20).freshness).toBe('stale');
    }
    expect(limits(r.state())).toEqual([0, 0]);
  });

  test('two sets are not three, however long ago the first came', () => {
    const r = room(one);
    r.hear('a');
    r.pass(40);
    r.hear('a');
    r.tick(10_000);
    expect(r.hear('a').freshness).toBe('stale');
    r.tick(100);
    expect(r.hear('a').freshness).toBe('fresh');
  });
});

describe('a restart', () => {
  test('goes on at the true age, at best late, until the battery speaks', () => {
    const before = room(one);
    before.hear('a');
    const stored = JSON.parse(JSON.stringify(before.pass(3)));
    const after = room(one, { nowMs: 5000, state: resume(stored, 5000) });
    expect(after.look().freshness).toBe('late');
    expect(after.state().signals.dataAgeS).toBe(5);
    expect(limits(after.state())).toEqual([50, 100]);
    expect(after.hear('a').freshness).toBe('fresh');
  });

  test('while lost stays lost: hold goes on at the true age', () => {
    const before = room(one);
    before.hear('a');
    const stored = JSON.parse(JSON.stringify(before.pass(70)));
    const after = room(one, { nowMs: 75_000, state: resume(stored, 75_000) });
    expect(after.look().freshness).toBe('lost');
    expect(after.state().signals).toMatchObject({ dataAgeS: 75, chargeCurrentLimitA: 0, socPct: 50 });
    expect(after.hear('a').freshness).toBe('lost');
  });
});

describe('a link that is up while the values stand still', () => {
  const still = () => reading({ currentA: -3 });

  test('counts as stale after ten minutes at 3 A, and its limits fall to zero', () => {
    const r = room(one);
    r.hear('a', still());
    expect(r.pass(598, ['a'], still).freshness).toBe('fresh');
    expect(r.pass(4, ['a'], still).freshness).toBe('stale');
    expect(r.state().packs[0]?.fault).toContain(
      'a is frozen: at 1 A or more no voltage and no charge has moved',
    );
    expect(limits(r.pass(10, ['a'], still))).toEqual([0, 0]);
  });

  test('is a notice at rest, never a limit', () => {
    const r = room(one);
    const rest = () => reading({ currentA: 0 });
    r.hear('a', rest());
    expect(r.pass(900, ['a'], rest).freshness).toBe('fresh');
    expect(r.state().notices[0]).toContain('have not moved');
  });

  test('counts as stale after a minute when a moving pack in the same string disagrees by more than 2 A', () => {
    const r = room(bankOf([[pack('a'), pack('b')]]));
    let mAh = 0;
    const moving = () => reading({ currentA: -20, remainingCapacityAh: 50 - ++mAh / 100 });
    r.hear('a', reading({ currentA: 0 }));
    r.hear('b', moving());
    for (let s = 0; s < 58; s += 2) {
      r.tick(2000);
      r.hear('a', reading({ currentA: 0 }));
      expect(r.hear('b', moving()).freshness).toBe('fresh');
    }
    for (let s = 0; s < 6; s += 2) {
      r.tick(2000);
      r.hear('a', reading({ currentA: 0 }));
      r.hear('b', moving());
    }
    expect(r.state().freshness).toBe('stale');
    expect(r.state().packs.map((p) => p.freshness)).toEqual(['stale', 'fresh']);
  });

  test('starts its return only when the values move again', () => {
    const r = room(one);
    r.hear('a', still());
    r.pass(620, ['a'], still);
    let mAh = 0;
    const moving = () => reading({ currentA: -3, remainingCapacityAh: 50 - ++mAh / 100 });
    expect(r.pass(9, ['a'], moving).freshness).toBe('stale');
    expect(r.pass(6, ['a'], moving).freshness).toBe('fresh');
  });
});

test('whatever a BMS says, an evaluation throws nothing and tells no NaN', () => {
  const absurd = fc.oneof(
    fc.constant(undefined),
    fc.double(),
    fc.constantFrom(Number.NaN, 0, -1, 65, 240, 300),
  );
  const anyReading = fc.record({
    voltageV: absurd,
    currentA: absurd,
    socPct: absurd,
    remainingCapacityAh: absurd,
    nominalCapacityAh: absurd,
    cellVoltagesV: fc.oneof(
      fc.array(absurd, { maxLength: 17 }),
      fc.array(fc.double(), { minLength: 16, maxLength: 16 }),
    ),
    temperaturesC: fc.array(absurd, { maxLength: 3 }),
    chargeFet: fc.option(fc.boolean(), { nil: undefined }),
  });
  fc.assert(
    fc.property(anyReading, anyReading, (a, b) => {
      // The generator makes what no type allows; that is its purpose.
      const samples = { a: { atMs: 0, reading: a as never }, b: { atMs: 0, reading: b as never } };
      const state = evaluate({ samples }, undefined, bankOf([[pack('a')], [pack('b')]]), 0);
      for (const value of Object.values(state.signals))
        if (typeof value === 'number') expect(value).not.toBeNaN();
    }),
    { numRuns: 1000 },
  );
});
