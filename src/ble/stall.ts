import type { Timers } from '../model/timers.ts';

const LOOK_EVERY_MS = 200;
const STALL_MS = 1000;

/**
 * Notices that the event loop stood still for over 1 s. It is told before anything that queued up meanwhile is heard: Node runs
 * due timers before it reads sockets.
 */
export function watchStalls(timers: Timers, stalled: (forMs: number) => void): () => void {
  let cancel = () => {};
  const look = (sinceMs: number) => {
    const lateMs = timers.now() - sinceMs - LOOK_EVERY_MS;
    if (lateMs > STALL_MS) stalled(lateMs);
    again();
  };
  const again = () => {
    const sinceMs = timers.now();
    cancel = timers.after(LOOK_EVERY_MS, () => look(sinceMs));
  };
  again();
  return () => cancel();
}
