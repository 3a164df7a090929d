import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jbdUart } from '../../src/bms/jbd.ts';
import { inNotifications, jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { bankCurrentA, type LivingBank, obey, shareCurrent, stepBank } from '../../src/bms/living-bank.ts';
import { DAY_S, houseCurrentA, liveInHouse, PACE } from '../../src/bms/living-house.ts';
import {
  type LivingPack,
  newPack,
  OVER_VOLTAGE,
  readingOf,
  stepPack,
  UNDER_VOLTAGE,
} from '../../src/bms/living-pack.ts';
import { doubts, plausible } from '../../src/bms/plausible.ts';
import { complete, noRound, withAnswer } from '../../src/bms/round.ts';
import { between } from '../between.ts';
import { tell } from './captures.ts';

const packAt = (socPct: number, name = 'a') => newPack({ name, cells: 16, capacityAh: 100, socPct });
const voltages = (packs: readonly LivingPack[]) =>
  packs.flatMap((pack) => readingOf(pack).cellVoltagesV ?? []);
/** Ah in one cell of each pack, and what balancing took out of it. */
const everPut = (pack: LivingPack) => pack.cells.map(({ chargeAh, bledAh }) => chargeAh + bledAh);

describe('a living pack', () => {
  test('counts every ampere-second into every cell', () => {
    const full = stepPack(packAt(50), 36, 100);
    expect(everPut(full).map((ah, i) => ah - (everPut(packAt(50))[i] ?? 0))).toEqual(
      Array(16).fill(expect.closeTo(1, 9)),
    );
  });

  test('has lower voltage under load than at rest, and higher while charging', () => {
    const [load = 0, rest = 0, charge = 0] = [-50, 0, 50].map(
      (amps) => readingOf(stepPack(packAt(50), amps, 1)).voltageV,
    );
    expect(load).toBeLessThan(rest);
    expect(charge).toBeGreaterThan(rest);
  });

  test('warms with the current and cools to the room', () => {
    const warm = stepPack(packAt(50), -80, 3600);
    expect(readingOf(warm).temperaturesC?.[0]).toBeGreaterThan(30);
    expect(readingOf(stepPack(warm, 0, 36_000)).temperaturesC?.[0]).toBeCloseTo(20, 2);
  });

  const charged = (pack: LivingPack, amps: number, steps: number) => {
    let now = pack;
    for (let i = 0; i < steps; i++) now = stepPack(now, amps, 2);
    return now;
  };

  test('opens its charge FET when a cell is full, says so, and closes it when the cell is released', () => {
    const full = charged(packAt(97), 20, 900);
    expect(readingOf(full)).toMatchObject({
      chargeFet: false,
      dischargeFet: true,
      currentA: 0,
      alarms: ['cell_high_voltage'],
    });
    expect(Math.max(...voltages([full]))).toBeGreaterThan(OVER_VOLTAGE.releaseV);
    expect(Math.max(...voltages([full]))).toBeLessThan(OVER_VOLTAGE.tripV);
    expect(readingOf(charged(full, -20, 300))).toMatchObject({ chargeFet: true, currentA: -20, alarms: [] });
  });

  test('opens its discharge FET when a cell is empty, and takes charge all the same', () => {
    const empty = charged(packAt(3), -20, 900);
    expect(readingOf(empty)).toMatchObject({
      dischargeFet: false,
      currentA: 0,
      alarms: ['cell_low_voltage'],
    });
    expect(readingOf(charged(empty, 20, 300))).toMatchObject({
      dischargeFet: true,
      currentA: 20,
      alarms: [],
    });
  });

  test('says what its own BMS would say: a JBD unit carries it over the air', () => {
    const reading = readingOf(stepPack(packAt(99.5), 10, 2));
    const heard = jbdUart
      .requests({})
      .flatMap(
        ({ bytes }) => tell(inNotifications(jbdAnswer(reading, bytes) ?? new Uint8Array()), bytes).answers,
      );
    const read = complete(
      { dialect: jbdUart },
      heard.reduce((round, answer) => withAnswer(round, answer, 0), noRound),
    );
    expect(read?.notices).toEqual([]);
    expect(read?.reading).toMatchObject({ currentA: 10, name: 'a', balancingCells: reading.balancingCells });
    expect(read?.reading.voltageV).toBeCloseTo(reading.voltageV ?? 0, 2);
  });
});

describe('a living bank', () => {
  const soc = between(5, 95);
  const banks = fc
    .array(fc.tuple(soc, soc), { minLength: 1, maxLength: 4 })
    .map((strings): LivingBank => strings.map(([a, b], i) => [packAt(a, `a${i}`), packAt(b, `b${i}`)]));
  const amps = between(-100, 100);

  test('shares the whole current among its strings', () => {
    fc.assert(
      fc.property(banks, amps, (bank, total) => {
        expect(bankCurrentA(stepBank(bank, total, 1))).toBeCloseTo(total, 6);
      }),
    );
  });

  test('does not care in which order its strings stand', () => {
    fc.assert(
      fc.property(banks, amps, (bank, total) => {
        const there = shareCurrent(bank, total);
        const back = shareCurrent(bank.toReversed(), total).toReversed();
        expect(back).toEqual(there.map((share) => expect.closeTo(share, 9)));
      }),
    );
  });

  test('lets the fuller string give more, and fill the emptier at rest', () => {
    const [fuller = 0, emptier = 0] = shareCurrent([[packAt(80)], [packAt(20)]], -20);
    expect(fuller).toBeLessThan(emptier);
    const [gives = 0, takes = 0] = shareCurrent([[packAt(80)], [packAt(20)]], 0);
    expect(gives).toBeLessThan(0);
    expect(takes).toBeCloseTo(-gives, 9);
  });

  test('a string whose pack has opened its FET carries nothing; the other carries all', () => {
    const shut = { ...packAt(50), chargeFet: false };
    expect(
      shareCurrent(
        [
          [packAt(50), shut],
          [packAt(50), packAt(50)],
        ],
        20,
      ),
    ).toEqual([0, expect.closeTo(20, 9)]);
    expect(shareCurrent([[shut]], 20)).toEqual([0]);
  });

  test('an obedient inverter stays inside every limit and never turns the current round', () => {
    const bank = [[packAt(50)]];
    expect(obey(bank, 80, { chargeCurrentLimitA: 30 })).toBe(30);
    expect(obey(bank, -80, { dischargeCurrentLimitA: 25 })).toBe(-25);
    expect(obey(bank, 80, { chargeVoltageLimitV: 40 })).toBe(0);
    expect(obey(bank, -80, { dischargeVoltageLimitV: 60 })).toBeCloseTo(0);
    expect(obey(bank, 80, {})).toBe(80);
    const held = stepBank(bank, (now) => obey(now, 80, { chargeVoltageLimitV: 53 }), 1);
    // The wire to the bus takes the rest of the 53 V.
    expect(readingOf(held[0]?.[0] ?? packAt(0)).voltageV).toBeLessThanOrEqual(53);
  });
});

describe('a day in the house', () => {
  const seconds = Array.from({ length: DAY_S / 2 }, (_, i) => 2 * i);

  test('has hours of charging and hours of discharging, the same every day', () => {
    const currents = seconds.map((s) => houseCurrentA(s));
    expect(Math.max(...currents)).toBeGreaterThan(20);
    expect(Math.min(...currents)).toBeLessThan(-20);
    expect(houseCurrentA(17 + DAY_S)).toBeCloseTo(houseCurrentA(17), 9);
  });

  const start: LivingBank = [
    [newPack({ name: 'a', cells: 4, capacityAh: 100, socPct: 70 })],
    [newPack({ name: 'b', cells: 4, capacityAh: 100, socPct: 40 })],
  ];

  test('conserves charge, and no cell leaves its limits by more than a step, even when nobody limits it', () => {
    let bank = start;
    let putAh = 0;
    const alarms = new Set<string>();
    for (const s of seconds) {
      // The house is too large for this bank, so that both FETs get their day.
      bank = stepBank(
        bank,
        (now) => {
          putAh += (bankCurrentA(now) * 2) / 3600;
          return 2 * houseCurrentA(s);
        },
        2 * PACE,
      );
      const volts = voltages(bank.flat());
      for (const pack of bank.flat()) for (const alarm of readingOf(pack).alarms ?? []) alarms.add(alarm);
      expect(Math.max(...volts)).toBeLessThan(OVER_VOLTAGE.tripV + 0.02);
      expect(Math.min(...volts)).toBeGreaterThan(UNDER_VOLTAGE.tripV - 0.02);
    }
    putAh += (bankCurrentA(bank) * 2) / 3600;
    const inCell = (packs: LivingBank) =>
      packs.flat().reduce((sum, pack) => sum + (everPut(pack)[0] ?? 0), 0);
    expect(inCell(bank) - inCell(start)).toBeCloseTo(putAh, 6);
    expect(alarms).toEqual(new Set(['cell_high_voltage', 'cell_low_voltage']));
  });

  test('keeps the bank inside the limits that its inverter was told', () => {
    const allowed = { chargeVoltageLimitV: 14, chargeCurrentLimitA: 15, dischargeCurrentLimitA: 12 };
    let bank = start;
    for (const s of seconds) {
      bank = liveInHouse(bank, s, 2, allowed);
      expect(bankCurrentA(bank)).toBeLessThanOrEqual(15 + 1e-9);
      expect(bankCurrentA(bank)).toBeGreaterThanOrEqual(-12 - 1e-9);
      for (const reading of bank.flat().map(readingOf)) {
        expect(reading.voltageV).toBeLessThan(14.05);
        expect(reading.alarms).toEqual([]);
        expect(plausible(reading)).toEqual({ reading });
        expect(doubts(reading)).toEqual([]);
      }
    }
  });
});
