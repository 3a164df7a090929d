import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { energyBetween } from '../../src/history/energy.ts';
import { Gather } from '../../src/history/gather.ts';
import { told } from './bank.ts';

const MINUTE_MS = 60_000;
const NOON_MS = Date.UTC(2026, 10, 21, 12);
const NOON = NOON_MS / MINUTE_MS;

/** A gateway that started at noon. */
const atNoon = () => new Gather((atMs) => NOON_MS + atMs);

const rowsOf = (gather: Gather) =>
  gather.all().map(({ battery = 'bank', minute, coveredMs, values }) => ({
    battery,
    minute: minute - NOON,
    coveredMs,
    ...values,
  }));

describe('a minute of the history', () => {
  test('is the mean by time, the extremes and the energy of what was measured in it', () => {
    const gather = atNoon();
    for (const [atMs, currentA] of [
      [0, 10],
      [10_000, 10],
      [50_000, -20],
    ] as const)
      gather.take(told({ atMs, currentA }));
    const [bank, a] = rowsOf(gather);
    // The first value stands for a moment, the second for 10 s, the third for the 40 s since.
    const meanA = (10 * 0.001 + 10 * 10 - 20 * 40) / 50.001;
    expect(a).toMatchObject({
      battery: 'a',
      coveredMs: 50_001,
      current_A: expect.closeTo(meanA, 9),
      min_current_A: -20,
      max_current_A: 10,
      power_W: expect.closeTo(52 * meanA, 6),
      min_cell_voltage_V: 3.25,
      cell_delta_V: 0,
      temperature_C: 20.5,
      charge_current_limit_A: 50,
      // 520 W for 10 s; then from 520 W to −1040 W in 40 s, through zero after a third of it.
      energy_charged_kWh: expect.closeTo((520 * 10 + (520 / 2) * (40 / 3)) / 3.6e6, 12),
      energy_discharged_kWh: expect.closeTo(((1040 / 2) * ((40 * 2) / 3)) / 3.6e6, 12),
    });
    expect(bank).toMatchObject({ battery: 'bank', voltage_V: 52, min_soc_pct: 50, max_current_A: 20 });
  });

  test('has no row of a battery that was not measured in it, and never a value twice', () => {
    const gather = atNoon();
    gather.take(told({ atMs: 0 }));
    const repeated = told({ atMs: 0 });
    for (const evaluatedAtMs of [1000, 30_000, 59_000]) gather.take({ ...repeated, evaluatedAtMs });
    for (const atMs of [61_000, 130_000])
      gather.take(told({ atMs, b: { freshness: 'stale', sampleAtMs: 0 } }));
    const rows = rowsOf(gather).map(({ battery, minute, coveredMs }) => [battery, minute, coveredMs]);
    expect(rows).toEqual([
      ['bank', 0, 1],
      ['a', 0, 1],
      ['b', 0, 1],
      // 61 s are too long to know what the power did in between.
      ['bank', 1, 1],
      ['a', 1, 1],
      ['bank', 2, 1],
      ['a', 2, 1],
    ]);
  });

  test('has nothing of a bank that is stale, and of a reading that does not count', () => {
    const gather = atNoon();
    gather.take(told({ atMs: 0, freshness: 'stale' }));
    gather.take(told({ atMs: 1000, freshness: 'lost' }));
    gather.take(told({ atMs: 2000, freshness: 'never' }));
    expect(rowsOf(gather)).toEqual([]);
    gather.take(told({ atMs: 3000, b: { isPartial: true } }));
    expect(rowsOf(gather).map(({ battery }) => battery)).toEqual(['bank', 'a']);
  });

  test('knows no energy across a time in which the battery was stale', () => {
    const gather = atNoon();
    gather.take(told({ atMs: 0 }));
    gather.take(told({ atMs: 5000, b: { freshness: 'stale', sampleAtMs: 0 } }));
    gather.take(told({ atMs: 10_000 }));
    const [, a, b] = rowsOf(gather);
    expect(a?.energy_charged_kWh).toBeCloseTo((520 * 10) / 3.6e6, 12);
    expect(b?.energy_charged_kWh).toBeUndefined();
  });

  test('leaves out what a battery does not say', () => {
    const gather = atNoon();
    gather.take(told({ atMs: 0, b: { reading: { voltageV: 51 } } }));
    expect(rowsOf(gather)[2]).toEqual({
      battery: 'b',
      minute: 0,
      coveredMs: 1,
      voltage_V: 51,
      min_voltage_V: 51,
      max_voltage_V: 51,
      charge_current_limit_A: 50,
      min_charge_current_limit_A: 50,
      discharge_current_limit_A: 100,
      min_discharge_current_limit_A: 100,
    });
  });

  test('is closed once, a little after its end, and at once when the clock was set back behind it', () => {
    const gather = atNoon();
    gather.take(told({ atMs: 59_000 }));
    expect(gather.closed(NOON_MS + 64_999)).toEqual([]);
    expect(gather.closed(NOON_MS + 65_000).map(({ minute }) => minute - NOON)).toEqual([0, 0, 0]);
    expect(gather.all()).toEqual([]);
    gather.take(told({ atMs: 120_000 }));
    expect(gather.closed(NOON_MS - 3_600_000).map(({ minute }) => minute - NOON)).toEqual([2, 2, 2]);
  });

  test('is none while the clock cannot be believed', () => {
    const gather = new Gather(() => undefined);
    gather.take(told({ atMs: 0 }));
    expect(gather.all()).toEqual([]);
  });
});

test('what goes in less what goes out is the mean power times the time, and neither is negative', () => {
  const watts = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(watts, watts, fc.integer({ min: 1, max: 60_000 }), (fromW, toW, ms) => {
      const { chargedKWh, dischargedKWh } = energyBetween(fromW, toW, ms);
      expect(chargedKWh).toBeGreaterThanOrEqual(0);
      expect(dischargedKWh).toBeGreaterThanOrEqual(0);
      expect(chargedKWh - dischargedKWh).toBeCloseTo((((fromW + toW) / 2) * ms) / 3.6e9, 9);
      expect(Math.max(chargedKWh, dischargedKWh)).toBeLessThanOrEqual(
        (Math.max(Math.abs(fromW), Math.abs(toW)) * ms) / 3.6e9 + 1e-12,
      );
    }),
  );
});
