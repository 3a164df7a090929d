import type { Timers } from '../model/timers.ts';

const LOOK_EVERY_MS = 200;
const STALL_MS = 1000;

export interface StallWatch {
  /** These look before they act. */
  readonly timers: Timers;
  readonly stop: () => void;
}

/**
 * Notices that the event loop stood still for over 1 s. It is told before anything else happens: each of its timers looks first,
 * or one that is due as well would ask a question whose answer comes too late to be dropped; and Node runs due timers before it
 * reads sockets.
 */
export function watchStalls(timers: Timers, stalled: (forMs: number) => void): StallWatch {
  let lastMs = timers.now();
  let cancel = () => {};

  const look = () => {
    const nowMs = timers.now();
    const lateMs = nowMs - lastMs - LOOK_EVERY_MS;
    lastMs = nowMs;
    if (lateMs > STALL_MS) stalled(lateMs);
  };

  const after: Timers['after'] = (ms, act) =>
    timers.after(ms, () => {
      look();
      act();
    });

  const again = () => {
    cancel = after(LOOK_EVERY_MS, again);
  };
  again();
  return { timers: { now: timers.now, after }, stop: () => cancel() };
}
