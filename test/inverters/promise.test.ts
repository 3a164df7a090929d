import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currentsOf } from '../wires/house.ts';
import { promisedMs, theInverterRoom } from './room.ts';

/** Period of each profile that tells its limits by 0x351, ms, and its zero, A. */
const family: [string, number, number][] = [
  ['pylontech-lv', 1000, 0],
  ['victron', 1000, 0],
  ['byd-lv', 1000, 0],
  ['sma', 1000, 0],
  ['goodwe-lv', 500, 0],
  ['sofar-lv', 1000, 0.1],
  ['sol-ark-lv', 1000, 0],
  ['luxpower-lv', 1000, 0],
];

/** An inverter that only listens. */
const listener = () => ({
  trips: [],
  hear: () => {},
  tick: () => {},
  allows: () => ({ chargeA: 0, dischargeA: 0 }),
});

describe('zero limits 15 s + 10 s + one period after the last true sample', () => {
  test.each(family)('served by %s, at random phases, and nothing rises on the way', (id, everyMs, zeroA) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1999 }), (lastMs) => {
        const { house } = theInverterRoom(id, listener);
        house.speak();
        house.until(4000 + lastMs);
        house.speak();
        const saidMs = house.clock();
        house.until(saidMs + promisedMs(everyMs) + 1);
        const told = house.heard
          .filter(({ frame }) => frame.id === 0x351)
          .map(({ atMs, frame }) => ({ atMs, limits: currentsOf(frame.data) }));
        expect(told[0]?.limits).toEqual([95, 150]);
        expect(told.at(-1)?.limits).toEqual([zeroA, zeroA]);
        expect(told.at(-1)?.atMs).toBeGreaterThan(saidMs + 25_000 - 1);
        for (const [i, { limits }] of told.slice(1).entries())
          for (const side of [0, 1] as const)
            expect(limits[side]).toBeLessThanOrEqual(told[i]?.limits[side] ?? 0);
      }),
      { numRuns: 25 },
    );
  });
});
