import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { usualHabits } from '../../src/bank/charge-habits.ts';
import { begun, stepCourse } from '../../src/bank/course.ts';
import { taper } from '../../src/bank/curve.ts';
import { packCvl } from '../../src/bank/cvl.ts';
import { bankOf, pack, reading, room } from './room.ts';

const allowed = (limitA: number, more = {}) => ({
  limitA,
  baseA: 100,
  released: true,
  isLate: false,
  ...more,
});

describe('a current limit on its course', () => {
  test('case I: from zero it waits 30 s, then rises 5 A a second, 100 A at 50 s', () => {
    let course = begun(0, 0);
    const told: number[] = [];
    for (let s = 1; s <= 51; s++) {
      course = stepCourse(course, allowed(100), s * 1000);
      told.push(course.toldA);
    }
    expect([told[28], told[29], told[30], told[31], told[48], told[49], told[50]]).toEqual([
      0, 0, 5, 10, 95, 100, 100,
    ]);
  });

  test('goes down at once, however short the dip', () => {
    const dipped = stepCourse(begun(100, 0), allowed(12.3), 10);
    expect(dipped.toldA).toBe(12.3);
    expect(stepCourse(dipped, allowed(100), 29_000).toldA).toBe(12.3);
  });

  test('leaves zero only above 1.5 % of the base, and only when the cell has let go', () => {
    const zero = begun(0, 0);
    expect(stepCourse(zero, allowed(1.4), 60_000).toldA).toBe(0);
    expect(stepCourse(zero, allowed(50, { released: false }), 60_000).toldA).toBe(0);
    expect(stepCourse(zero, allowed(50), 60_000).toldA).toBeGreaterThan(0);
  });

  test('in any history it is never above what is allowed, and never rises more than 5 A a second', () => {
    const step = fc.record({
      ms: fc.integer({ min: 1, max: 5000 }),
      limitA: fc.integer({ min: 0, max: 200 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let nowMs = 0;
        let course = begun(100, 0);
        for (const { ms, limitA } of steps) {
          nowMs += ms;
          const next = stepCourse(course, allowed(limitA), nowMs);
          expect(next.toldA).toBeLessThanOrEqual(limitA);
          expect(next.toldA - course.toldA).toBeLessThanOrEqual(5 * Math.ceil(ms / 1000) + 1e-9);
          course = next;
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('CVL', () => {
  test('case J: one high cell takes its excess off the voltage of the pack', () => {
    expect(packCvl([3.4, 3.4, 3.4, 3.52], 3.45, 3.375)).toBeCloseTo(13.65, 9);
    expect(packCvl([3.4, 3.4, 3.4, 3.44], 3.45, 3.375)).toBeCloseTo(13.8, 9);
  });

  test('falls at once for a high cell, holds a minute, and climbs back a millivolt a second', () => {
    const r = room(bankOf([[pack('a')]]));
    const high = reading({ cellV: 3.4, cellVoltagesV: [...Array(15).fill(3.4), 3.52] });
    const calm = reading({ cellV: 3.4 });
    expect(r.hear('a', calm).signals.chargeVoltageLimitV).toBeCloseTo(55.2, 6);
    r.tick(1000);
    const cut = r.hear('a', high);
    expect(cut.signals.chargeVoltageLimitV).toBeCloseTo(54.45, 6);
    expect(cut.reasons.chargeVoltage[0]).toMatchObject({
      rule: 'high cell',
      pack: 'a',
      cell: 16,
      measured: 3.52,
    });
    r.tick(1000);
    expect(r.hear('a', calm).signals.chargeVoltageLimitV).toBeCloseTo(54.45, 6);
    const later = r.pass(160, ['a'], () => calm).signals.chargeVoltageLimitV ?? 0;
    expect(later).toBeGreaterThan(54.53);
    expect(later).toBeLessThan(54.57);
  });

  test('is never below DVL, whatever the stage asks and the envelope leaves', () => {
    const envelope = { chargeCurrentA: 100, dischargeCurrentA: 100, cellMaxV: 3.6, cellMinV: 3.4 };
    const { signals } = room(
      bankOf([[pack('a')]], { envelope, habits: { ...usualHabits, bulkV: 3.35 } }),
    ).hear('a');
    expect(signals.chargeVoltageLimitV).toBeCloseTo(54.4, 9);
    expect(signals.dischargeVoltageLimitV).toBeCloseTo(54.4, 9);
  });

  test('that the envelope holds below the bulk voltage still ends a charge: full is what may be reached', () => {
    const envelope = { chargeCurrentA: 100, dischargeCurrentA: 100, cellMaxV: 3.4, cellMinV: 2.8 };
    const r = room(bankOf([[pack('a')]], { envelope }));
    const top = () => reading({ cellV: 3.398, socPct: 99, currentA: 0.5 });
    r.hear('a', top());
    expect(r.state().stage).toBe('absorption');
    expect(r.pass(20, ['a'], top)).toMatchObject({ stage: 'float', signals: { socToldPct: 100 } });
  });

  test('is that of the string that asks for least, and counts its packs for themselves', () => {
    const r = room(bankOf([[pack('a', { cells: 8 }), pack('b', { cells: 8 })], [pack('c')]]));
    const eight = reading({ cells: 8, cellV: 3.4, cellVoltagesV: [...Array(7).fill(3.4), 3.5] });
    r.hear('a', eight);
    r.hear('b', reading({ cells: 8, cellV: 3.4 }));
    const { signals } = r.hear('c', reading({ cellV: 3.4 }));
    expect(signals.chargeVoltageLimitV).toBeCloseTo(8 * 3.4 + 0.1 - 0.05 + 8 * 3.45, 6);
  });
});

test('case H: the smooth taper leaves 0.780 half way and nothing at its end', () => {
  expect(taper(3.45, 3.35, 3.55)).toBeCloseTo(0.78, 3);
  expect([taper(3.3, 3.35, 3.55), taper(3.55, 3.35, 3.55), taper(3.6, 3.35, 3.55)]).toEqual([1, 0, 0]);
  expect(taper(2.9, 3.1, 2.7)).toBeCloseTo(0.78, 3); // mirrored for discharge
});
