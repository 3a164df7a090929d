// What goes wrong in a soak of the ear and when: all of it follows from the seed.
import {
  type KindOfFault,
  namesOf,
  ofAll,
  ofOne,
  type Planned,
  type ScheduleOptions,
  schedule,
} from './schedule.ts';

/** The value is dBm, milliseconds of delay, or the way of bending. */
export const bleFaults = {
  drop: ofOne(4, () => ({ forMs: 0, value: 0 })),
  hide: ofOne(3, (random) => ({ forMs: 1000 + random(19_001), value: 0 })),
  silent: ofOne(3, (random) => ({ forMs: 1000 + random(11_001), value: 0 })),
  bend: ofOne(4, (random) => ({ forMs: 0, value: random(256) })),
  rssi: ofOne(2, (random) => ({ forMs: 0, value: -(40 + random(60)) })),
  delay: ofAll(2, (random) => ({ forMs: 1000 + random(7001), value: 10 + random(191) })),
  stop: ofAll(1, () => ({ forMs: 1500, value: 0 })),
  kill: ofAll(1, () => ({ forMs: 0, value: 0 })),
} as const satisfies Record<string, KindOfFault>;

export const faultKinds = namesOf(bleFaults);
export type FaultKind = keyof typeof bleFaults;
export type Fault = Planned<FaultKind>;
export type PlanOptions = ScheduleOptions<FaultKind>;

export const planFaults = (options: PlanOptions): Fault[] => schedule(bleFaults, options);
