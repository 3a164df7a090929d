import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { usualHabits } from '../../src/bank/charge-habits.ts';
import { askedFor, noRequests, type Requests, stepRequests } from '../../src/bank/requests.ts';
import { between } from '../between.ts';

const DAY_S = 24 * 3600;
const healthy = { socPct: 50, lowestCellV: 3.2, underVoltageV: 2.5 };

/** What a bank asks for under a hand-cranked clock. */
function asking(begin: Requests = noRequests) {
  let requests = begin;
  const step = (view: Partial<typeof healthy>, passedMs = 1000) => {
    requests = stepRequests(requests, { ...healthy, ...view }, usualHabits, passedMs);
    return askedFor(requests);
  };
  return {
    step,
    pass(seconds: number, view: Partial<typeof healthy>) {
      for (let s = 0; s < seconds; s += 5) step(view, 5000);
      return askedFor(requests);
    },
    now: () => requests,
  };
}

const nothing = { forceCharge1: false, forceCharge2: false, fullChargeRequest: false };
const early = { ...nothing, forceCharge2: true };
const urgent = { ...early, forceCharge1: true };

describe('a bank that runs empty', () => {
  test('asks early at 10 %, urgently at 5 %, and both up to 20 %', () => {
    const bank = asking();
    const heard = [11, 10, 6, 5, 12, 19.9, 20].map((socPct) => bank.step({ socPct }));
    expect(heard).toEqual([nothing, early, early, urgent, urgent, urgent, nothing]);
  });

  test('does not ask again between 10 % and 20 % on its way down', () => {
    const bank = asking();
    expect([20, 19.9, 15, 10.1].map((socPct) => bank.step({ socPct }))).toEqual(Array(4).fill(nothing));
  });

  test('asks steadily while SoC swings about a threshold', () => {
    const bank = asking();
    bank.step({ socPct: 10 });
    for (let i = 0; i < 50; i++) expect(bank.step({ socPct: i % 2 ? 10.2 : 9.8 })).toEqual(early);
    bank.step({ socPct: 20 });
    for (let i = 0; i < 50; i++) expect(bank.step({ socPct: i % 2 ? 20.2 : 19.8 })).toEqual(nothing);
  });

  test('asks urgently by its lowest cell, 0.10 V above the trip point, whatever SoC says', () => {
    expect(asking().step({ socPct: 40, lowestCellV: 2.61 })).toEqual(nothing);
    expect(asking().step({ socPct: 40, lowestCellV: 2.6 })).toEqual(urgent);
  });

  test('takes a cell’s request back only when the cell is well clear and SoC is past the stop', () => {
    const bank = asking();
    bank.step({ socPct: 15, lowestCellV: 2.55 });
    expect(bank.step({ socPct: 15, lowestCellV: 3.1 })).toEqual(urgent);
    expect(bank.step({ socPct: 30, lowestCellV: 2.8 })).toEqual(urgent);
    expect(bank.step({ socPct: 30, lowestCellV: 2.81 })).toEqual(nothing);
  });
});

describe('a bank that was not full for long', () => {
  test('asks for a full charge after 30 days of running, until it is at 97 %', () => {
    const bank = asking();
    expect(bank.pass(30 * DAY_S - 5, { socPct: 96.9 })).toEqual(nothing);
    expect(bank.step({ socPct: 96.9 }, 5000)).toEqual({ ...nothing, fullChargeRequest: true });
    expect(bank.step({ socPct: 96.9 })).toEqual({ ...nothing, fullChargeRequest: true });
    expect(bank.step({ socPct: 97 })).toEqual(nothing);
    expect(bank.step({ socPct: 96.9 })).toEqual(nothing);
  });

  test('does not count a stall as running, nor forget its days over a restart', () => {
    const bank = asking();
    bank.step({}, 40 * DAY_S * 1000);
    expect(bank.now().sinceHighSocMs).toBe(5000);
    const again = asking(JSON.parse(JSON.stringify(bank.now())));
    again.step({}, 1000);
    expect(again.now().sinceHighSocMs).toBe(6000);
  });
});

test('whatever a bank does, urgent is also early, nothing is asked of a healthy one, and its time is a time', () => {
  const anyView = fc.record({
    socPct: between(0, 100),
    lowestCellV: between(2.4, 3.6),
  });
  const holds = fc.property(fc.array(fc.tuple(anyView, fc.double())), (views) => {
    const bank = asking();
    for (const [view, passedMs] of views) {
      const { forceCharge1, forceCharge2 } = bank.step(view, passedMs);
      if (forceCharge1) expect(forceCharge2).toBe(true);
      if (view.socPct >= 20 && view.lowestCellV > 2.8) expect(forceCharge2).toBe(false);
      expect(bank.now().sinceHighSocMs).toBeGreaterThanOrEqual(0);
    }
  });
  fc.assert(holds, { numRuns: 300 });
});
