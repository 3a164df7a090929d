import { describe, expect, test } from 'vitest';
import { along } from '../../src/bank/curve.ts';
import { bankOf, once, pack, reading } from './room.ts';

describe('two packs in parallel', () => {
  const two = bankOf([[pack('a')], [pack('b')]]);

  test('case A: equal packs give the mean voltage, the summed current and the mean SoC', () => {
    const { signals } = once(two, {
      a: reading({ voltageV: 52.0, currentA: -10, socPct: 40 }),
      b: reading({ voltageV: 52.2, currentA: -14, socPct: 60 }),
    });
    expect(signals).toMatchObject({ currentA: -24, capacityAh: 200, remainingCapacityAh: 100, socPct: 50 });
    expect(signals.voltageV).toBeCloseTo(52.1, 9);
  });

  test('case B: a 100 Ah pack counts a third of a 300 Ah pack', () => {
    const { signals } = once(bankOf([[pack('a')], [pack('b', { capacityAh: 300 })]]), {
      a: reading({ socPct: 100 }),
      b: reading({ socPct: 60 }),
    });
    expect(signals.socPct).toBeCloseTo(70, 9);
    expect(signals.remainingCapacityAh).toBeCloseTo(280, 9);
  });

  test('case E: 50 A and 20 A together are asked for no more than the weaker can share', () => {
    const { signals } = once(bankOf([[pack('a')], [pack('b', { chargeCurrentA: 20 })]]), {
      a: reading(),
      b: reading(),
    });
    expect(signals.chargeCurrentLimitA).toBe(38);
  });

  test('case F: limits follow the shares of unequal packs', () => {
    const { signals } = once(bankOf([[pack('a')], [pack('b', { capacityAh: 300, chargeCurrentA: 90 })]]), {
      a: reading(),
      b: reading(),
    });
    expect(signals.chargeCurrentLimitA).toBe(114);
  });

  test('a pack that opened its charge FET neither limits the other nor bends the voltage', () => {
    const { signals } = once(two, {
      a: reading({ voltageV: 52 }),
      b: reading({ voltageV: 55.9, chargeFet: false, alarms: ['cell_high_voltage'], socPct: 100 }),
    });
    expect(signals).toMatchObject({
      voltageV: 52,
      chargeCurrentLimitA: 50,
      modulesBlockingCharge: 1,
      modulesOnline: 2,
      alarms: [],
      warnings: [],
    });
  });

  test.each([0, 0.4, 1.49])(
    'a cell that reads %s V is charged by nobody: its wire is broken or it is damaged',
    (volts) => {
      const cells = Array(16).fill(3.3).with(4, volts);
      const { signals, reasons } = once(two, { a: reading(), b: reading({ cellVoltagesV: cells }) });
      expect(signals).toMatchObject({ chargeCurrentLimitA: 0, dischargeCurrentLimitA: 0 });
      expect(reasons.chargeCurrent[0]).toMatchObject({
        rule: 'cell without a believable voltage',
        value: 0,
        pack: 'b',
        cell: 5,
        measured: volts,
      });
    },
  );

  test('a full pack that still conducts keeps the bank at zero charge', () => {
    const { signals, reasons } = once(two, { a: reading(), b: reading({ cellV: 3.6 }) });
    expect(signals).toMatchObject({ chargeCurrentLimitA: 0, chargeEnable: false, dischargeEnable: true });
    expect(reasons.chargeCurrent[0]).toMatchObject({
      rule: 'cell at its upper end',
      pack: 'b',
      measured: 3.6,
    });
  });
});

describe('packs in series', () => {
  test('case C: voltages add, one current runs through, SoC never claims what cannot be drawn', () => {
    const readings = { a: reading({ socPct: 90 }), b: reading({ socPct: 80 }) };
    const { signals } = once(bankOf([[pack('a'), pack('b')]]), readings);
    expect(signals).toMatchObject({ currentA: -10, modulesOnline: 1, packsOnline: 2, cellsInSeries: 32 });
    expect(signals.voltageV).toBeCloseTo(105.6, 9);
    expect(signals.socPct).toBeCloseTo(88.889, 3);
    const lowest = once(bankOf([[pack('a'), pack('b')]], { seriesSoc: 'min' }), readings);
    expect(lowest.signals.socPct).toBe(80);
  });

  test('case D: the smaller pack sets the capacity', () => {
    const { signals } = once(bankOf([[pack('a'), pack('b', { capacityAh: 80 })]]), {
      a: reading({ socPct: 50 }),
      b: reading({ socPct: 60 }),
    });
    expect(signals).toMatchObject({ capacityAh: 80, socPct: 60 });
  });

  test('2s2p: modules count strings, packs count BMS units, the limit is that of the weakest pack', () => {
    const { signals } = once(
      bankOf([
        [pack('a'), pack('b', { chargeCurrentA: 40 })],
        [pack('c'), pack('d')],
      ]),
      { a: reading(), b: reading(), c: reading(), d: reading() },
    );
    expect(signals).toMatchObject({
      modulesOnline: 2,
      packsOnline: 4,
      currentA: -20,
      chargeCurrentLimitA: 76,
    });
    expect(signals.chargeVoltageLimitV).toBeCloseTo(110.4, 9);
    expect(signals.dischargeVoltageLimitV).toBeCloseTo(92.8, 9);
  });
});

describe('one pack', () => {
  const one = bankOf([[pack('a', { chargeCurrentA: 100 })]]);

  test('case G: the highest cell and the cold each narrow the limit, the narrower wins and says so', () => {
    const cells = [3.4125, ...Array(15).fill(3.35)];
    const { signals, reasons } = once(one, { a: reading({ cellVoltagesV: cells, temperaturesC: [3.5] }) });
    expect(signals.chargeCurrentLimitA).toBe(15);
    expect(reasons.chargeCurrent[0]).toMatchObject({
      rule: 'highest cell',
      pack: 'a',
      cell: 1,
      measured: 3.4125,
    });
    expect(reasons.chargeCurrent[1]).toMatchObject({ rule: 'temperature', measured: 3.5, value: 37.5 });
  });

  test('the envelope is the last word', () => {
    const held = bankOf([[pack('a')]], {
      envelope: { chargeCurrentA: 12.34, dischargeCurrentA: 7, cellMaxV: 3.4, cellMinV: 3.0 },
    });
    const { signals } = once(held, { a: reading() });
    expect(signals).toMatchObject({ chargeCurrentLimitA: 12.3, dischargeCurrentLimitA: 7 });
    expect(signals.chargeVoltageLimitV).toBeCloseTo(54.4, 9);
    expect(signals.dischargeVoltageLimitV).toBeCloseTo(48, 9);
  });

  test('without a configured limit the share of the envelope is taken, at most 0.5 C, and said to be a guess', () => {
    const { chargeCurrentA, dischargeCurrentA, ...unlimited } = pack('a');
    const state = once(bankOf([[unlimited]]), { a: reading() });
    expect(state.signals.chargeCurrentLimitA).toBe(50);
    expect(state.notices[0]).toContain('is a guess; set `charge_current_A`');
    const trips = once(bankOf([[unlimited]]), { a: reading({ chargeOverCurrentA: 30 }) });
    expect(trips.signals.chargeCurrentLimitA).toBe(27);
  });

  test('SoC is told as 100 only when full is declared, and as 0 only when a pack is empty', () => {
    const told = (r: Parameters<typeof reading>[0]) => once(one, { a: reading(r) }).signals.socToldPct;
    expect(told({ socPct: 100 })).toBe(99.99);
    expect(told({ socPct: 100, cellV: 3.46 })).toBe(99.99); // its charge has not ended yet
    expect(told({ socPct: 100, chargeFet: false })).toBe(100); // the BMS ended it
    expect(told({ socPct: 0.8 })).toBe(1);
    expect(told({ socPct: 0.4 })).toBe(0.4);
    expect(told({ socPct: 0.8, alarms: ['cell_low_voltage'] })).toBe(0.8);
  });
});

test('a curve is held at its ends and straight between its points', () => {
  const curve = [
    [3.4, 0.25],
    [3.425, 0.05],
  ] as const;
  const factors = [3, 3.4, 3.4125, 3.425, 4].map((x) => along(curve, x));
  [0.25, 0.25, 0.15, 0.05, 0.05].forEach((factor, i) => {
    expect(factors[i]).toBeCloseTo(factor, 12);
  });
});
