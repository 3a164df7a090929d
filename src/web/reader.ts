// One client that listens without an end. What it does not take is not kept for it.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../model/freshness.ts';

/** A client that takes nothing for so long is let go. */
const PATIENCE_MS = 30_000;
/** So that proxies and clients see that the line is alive. */
const HEARTBEAT_MS = 10_000;
const HEARTBEAT = Buffer.from(':\n\n');

export interface Reader {
  /** False: it has not taken what came before, and this is not for it. `queued` bytes may wait for it all the same. */
  readonly tell: (message: Buffer, queued?: number) => boolean;
  /** Once a second: lets go of it where it has to be, and keeps the line alive. */
  readonly look: () => void;
  readonly end: () => void;
}

export const eventText = (event: string, json: string): string => `event: ${event}\ndata: ${json}\n\n`;

/** `holds`: whether it may still listen. */
export function readerOf(response: ServerResponse, clock: Clock, holds: () => boolean): Reader {
  let toldMs = clock();
  let tookMs = toldMs;
  response.on('drain', () => {
    tookMs = clock();
  });
  const hasRoom = (queued: number) =>
    queued === 0 ? !response.writableNeedDrain : response.writableLength < queued;

  function tell(message: Buffer, queued = 0): boolean {
    if (response.destroyed || !hasRoom(queued)) return false;
    toldMs = clock();
    if (!response.writableNeedDrain) tookMs = toldMs;
    response.write(message);
    return true;
  }
  return {
    tell,
    look() {
      const nowMs = clock();
      if (!holds()) response.end();
      else if (response.writableNeedDrain && nowMs - tookMs > PATIENCE_MS) response.destroy();
      else if (nowMs - toldMs >= HEARTBEAT_MS) tell(HEARTBEAT);
    },
    end: () => void response.end(),
  };
}
