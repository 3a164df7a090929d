// What goes wrong in the accelerated soak: the faults of the real one that the parts below the heads can meet.
import type { KindOfFault } from '../schedule.ts';
import { gatewayFaults } from './plan.ts';

const { drop, hide, silent, bend, delay, dark, noise, half, foreign, damage, canFlood } = gatewayFaults;

export const fastFaults = {
  ...{ drop, hide, silent, bend, delay, dark, noise, half, foreign, damage, canFlood },
  canRefuses: {
    inTheBag: 1,
    meetsAll: true,
    measures: (random) => ({ forMs: 500 + random(5501), value: 0 }),
  },
  canErrors: { inTheBag: 1, meetsAll: true, measures: (random) => ({ forMs: 0, value: random(4) }) },
  /** Killed, and there again after a while that the value draws; goes on from what it left. */
  restart: {
    inTheBag: 1,
    meetsAll: true,
    measures: (random) => ({ forMs: 1000 + random(19_001), value: 0 }),
  },
  /** The machine slept: the clock is that much later, and nothing was done. */
  suspend: {
    inTheBag: 1,
    meetsAll: true,
    measures: (random) => ({ forMs: 0, value: 1000 + random(39_001) }),
  },
} as const satisfies Record<string, KindOfFault>;

export type FastKind = keyof typeof fastFaults;
