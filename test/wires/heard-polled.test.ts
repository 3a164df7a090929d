// Of an inverter on CAN that is told nothing but what it asks for.
import { describe, expect, test } from 'vitest';
import { isUnasked } from '../../src/page/inverter/told.ts';
import { inverterHealth } from '../../src/wires/output.ts';
import { compiledOf } from '../profile/safety-banks.ts';
import { theHouse } from './house.ts';

const POLL = 0x4200;
const HEARTBEAT = 0x3010;
const ENSEMBLE = [0, 0, 0, 0, 0, 0, 0, 0];
const CELLS = [1, 0, 0, 0, 0, 0, 0, 0];

/** Once a second for so long the inverter says this. */
function saying(house: ReturnType<typeof theHouse>, seconds: number, id: number, data: number[]) {
  for (let s = 0; s < seconds; s++) {
    house.inverterSays(id, data, true);
    house.speakUntil(house.clock() + 1000);
    if (s % 2) house.speak();
  }
}

function pylontechHv() {
  const house = theHouse({ onCan: compiledOf('pylontech-hv', {}) });
  house.speakUntil(4000);
  return { house, health: () => inverterHealth(house.can, house.clock()) };
}

const asPage = ({ voice, isPolled }: ReturnType<typeof inverterHealth>) =>
  isUnasked({ voice, ...(isPolled && { is_polled: isPolled }) });

describe('an inverter on CAN that polls', () => {
  test.each([
    ['its energy management still beats', HEARTBEAT, ENSEMBLE],
    ['it still asks for cells, which are not answered', POLL, CELLS],
  ])('is not heard any more once it asks for nothing that is answered, though %s', (_, id, data) => {
    const { house, health } = pylontechHv();
    saying(house, 5, POLL, ENSEMBLE);
    const { charge_current_limit_A: toldA } = health().told ?? {};
    expect(health()).toMatchObject({ voice: 'heard', heard: 5 });
    expect(toldA).toBeGreaterThan(0);
    saying(house, 70, id, data);
    expect(health()).toMatchObject({ voice: 'silent', heard: 5, told: { charge_current_limit_A: toldA } });
    expect(asPage(health())).toBe(true);
    saying(house, 1, POLL, ENSEMBLE);
    expect(health()).toMatchObject({ voice: 'back', heard: 6 });
  });
});
