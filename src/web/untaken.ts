// Large answers that clients have asked for and do not take. They lie in memory meanwhile: all together have a limit, each has a time.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../model/freshness.ts';

/** Several of the largest: a thousand events with every cell of a large bank have 3 MB. */
const MOST_BYTES = 16 * 1024 * 1024;
/** A megabyte and more over a poor radio link. */
const PATIENCE_MS = 120_000;

export interface Untaken {
  readonly watch: (response: ServerResponse) => void;
  /** So much waits that nothing large may be added. */
  readonly isFull: () => boolean;
  /** Once a second: lets go of who does not take what was answered long ago. */
  readonly look: () => void;
}

export function newUntaken(clock: Clock): Untaken {
  /** Since when each is complete. */
  const answers = new Map<ServerResponse, number | undefined>();
  return {
    watch(response) {
      answers.set(response, undefined);
      response.once('close', () => answers.delete(response));
    },
    isFull() {
      let bytes = 0;
      for (const { writableLength } of answers.keys()) bytes += writableLength;
      return bytes > MOST_BYTES;
    },
    look() {
      for (const [response, sinceMs] of answers)
        if (!response.writableEnded) continue;
        else if (sinceMs === undefined) answers.set(response, clock());
        else if (clock() - sinceMs > PATIENCE_MS) response.destroy();
    },
  };
}
