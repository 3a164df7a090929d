// What the page says of beats that the line takes in part.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noAck } from '../../src/can/interface-state.ts';
import { inverterHealth } from '../../src/wires/output.ts';
import { reading } from '../bank/room.ts';
import { currentsOf, theHouse } from './house.ts';

const LIMITS = 0x351;
const SOC = 0x355;
/** A frame of a beat leaves 5 ms after the one before. */
const GAP_MS = 5;

/** What the last frames said that left, read by hand. */
function leftOf(house: ReturnType<typeof theHouse>) {
  const [limits, soc] = [house.frame(LIMITS), house.frame(SOC)];
  const [cclA, dclA] = limits ? currentsOf(limits) : [];
  return { cclA, dclA, soc: soc && (soc[0] ?? 0) + 256 * (soc[1] ?? 0) };
}

test('of each frame the one that left last counts, whichever of a beat the line took', () => {
  const moment = fc.record({
    ms: fc.integer({ min: 1, max: 400 }).map((n) => n * GAP_MS),
    isFull: fc.boolean(),
    cellV: fc.constantFrom(3.3, 3.48, 3.5, 3.56, 2.95),
    socPct: fc.integer({ min: 5, max: 95 }),
  });
  fc.assert(
    fc.property(fc.array(moment, { minLength: 5, maxLength: 40 }), (moments) => {
      const house = theHouse();
      house.speakUntil(4000);
      for (const { ms, isFull, cellV, socPct } of moments) {
        house.line.suffer(isFull ? noAck : undefined);
        house.speak(reading({ cellV, socPct }));
        house.until(house.clock() + ms);
        const { told } = inverterHealth(house.can, house.clock());
        expect({
          cclA: told?.charge_current_limit_A,
          dclA: told?.discharge_current_limit_A,
          soc: told?.soc_told_pct,
        }).toEqual(leftOf(house));
      }
    }),
    { numRuns: 60 },
  );
});
