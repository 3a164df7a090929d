// What was heard while recording: the newest items, with the wall clock of the gateway.
import type { TalkMessage, WireTalk } from '../../model/api/wire-talk.ts';

export interface Recorded {
  readonly wallMs: number;
  readonly talk: WireTalk;
}

export const MOST_RECORDED = 50_000;

export interface Recording {
  readonly take: (message: TalkMessage) => void;
  /** Oldest first. */
  readonly items: () => readonly Recorded[];
  readonly count: () => number;
  /** Items that fell out at the old end, and those that the gateway skipped meanwhile. */
  readonly lost: () => { readonly oldest: number; readonly skipped: number };
}

export function newRecording(most = MOST_RECORDED): Recording {
  const ring: Recorded[] = [];
  let next = 0;
  let oldest = 0;
  let skipped = 0;
  function put(one: Recorded): void {
    if (ring.length < most) ring.push(one);
    else {
      ring[next] = one;
      oldest++;
    }
    next = (next + 1) % most;
  }
  return {
    take(message) {
      skipped += message.skipped;
      for (const talk of message.items)
        put({ wallMs: message.wall_ms - (message.now_ms - talk.at_ms), talk });
    },
    items: () => (ring.length < most ? [...ring] : [...ring.slice(next), ...ring.slice(0, next)]),
    count: () => ring.length,
    lost: () => ({ oldest, skipped }),
  };
}
