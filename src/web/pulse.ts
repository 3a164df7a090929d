import type { Timers } from '../model/timers.ts';

/** Acts every `ms` without drifting; after a stall it goes on from then. Calling the result ends it. */
export function pulse(ms: number, { now, after }: Timers, act: () => void): () => void {
  let dueMs = now() + ms;
  let cancel = after(ms, beat);
  function beat(): void {
    dueMs = Math.max(dueMs + ms, now());
    cancel = after(dueMs - now(), beat);
    act();
  }
  return () => cancel();
}
