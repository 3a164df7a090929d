import { describe, expect, test } from 'vitest';
import type { BankConfig } from '../../src/bank/config.ts';
import { bankOf, pack, reading, room } from './room.ts';

const equal = (more: Partial<BankConfig> = {}) =>
  bankOf([[pack('a', { dischargeCurrentA: 50 })], [pack('b', { dischargeCurrentA: 50 })]], {
    loss: 'reduce',
    ...more,
  });
const limits = (state: { signals: { chargeCurrentLimitA?: number; dischargeCurrentLimitA?: number } }) => [
  state.signals.chargeCurrentLimitA,
  state.signals.dischargeCurrentLimitA,
];

function oneSilent(config: BankConfig, last = reading()) {
  const r = room(config);
  r.hear('a');
  r.hear('b', last);
  return r;
}

describe('one of two packs falls silent', () => {
  test('case K: after 25 s it counts as 20 A, SoC and current come from the other, CVL stays until it is lost', () => {
    const r = oneSilent(equal(), reading({ socPct: 90, currentA: -30 }));
    expect(limits(r.state())).toEqual([95, 95]);
    const state = r.pass(25, ['a']);
    expect(limits(state)).toEqual([38, 38]);
    expect(state.signals).toMatchObject({ socPct: 50, currentA: -10, packsOnline: 1, packsStale: 1 });
    expect(state.signals.chargeVoltageLimitV).toBeCloseTo(55.2, 6);
    expect(state.reasons.chargeCurrent[0]).toMatchObject({ rule: 'missing pack: reduce', pack: 'b' });
    expect(state.freshness).toBe('fresh');
    expect(state.signals.dataAgeS).toBeLessThan(3);
  });

  test('lost, it counts as 0.1 C, and CVL goes slowly to float', () => {
    const r = oneSilent(equal());
    const state = r.pass(70, ['a']);
    expect(limits(state)).toEqual([19, 19]);
    expect(r.pass(1300, ['a'], moving()).signals.chargeVoltageLimitV).toBeCloseTo(54, 6);
  });

  test('charging ends when it has been missing for half an hour', () => {
    const r = oneSilent(equal());
    expect(limits(r.pass(1790, ['a'], moving()))[0]).toBe(19);
    expect(limits(r.pass(20, ['a'], moving()))).toEqual([0, 19]);
  });

  test('the fresh pack alone is never asked for more than its own limit', () => {
    const unlike = bankOf([[pack('a', { chargeCurrentA: 15 })], [pack('b', { capacityAh: 300 })]], {
      loss: 'reduce',
    });
    const r = oneSilent(unlike);
    expect(r.pass(25, ['a']).signals.chargeCurrentLimitA).toBeLessThanOrEqual(15);
  });

  test('seen last near its end, it blocks that direction and no other', () => {
    const full = oneSilent(equal(), reading({ cellV: 3.41 }));
    expect(limits(full.pass(25, ['a']))).toEqual([0, 38]);
    const empty = oneSilent(equal(), reading({ cellV: 3.09 }));
    expect(limits(empty.pass(25, ['a']))[1]).toBe(0);
    expect(limits(empty.state())[0]).toBe(38);
  });

  test('`hold` lets it count as half its last limit for a minute, then reduces', () => {
    const r = oneSilent(equal({ loss: 'hold' }));
    expect(limits(r.pass(25, ['a']))).toEqual([47.5, 47.5]);
    expect(limits(r.pass(60, ['a']))).toEqual([19, 19]);
  });

  test('`exclude` leaves all to the other, `block` ends everything', () => {
    expect(limits(oneSilent(equal({ loss: 'exclude' })).pass(70, ['a']))).toEqual([50, 50]);
    expect(limits(oneSilent(equal({ loss: 'block' })).pass(30, ['a']))).toEqual([0, 0]);
  });

  test('in series it takes its whole string with it', () => {
    const r = room(
      bankOf(
        [
          [pack('a'), pack('b')],
          [pack('c'), pack('d')],
        ],
        { loss: 'reduce' },
      ),
    );
    r.hearAll();
    const state = r.pass(30, ['a', 'c', 'd']);
    expect(state.freshness).toBe('fresh');
    expect(state.signals).toMatchObject({ modulesOnline: 1, packsOnline: 3, voltageV: 105.6 });
    expect(limits(state)[0]).toBe(38);
  });

  test('late, it keeps every limit from rising, however fresh the other is', () => {
    const r = room(equal());
    r.hear('a', reading({ temperaturesC: [3.5] }));
    r.hear('b');
    r.pass(28, ['a', 'b'], () => reading({ temperaturesC: [20] }));
    const low = limits(r.pass(7, ['a']));
    const late = r.pass(4, ['a']);
    expect(late.packs.map((p) => p.freshness)).toEqual(['fresh', 'late']);
    expect(late.freshness).toBe('fresh');
    expect(limits(late)).toEqual(low);
    expect(late.reasons.chargeCurrent[0]).toMatchObject({ rule: 'late: no rise' });
    r.hear('b');
    expect(limits(r.tick(2000))[0]).toBeGreaterThan(low[0] ?? Number.NaN);
  });

  test('it leaves the guess for the other as small as it was: a silent pack gives its share to nobody', () => {
    const { chargeCurrentA, dischargeCurrentA, ...unsaid } = pack('a');
    const small = { chargeCurrentA: 20, dischargeCurrentA: 20, cellMaxV: 3.6, cellMinV: 2.8 };
    const r = room(
      equal({ strings: [[unsaid], [{ ...unsaid, id: 'b' }]], envelope: small, loss: 'exclude' }),
    );
    r.hearAll();
    expect(limits(r.state())).toEqual([19, 19]);
    expect(limits(r.pass(25, ['a']))).toEqual([10, 10]);
  });

  test('never heard at all, it cannot be held at its last limit: `hold` counts it as 0.1 C', () => {
    const r = room(equal({ loss: 'hold' }));
    expect(limits(r.pass(62, ['a']))).toEqual([19, 19]);
  });

  test('all silent is stale as ever', () => {
    const r = oneSilent(equal());
    r.pass(30, ['a']);
    expect(r.pass(16).freshness).toBe('stale');
    expect(limits(r.pass(10))).toEqual([0, 0]);
  });
});

describe('a pack that comes back', () => {
  test('raises the limits no faster than 5 A a second, after a hold', () => {
    const r = oneSilent(equal());
    r.pass(30, ['a']);
    r.hear('b');
    r.pass(12, ['a', 'b']);
    expect(r.state().signals.packsOnline).toBe(2);
    expect(limits(r.state())[0]).toBeLessThan(50);
    expect(limits(r.pass(60, ['a', 'b']))[0]).toBe(95);
  });

  test.each([
    ['higher', 3.4],
    ['lower', 3.2],
  ])(
    'at a %s voltage is reported before it counts, and cuts the limits to a tenth until it has settled',
    (_, cellV) => {
      const r = oneSilent(equal());
      r.pass(100, ['a']);
      const far = () => reading({ cellV });
      r.hear('b', far());
      expect(r.state().notices.join()).toContain('the string of b was last seen at another voltage');
      for (let s = 0; s < 12; s += 2) {
        r.tick(2000);
        r.hear('a');
        r.hear('b', far());
      }
      expect(r.state().notices.join()).toContain('came back at another voltage: limits are cut');
      expect(r.state().signals.faults).toContain('aggregation_conflict');
      expect(limits(r.state())[0]).toBeLessThanOrEqual(9.5);
      expect(r.state().reasons.chargeCurrent[0]).toMatchObject({
        rule: 'came back at another voltage',
        pack: 'b',
      });
      expect(limits(r.pass(80, ['a', 'b'], moving()))[0]).toBe(95);
    },
  );
});

describe('strings that contradict one another', () => {
  test('opposite signs for ten minutes make a sign suspect', () => {
    const r = room(equal());
    let ah = 50;
    for (let s = 0; s < 620; s += 2) {
      ah -= 0.01;
      r.hear('a', reading({ currentA: -10, remainingCapacityAh: ah }));
      r.hear('b', reading({ currentA: 10, remainingCapacityAh: ah }));
      r.tick(2000);
    }
    expect(r.state().notices.join()).toContain('sign_suspect: the string of a');
    expect(r.state().signals.faults).toContain('aggregation_conflict');
  });
});

describe('a shunt', () => {
  test('is the current while it speaks; silent, the sum of the packs takes its place with a notice', () => {
    const r = room(equal({ hasShunt: true }));
    r.shunt(-25);
    r.hearAll();
    expect(r.look().signals).toMatchObject({ currentA: -25, discharging: true });
    const lost = r.pass(20, ['a', 'b'], moving());
    expect(lost.signals.currentA).toBe(-20);
    expect(lost.notices).toContain('the shunt does not speak: the current is the sum of the packs');
  });
});

test('a shunt that speaks from the future is not believed', () => {
  const r = room(equal({ hasShunt: true }));
  r.wait(5000);
  r.shunt(-25);
  r.wait(-5000);
  expect(r.hearAll().signals.currentA).toBe(-20);
});

/** A pack whose charge moves, as it does under a current. */
function moving() {
  let ah = 50;
  return () => {
    ah -= 0.01;
    return reading({ remainingCapacityAh: ah });
  };
}
