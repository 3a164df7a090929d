import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { axpert } from './axpert.ts';
import { gen24 } from './gen24.ts';
import { growattSpf } from './growatt-spf.ts';
import { type Ask, theModbusRoom } from './modbus-room.ts';
import { paceMaster } from './pace-master.ts';
import { type Inverter, NOTHING, promisedMs } from './room.ts';
import { sunspecReader } from './sunspec-reader.ts';
import { upower } from './upower.ts';

/** Every register family with its inverter, and how often that one looks at the limits, ms. */
const families: [string, (ask: Ask) => Inverter, number][] = [
  ['growatt-rs485', growattSpf, 500],
  ['byd-modbus', gen24, 1000],
  ['voltronic-rs485', axpert, 1000],
  ['pace-modbus', paceMaster, 900],
  ['epever-rs485', upower, 1000],
  ['sunspec-802', sunspecReader, 1000],
];

describe('zero limits 15 s + 10 s + one poll after the last true sample', () => {
  test.each(families)('read from %s, at random phases, and nothing rises on the way', (id, make, everyMs) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1999 }), fc.integer({ min: 0, max: 999 }), (lastMs, beginMs) => {
        const room = theModbusRoom(id, make);
        room.silent(beginMs / 1000);
        room.speak();
        room.until(room.now() + 4000 + lastMs);
        room.speak();
        const saidMs = room.now();
        room.until(saidMs + 45_000);
        const after = room.since(saidMs);
        const first = after[0];
        expect(first?.dischargeA).toBeGreaterThan(0);
        for (const [i, now] of after.slice(1).entries()) {
          expect(now.chargeA).toBeLessThanOrEqual(after[i]?.chargeA ?? 0);
          expect(now.dischargeA).toBeLessThanOrEqual(after[i]?.dischargeA ?? 0);
        }
        for (const entry of room.since(saidMs + promisedMs(everyMs) + 100))
          expect(entry).toMatchObject(NOTHING);
        expect(room.whys()).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});
