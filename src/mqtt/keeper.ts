// Keeps one link to the broker: calls again after 1 to 60 s, never twice at once, and nothing is stored up meanwhile.
import type { Clock } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';
import type { Dial, Link, LinkEvents } from './link.ts';
import type { Trouble } from './trouble.ts';

export interface KeeperGround {
  readonly clock: Clock;
  readonly after: After;
  /** From 0 to 1, so that many gateways do not call a broker that came back all at once. */
  readonly random: () => number;
}

export interface KeeperEvents extends Omit<LinkEvents, 'down'> {
  /** An open link ended. */
  readonly lost: (trouble: Trouble) => void;
  /** A call that led to nothing. */
  readonly failed: (trouble: Trouble) => void;
}

const LEAST_MS = 1000;
const MOST_MS = 60_000;
/** A link that lasted this long was a good one: the next calls begin soon again. */
const SETTLED_MS = 60_000;

/** Before the call after `failures` of them, ms: doubled each time, and somewhere in the upper half of that. */
export const waitMs = (failures: number, random: number): number =>
  Math.max(LEAST_MS, Math.min(MOST_MS, LEAST_MS * 2 ** Math.min(failures, 10)) * (0.5 + random / 2));

/** Calls at once. The result ends it and takes leave, after `last` was said. */
export function keepLink(
  dial: Dial,
  { clock, after, random }: KeeperGround,
  events: KeeperEvents,
): (last: (link: Link) => void) => Promise<void> {
  let failures = 0;
  let link: Link | undefined;
  let upAtMs = 0;
  let isOver = false;
  let cancel = () => {};

  function down(trouble: Trouble): void {
    const wasUp = link !== undefined;
    link = undefined;
    if (isOver) return;
    if (wasUp && clock() - upAtMs >= SETTLED_MS) failures = 0;
    cancel = after(waitMs(failures, random()), call);
    failures++;
    if (wasUp) events.lost(trouble);
    else events.failed(trouble);
  }
  function call(): void {
    cancel = dial({
      ...events,
      up(opened) {
        upAtMs = clock();
        link = opened;
        events.up(opened);
      },
      down,
    });
  }
  call();
  return async (last) => {
    isOver = true;
    if (!link) return cancel();
    last(link);
    await link.end();
  };
}
