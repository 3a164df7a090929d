import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bydInverter } from './byd-hv.ts';
import { growattHvInverter, growattLvInverter } from './growatt.ts';
import { pylontechHvInverter, usual } from './pylontech-hv.ts';
import {
  firstRise,
  type InverterRoom,
  inSeries,
  NOTHING,
  promisedMs,
  type SimulatedInverter,
  theInverterRoom,
  WELL,
  WELL_IN_SERIES,
} from './room.ts';
import { solaxInverter } from './solax.ts';

type Room = InverterRoom<SimulatedInverter>;

const families: [string, number, () => Room][] = [
  ['byd-hv', 2000, () => theInverterRoom('byd-hv', (say) => bydInverter(say), inSeries)],
  [
    'pylontech-hv',
    1000,
    () => theInverterRoom('pylontech-hv', (say) => pylontechHvInverter(say, usual), inSeries),
  ],
  ['growatt-lv', 1000, () => theInverterRoom('growatt-lv', growattLvInverter)],
  ['growatt-hv', 1000, () => theInverterRoom('growatt-hv', growattHvInverter, inSeries)],
  ['solax-hv', 1000, () => theInverterRoom('solax-hv', solaxInverter, inSeries)],
];

describe('zero limits 15 s + 10 s + one period after the last true sample, in what the inverter does', () => {
  test.each(families)('served by %s, at random phases of inverter and batteries', (id, everyMs, roomOf) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2999 }),
        fc.integer({ min: 0, max: 1999 }),
        (beforeMs, lastMs) => {
          const room = roomOf();
          room.until(beforeMs);
          room.speaking(8);
          room.until(room.now() + lastMs);
          room.speak();
          const saidMs = room.lastTrueMs();
          room.until(saidMs + 14_000);
          expect(room.allows()).toEqual(id === 'growatt-lv' ? WELL : WELL_IN_SERIES);
          // An inverter looks ten times a second.
          const edgeMs = saidMs + promisedMs(everyMs) + 100;
          room.until(edgeMs + 5000);
          expect(firstRise(room.since(saidMs))).toBeUndefined();
          expect(
            room.diary.filter(({ atMs }) => atMs > saidMs + 14_000 && atMs < edgeMs).length,
          ).toBeGreaterThan(100);
          for (const entry of room.since(edgeMs)) expect(entry).toMatchObject(NOTHING);
          expect(room.whys()).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });
});
