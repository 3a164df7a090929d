// What a message makes of what was known: a gap is waited out until the next whole document.
import type { Live, LiveMessage } from '../../model/api/live.ts';
import { patched } from '../../model/api/patch.ts';

/** The document and the number of the message that made it; no document: wait for a whole one. */
export interface Known {
  readonly number: number;
  readonly live: Live | undefined;
}

export const nothingKnown: Known = { number: Number.NaN, live: undefined };

export function taken(known: Known, message: LiveMessage): Known {
  const { number } = message;
  if ('whole' in message) return { number, live: message.whole };
  if (known.live === undefined || number !== known.number + 1) return { number, live: undefined };
  // A patch of a Live is made between two of them.
  return { number, live: patched(known.live, message.patch) as Live };
}
