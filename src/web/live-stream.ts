// The stream of the live document: whole now and then, what changed between.
import type { ServerResponse } from 'node:http';
import type { Live, LiveMessage } from '../model/api/live.ts';
import { patchBetween } from '../model/api/patch.ts';

const WHOLE_EVERY = 10;

export interface LiveStream {
  /** A reader begins: it is told the whole, then what changes. */
  readonly join: (response: ServerResponse) => void;
  /** Once a second. */
  readonly tell: () => void;
}

const text = (message: LiveMessage): string => `event: live\ndata: ${JSON.stringify(message)}\n\n`;

export function liveStream(live: () => Live, times: () => { now_ms: number; wall_ms: number }): LiveStream {
  const readers = new Set<ServerResponse>();
  let number = 0;
  let before: Live | undefined;
  return {
    join(response) {
      response.on('close', () => readers.delete(response));
      response.write(text({ number, ...times(), whole: before ?? live() }));
      readers.add(response);
    },
    tell() {
      if (readers.size === 0) {
        before = undefined;
        return;
      }
      const now = live();
      number++;
      const message =
        before === undefined || number % WHOLE_EVERY === 0
          ? text({ number, ...times(), whole: now })
          : // Live is plain data.
            text({ number, ...times(), patch: patchBetween({ ...before }, { ...now }) ?? {} });
      before = now;
      for (const response of readers) response.write(message);
    },
  };
}
