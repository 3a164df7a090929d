// What is wrong with a wire, and what was, for a person who stands before it.
import type { LiveWire } from '../../model/api/live.ts';
import type { WireCounter } from '../../model/wire-health.ts';

/** Counters that grow only where something is not as it should be. */
const bad = [
  'noAck',
  'busOff',
  'errorPassive',
  'refused',
  'stopped',
  'crcErrors',
  'resyncBytes',
  'exceptions',
  'lateAnswers',
  'droppedAnswers',
  'malformed',
  'ignored',
] as const satisfies readonly WireCounter[];
export type BadCounter = (typeof bad)[number];

export interface WireTrouble {
  /** As it is now; absent while it is well. */
  readonly now?: Exclude<LiveWire['state'], 'open'>;
  /** What was counted since the wire was opened, the worst first. */
  readonly counted: readonly { readonly counter: BadCounter; readonly count: number }[];
}

export function troubleOf({ state, counts }: Pick<LiveWire, 'state' | 'counts'>): WireTrouble {
  const counted = bad.flatMap((counter) => {
    // Of an interface that is not there no controller refuses anything.
    if (counter === 'refused' && state === 'unavailable') return [];
    const count = counts[counter] ?? 0;
    return count > 0 ? [{ counter, count }] : [];
  });
  return { ...(state !== 'open' && { now: state }), counted };
}
