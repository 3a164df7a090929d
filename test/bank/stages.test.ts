import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChargeHabits, type ChargeVoltages, usualHabits } from '../../src/bank/charge-habits.ts';
import { type Charge, type ChargeView, newCharge, stageCellV, stepCharge } from '../../src/bank/stages.ts';
import { between } from '../between.ts';

// Bank reference, section 5, with its LFP voltages.
const lfp: ChargeVoltages = {
  bulkV: 3.45,
  floatV: 3.375,
  rebulkV: 3.31,
  tail: { startV: 3.37, fullV: 3.65 },
};
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A 100 Ah bank on its way up, at 40 A. */
const filling: Omit<ChargeView, 'targetCellV'> = {
  meanCellV: 3.36,
  highestCellV: 3.365,
  spreadV: 0.008,
  lowestMeanCellV: 3.36,
  currentA: 40,
  capacityAh: 100,
  socPct: 85,
};
/** At the top, still taking 20 A, cells together. */
const atTop = { ...filling, meanCellV: 3.445, highestCellV: 3.449, lowestMeanCellV: 3.445, currentA: 20 };
/** At the top, nearly no current: what flows is worth less than 1.4 A of tail. */
const atTail = { ...atTop, currentA: 1, socPct: 99 };
const afterwards = {
  ...filling,
  meanCellV: 3.37,
  highestCellV: 3.372,
  lowestMeanCellV: 3.37,
  currentA: 0,
  socPct: 100,
};

/** A charge under a hand-cranked clock, one step a second. The inverter is asked for what the stage asks. */
function charging(habits: Partial<ChargeHabits> = {}, begin: Charge = newCharge) {
  const all = { ...usualHabits, ...habits };
  let charge = begin;
  const step = (view: Omit<ChargeView, 'targetCellV'>, passedMs = 1000) => {
    const targetCellV = stageCellV(charge, lfp, all);
    charge = stepCharge(charge, { ...view, targetCellV }, lfp, all, passedMs);
    return charge;
  };
  return {
    step,
    /** The same view for so many seconds; days are cranked in the largest steps that count. */
    pass(seconds: number, view: Omit<ChargeView, 'targetCellV'>) {
      const everyS = seconds >= 4 * HOUR ? 5 : 1;
      for (let s = 0; s < seconds; s += everyS) step(view, everyS * 1000);
      return charge;
    },
    now: () => charge,
    asksV: () => stageCellV(charge, lfp, all),
  };
}

const absorbing = (habits: Partial<ChargeHabits> = {}) => {
  const bank = charging(habits);
  bank.step(atTop);
  expect(bank.now().stage).toBe('absorption');
  return bank;
};

const full = (habits: Partial<ChargeHabits> = {}) => {
  const bank = absorbing(habits);
  bank.pass(11, atTail);
  expect(bank.now()).toMatchObject({ stage: habits.afterFull ?? 'float', full: true });
  return bank;
};

describe('in bulk', () => {
  test('a bank that is filling asks for the bulk voltage and is not full, whatever its SoC says', () => {
    const bank = charging();
    bank.pass(MINUTE, { ...filling, socPct: 100 });
    expect(bank.now()).toMatchObject({ stage: 'bulk', full: false });
    expect(bank.asksV()).toBe(3.45);
  });

  test('absorption begins 0.03 V a cell below the target, not a count earlier', () => {
    expect(charging().step({ ...filling, meanCellV: 3.419 }).stage).toBe('bulk');
    expect(charging().step({ ...filling, meanCellV: 3.42 }).stage).toBe('absorption');
  });

  test('one cell at the target begins it, however low the others are', () => {
    expect(charging().step({ ...filling, highestCellV: 3.449, spreadV: 0.1 }).stage).toBe('bulk');
    expect(charging().step({ ...filling, highestCellV: 3.45, spreadV: 0.1 }).stage).toBe('absorption');
  });
});

describe('in absorption', () => {
  test('15 minutes with the cells together end it, with current still flowing', () => {
    const bank = absorbing();
    expect(bank.pass(15 * MINUTE - 1, { ...atTop, socPct: 98 })).toMatchObject({
      stage: 'absorption',
      full: false,
    });
    expect(bank.step({ ...atTop, socPct: 98 })).toMatchObject({ stage: 'float', full: true, sinceFullMs: 0 });
    expect(bank.asksV()).toBe(3.375);
  });

  test('the time stands still while the cells are 11 to 13 mV apart and begins anew beyond', () => {
    const bank = absorbing();
    bank.pass(MINUTE, atTop);
    bank.pass(MINUTE, { ...atTop, spreadV: 3.458 - 3.445 });
    expect(bank.now().togetherMs).toBe(60_000);
    bank.step({ ...atTop, spreadV: 0.014 });
    expect(bank.now().togetherMs).toBe(0);
  });

  test('ten millivolt counts are together, even where subtraction makes a little more of them', () => {
    const bank = absorbing();
    expect(3.455 - 3.445).toBeGreaterThan(0.01);
    bank.pass(MINUTE, { ...atTop, spreadV: 3.455 - 3.445 });
    expect(bank.now().togetherMs).toBe(60_000);
  });

  test('a fall of 0.5 V at 16 cells cancels it, and its times begin anew', () => {
    const bank = absorbing();
    bank.pass(14 * MINUTE, atTop);
    bank.step({ ...atTop, meanCellV: 3.419, highestCellV: 3.419 });
    expect(bank.now()).toMatchObject({ stage: 'absorption' });
    bank.step({ ...atTop, meanCellV: 3.4187, highestCellV: 3.4187 });
    expect(bank.now()).toMatchObject({ stage: 'bulk', togetherMs: 0, stageMs: 0 });
    bank.pass(14 * MINUTE, atTop);
    expect(bank.now()).toMatchObject({ stage: 'absorption', full: false });
  });

  test('a voltage that swings over the edge never makes a full bank', () => {
    const bank = charging();
    for (let swings = 0; swings < 1000; swings++) {
      bank.pass(9, { ...atTail, meanCellV: 3.421, highestCellV: 3.421 });
      bank.pass(1, { ...atTail, meanCellV: 3.417, highestCellV: 3.417 });
      expect(bank.now()).toMatchObject({ stage: 'bulk', full: false });
    }
  });

  test('a single high cell holds it: no swinging between bulk and absorption', () => {
    const bank = charging();
    const runner = { ...filling, highestCellV: 3.452, spreadV: 0.09 };
    bank.step(runner);
    bank.pass(MINUTE, runner);
    bank.pass(MINUTE, { ...runner, highestCellV: 3.44 });
    expect(bank.now()).toMatchObject({ stage: 'absorption', stageMs: 120_000 });
    bank.step({ ...runner, highestCellV: 3.41 });
    expect(bank.now().stage).toBe('bulk');
  });
});

describe('the tail current', () => {
  test('of less than the cells would show at rest ends the charge after ten seconds', () => {
    const bank = absorbing();
    expect(bank.pass(9, atTail).stage).toBe('absorption');
    expect(bank.step(atTail)).toMatchObject({ stage: 'float', full: true });
  });

  test('counts by the resistance 0.28 V at 0.05 C: 100 Ah at 3.449 V end below 1.41 A', () => {
    expect(absorbing().pass(MINUTE, { ...atTail, currentA: 1.42 }).stage).toBe('absorption');
    expect(absorbing().pass(MINUTE, { ...atTail, currentA: 1.4 }).stage).toBe('float');
  });

  test('must hold without a break', () => {
    const bank = absorbing();
    for (let clouds = 0; clouds < 20; clouds++) {
      bank.pass(9, atTail);
      bank.step(atTop);
    }
    expect(bank.now().stage).toBe('absorption');
  });

  test('waits for cells that are apart, 30 minutes at most, and then only while it holds', () => {
    const apart = { ...atTail, spreadV: 0.04 };
    const bank = absorbing();
    expect(bank.pass(30 * MINUTE, apart).stage).toBe('absorption');
    bank.step({ ...apart, currentA: 20 });
    expect(bank.pass(9, apart).stage).toBe('absorption');
    expect(bank.step(apart)).toMatchObject({ stage: 'float', full: true, timedOut: false });
  });

  test('says nothing of a bank whose capacity nobody knows', () => {
    expect(absorbing().pass(14 * MINUTE, { ...atTail, capacityAh: undefined }).stage).toBe('absorption');
  });

  test('is not told by a load: 5 A drawn from cells at 3.36 V do not show that they are full', () => {
    const low = { ...atTail, meanCellV: 3.358, highestCellV: 3.36, lowestMeanCellV: 3.358, currentA: -5 };
    const bank = charging({ bulkV: 3.38 });
    expect(bank.pass(MINUTE, low).stage).toBe('absorption');
  });

  test('fills a string with one high cell only if its others are above the rebulk voltage', () => {
    const low = { ...atTail, meanCellV: 3.3, lowestMeanCellV: 3.3, highestCellV: 3.45, spreadV: 0.15 };
    expect(absorbing().pass(HOUR, low)).toMatchObject({ stage: 'absorption', stageMs: HOUR * 1000 });
  });
});

describe('a bank that never gets full', () => {
  const never = { ...atTop, spreadV: 0.05, currentA: 5 };

  test('goes to float after four hours, not full, and says so until a charge ends by its cells', () => {
    const bank = absorbing();
    expect(bank.pass(4 * HOUR - 5, never).stage).toBe('absorption');
    bank.step(never, 5000);
    expect(bank.now()).toMatchObject({ stage: 'float', full: false, timedOut: true });
    expect(bank.now().sinceFullMs).toBeGreaterThan(4 * HOUR * 1000);
    bank.step({ ...filling, socPct: 79 });
    bank.step(atTop);
    expect(bank.now()).toMatchObject({ stage: 'absorption', timedOut: true });
    expect(bank.pass(10, atTail)).toMatchObject({ full: true, timedOut: false });
  });

  test('does not begin again because of the spread that kept it', () => {
    const bank = absorbing();
    bank.pass(4 * HOUR, { ...never, spreadV: 0.09 });
    expect(bank.now().timedOut).toBe(true);
    expect(bank.pass(HOUR, { ...afterwards, spreadV: 0.09 }).stage).toBe('float');
  });
});

describe('full', () => {
  test('lasts down to 97 % and does not come back by itself', () => {
    const bank = full();
    expect(bank.pass(MINUTE, { ...afterwards, socPct: 97 }).full).toBe(true);
    expect(bank.step({ ...afterwards, socPct: 96.9 })).toMatchObject({ stage: 'float', full: false });
    expect(bank.pass(MINUTE, { ...afterwards, socPct: 99 }).full).toBe(false);
  });

  test('is not claimed of a BMS that says 70 % at the end of a charge, and that 70 % charges nothing anew', () => {
    const bank = absorbing();
    const drifted = { ...atTail, socPct: 70 };
    bank.pass(10, drifted);
    expect(bank.now()).toMatchObject({ stage: 'float', full: false, sinceFullMs: 0 });
    expect(bank.pass(HOUR, { ...afterwards, socPct: 68 }).stage).toBe('float');
    bank.step({ ...afterwards, socPct: 82 });
    expect(bank.step({ ...afterwards, socPct: 79.9 }).stage).toBe('bulk');
  });

  test('becomes stop for an inverter without float: it is asked for the rebulk voltage', () => {
    const bank = full({ afterFull: 'stop' });
    expect(bank.asksV()).toBe(3.31);
    expect(bank.pass(MINUTE, { ...afterwards, lowestMeanCellV: 3.32 }).stage).toBe('stop');
    expect(bank.step({ ...afterwards, lowestMeanCellV: 3.31 })).toMatchObject({ stage: 'bulk', full: false });
  });

  test('takes up a habit that changed while the bank rests', () => {
    const after = charging({ afterFull: 'stop' }, full().now());
    expect(after.step(afterwards)).toMatchObject({ stage: 'stop', full: true });
  });
});

describe('a charged bank is charged again', () => {
  const again: readonly [string, Partial<ChargeView>, Partial<ChargeView>][] = [
    ['below 80 %', { socPct: 80 }, { socPct: 79.9 }],
    ['with cells 80 mV apart', { spreadV: 0.079 }, { spreadV: 3.413 - 3.333 }],
    [
      'when the lowest string has sunk to 3.31 V a cell',
      { lowestMeanCellV: 3.311 },
      { lowestMeanCellV: 3.31 },
    ],
  ];

  test.each(again)('%s', (_, before, after) => {
    const bank = full();
    expect(bank.pass(MINUTE, { ...afterwards, ...before }).stage).toBe('float');
    expect(bank.step({ ...afterwards, ...after })).toMatchObject({ stage: 'bulk', full: false });
  });

  test('never by days, if the installer did not ask for it', () => {
    expect(full().pass(40 * DAY, afterwards).stage).toBe('float');
  });

  test('after the days that the installer chose, counted while running', () => {
    const bank = full({ rechargeEveryDays: 2 });
    expect(bank.pass(2 * DAY - 5, afterwards).stage).toBe('float');
    expect(bank.step(afterwards, 5000).stage).toBe('bulk');
  });

  test('a spread that swings about 80 mV just after the end begins nothing until it was below 70 mV', () => {
    const bank = absorbing();
    bank.pass(31 * MINUTE, { ...atTail, spreadV: 0.085 });
    expect(bank.now()).toMatchObject({ stage: 'float', excused: ['spread'] });
    for (const spreadV of [0.079, 0.081, 0.075, 0.082]) {
      expect(bank.step({ ...afterwards, spreadV }).stage).toBe('float');
    }
    bank.step({ ...afterwards, spreadV: 0.069 });
    expect(bank.step({ ...afterwards, spreadV: 0.08 }).stage).toBe('bulk');
  });

  test('SoC that swings about 80 % begins one charge, not many', () => {
    const bank = full();
    const stages = new Set<string>();
    bank.step({ ...afterwards, socPct: 79.9 });
    for (let swings = 0; swings < 100; swings++) {
      stages.add(bank.step({ ...afterwards, socPct: swings % 2 ? 79.9 : 80.1 }).stage);
    }
    expect([...stages]).toEqual(['bulk']);
  });
});

describe('an installer who wants long life, 3.40 V a cell', () => {
  const habits = { bulkV: 3.4 };
  const atLongLife = {
    ...atTail,
    meanCellV: 3.398,
    highestCellV: 3.4,
    lowestMeanCellV: 3.398,
    currentA: 0.2,
  };
  const used = { ...filling, socPct: 79 };
  const cycle = (bank: ReturnType<typeof charging>) => {
    bank.step(used);
    bank.step(filling);
    const askedV = bank.asksV();
    const top = askedV > 3.4 ? atTail : atLongLife;
    bank.pass(12, top);
    return askedV;
  };

  test('has usual charges to 3.40 V and after 10 days one to 3.45 V, balanced', () => {
    const bank = charging(habits);
    expect(cycle(bank)).toBe(3.4);
    expect(bank.now()).toMatchObject({ stage: 'float', full: true });
    expect(bank.now().sinceBalancedMs).toBe(14_000);
    bank.pass(10 * DAY, afterwards);
    expect(bank.now()).toMatchObject({ stage: 'bulk', balancing: true });
    expect(bank.asksV()).toBe(3.45);
    expect(cycle(bank)).toBe(3.45);
    expect(bank.now()).toMatchObject({ stage: 'float', balancing: false });
    expect(bank.now().sinceBalancedMs).toBeLessThan(60_000);
    expect(cycle(bank)).toBe(3.4);
  });

  test('sees the balancing charge go on until the cells are within 25 mV', () => {
    const bank = charging(habits, { ...newCharge, sinceBalancedMs: 10 * DAY * 1000 });
    bank.pass(2, filling);
    bank.pass(HOUR, { ...atTail, spreadV: 0.025 });
    expect(bank.now()).toMatchObject({ stage: 'absorption', balancing: true });
    expect(bank.step({ ...atTail, spreadV: 0.024 })).toMatchObject({ stage: 'float', sinceBalancedMs: 0 });
  });

  test('has it tried again in the next charge, or after a day, if the guard ended it', () => {
    const bank = charging(habits, { ...newCharge, sinceBalancedMs: 10 * DAY * 1000 });
    bank.pass(2, filling);
    bank.pass(4 * HOUR + 5, { ...atTail, spreadV: 0.05 });
    expect(bank.now()).toMatchObject({ stage: 'float', timedOut: true, balancing: false });
    expect(bank.pass(DAY - 10, afterwards).stage).toBe('float');
    bank.pass(10, afterwards);
    expect(bank.now()).toMatchObject({ stage: 'bulk', balancing: true });
  });

  test('may forbid it, move it and set its days', () => {
    const due = { ...newCharge, sinceBalancedMs: 10 * DAY * 1000 };
    const askedV = (more: Partial<ChargeHabits>) => {
      const bank = charging({ ...habits, ...more }, due);
      bank.step(filling);
      return bank.asksV();
    };
    expect(askedV({})).toBe(3.45);
    expect(askedV({ balanceEveryDays: 'never' })).toBe(3.4);
    expect(askedV({ balanceEveryDays: 11 })).toBe(3.4);
    expect(askedV({ balanceV: 3.5 })).toBe(3.5);
    expect(askedV({ balanceV: 3.2 })).toBe(3.4);
  });
});

describe('voltages that an installer mixes up', () => {
  test('never float above bulk, nor recharge a bank by the voltage it rests at', () => {
    const low = full({ floatV: 3.5 });
    expect(low.asksV()).toBe(3.45);
    const floor = full({ floatV: 3.3 });
    expect(floor.asksV()).toBe(3.3);
    expect(floor.pass(MINUTE, { ...afterwards, meanCellV: 3.3, lowestMeanCellV: 3.3 }).stage).toBe('float');
  });
});

describe('time', () => {
  test('goes on where a restart found it, in the middle of an absorption', () => {
    const before = absorbing();
    before.pass(14 * MINUTE, atTop);
    const stored: Charge = JSON.parse(JSON.stringify(before.now()));
    expect(stored).toEqual(before.now());
    const after = charging({}, stored);
    expect(after.pass(MINUTE - 1, atTop).stage).toBe('absorption');
    expect(after.step(atTop).stage).toBe('float');
  });

  test('that a stall swallowed counts 5 s at most, and a clock that steps back counts nothing', () => {
    const bank = absorbing();
    bank.step(atTop, 3_600_000);
    expect(bank.now()).toMatchObject({ stage: 'absorption', togetherMs: 5000, stageMs: 5000 });
    bank.step(atTop, -1000);
    bank.step(atTop, Number.NaN);
    expect(bank.now()).toMatchObject({ togetherMs: 5000, stageMs: 5000 });
  });
});

/** 16 like cells of 100 Ah and 1 mΩ behind an inverter that gives up to 50 A and holds the voltage it is asked for. */
function simulated(habits: Partial<ChargeHabits> = {}) {
  const curve = [
    [0, 2.8],
    [5, 3.1],
    [15, 3.22],
    [60, 3.29],
    [95, 3.335],
    [98.5, 3.35],
    [99.5, 3.385],
    [100, 3.46],
  ] as const;
  const restV = (pct: number): number => {
    const after = Math.max(
      1,
      curve.findIndex(([at]) => pct <= at),
    );
    const [[x0, v0], [x1, v1]] = [curve[after - 1] ?? curve[0], curve[after] ?? curve[1]];
    return v0 + ((v1 - v0) * (pct - x0)) / (x1 - x0);
  };
  const bank = charging(habits);
  let socPct = 60;
  return {
    second(loadA: number) {
      const currentA = loadA > 0 ? -loadA : Math.min(50, Math.max(0, (bank.asksV() - restV(socPct)) / 0.001));
      socPct = Math.min(100, socPct + currentA / 3600);
      const cellV = restV(socPct) + currentA * 0.001;
      const cells = { meanCellV: cellV, lowestMeanCellV: cellV, highestCellV: cellV + 0.004, spreadV: 0.008 };
      return bank.step({ ...cells, currentA, capacityAh: 100, socPct });
    },
    socPct: () => socPct,
  };
}

describe('a day of a simulated bank', () => {
  test('is bulk, absorption, float; full above 99 %; and bulk again only when the evening has drawn it down', () => {
    const day = simulated();
    const seen: string[] = [];
    const hour = (loadA: number, hours: number) => {
      for (let s = 0; s < hours * HOUR; s++) {
        const { stage, full: isFull } = day.second(loadA);
        if (seen.at(-1) !== stage) seen.push(stage);
        if (isFull) expect(day.socPct()).toBeGreaterThanOrEqual(97);
      }
    };
    hour(0, 3);
    expect(seen).toEqual(['bulk', 'absorption', 'float']);
    expect(day.socPct()).toBeGreaterThan(99);
    hour(10, 1);
    expect(seen.at(-1)).toBe('float');
    hour(10, 2);
    expect(seen).toEqual(['bulk', 'absorption', 'float', 'bulk']);
  });
});

const volts = fc.oneof(fc.constantFrom(3.31, 3.375, 3.42, 3.45), between(3.2, 3.6));
const anyView: fc.Arbitrary<ChargeView> = fc.record({
  meanCellV: volts,
  targetCellV: volts,
  highestCellV: volts,
  spreadV: fc.oneof(fc.constant(0.004), between(0, 0.1)),
  lowestMeanCellV: volts,
  currentA: between(-50, 50),
  capacityAh: fc.constantFrom(undefined, 0, 100),
  socPct: between(0, 100),
});
const anyPassed = fc.oneof(fc.constantFrom(5000, 1000, Number.NaN, -1, 1e12), fc.double());
const anyHabits: fc.Arbitrary<ChargeHabits> = fc.record({
  absorptionMs: fc.constantFrom(3000, 900_000),
  afterFull: fc.constantFrom('float', 'stop'),
  forceCharge: fc.constant(usualHabits.forceCharge),
  balanceEveryDays: fc.constantFrom('never' as const, 0, 10),
});

describe('whatever a bank does', () => {
  const isTime = (ms: number) => Number.isFinite(ms) && ms >= 0;

  test('its charge stays legal: a stage we know, times that are times, a voltage between rebulk and balancing', () => {
    const stays = fc.property(anyHabits, fc.array(fc.tuple(anyView, anyPassed)), (habits, views) => {
      let charge = newCharge;
      for (const [view, passedMs] of views) {
        charge = stepCharge(charge, view, lfp, habits, passedMs);
        expect(['bulk', 'absorption', 'float', 'stop']).toContain(charge.stage);
        const { stageMs, togetherMs, tailMs, endingMs, sinceFullMs, sinceBalancedMs } = charge;
        expect([stageMs, togetherMs, tailMs, endingMs, sinceFullMs, sinceBalancedMs].every(isTime)).toBe(
          true,
        );
        expect(stageCellV(charge, lfp, habits)).toBeGreaterThanOrEqual(lfp.rebulkV);
        expect(stageCellV(charge, lfp, habits)).toBeLessThanOrEqual(lfp.bulkV);
      }
    });
    fc.assert(stays, { numRuns: 300 });
  });

  test('it is full only from the end of an absorption on, and never in bulk or absorption', () => {
    // Steps that dwell: each view lasts long enough for an end of charge to come about.
    const dwelling = fc.array(fc.tuple(anyView, fc.integer({ min: 1, max: 8 })), { maxLength: 30 });
    let ends = 0;
    const holds = fc.property(anyHabits, dwelling, (habits, views) => {
      let charge = newCharge;
      for (const [view, times] of views) {
        for (let i = 0; i < times; i++) {
          const was = charge;
          charge = stepCharge(was, view, lfp, habits, 5000);
          if (!charge.full) continue;
          expect(charge.stage).toBe(habits.afterFull);
          expect(view.socPct).toBeGreaterThanOrEqual(97);
          if (!was.full) expect([was.stage, charge.sinceFullMs]).toEqual(['absorption', 0]);
          if (!was.full) ends++;
        }
      }
    });
    fc.assert(holds, { numRuns: 1000 });
    expect(ends).toBeGreaterThan(0);
  });
});
