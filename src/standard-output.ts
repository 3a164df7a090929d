// Standard output of the log: written off the loop, bounded, and never the reason why a gateway ends or cannot end.
import { write } from 'node:fs';

/** What may wait for a slow reader before lines are dropped and counted. */
const MAX_WAITING_BYTES = 1 << 20;
/** A pipe that is full and does not block (EAGAIN) is asked again so often, then what waits is dropped. */
const TRIES = 50;
const TRY_AGAIN_MS = 100;

export interface StandardOutput {
  write(text: string): void;
}

/** Writes to a descriptor; `done` once, with the error or the bytes that were taken. */
type Write = (bytes: Uint8Array, done: (error: NodeJS.ErrnoException | null, taken: number) => void) => void;

const writeToStdout: Write = (bytes, done) => write(1, bytes, done);

const isFull = (error: NodeJS.ErrnoException): boolean => error.code === 'EAGAIN' || error.code === 'EBUSY';

/**
 * A reader that stops reading, a pipe without a reader (EPIPE) and a full disk (ENOSPC) cost lines, never a beat on the wires:
 * what waits is dropped, the next line tries again, and `lost` tells how many were dropped once one gets through.
 */
export function standardOutput(lost: (lines: number) => void, put: Write = writeToStdout): StandardOutput {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let busy = false;
  let dropped = 0;

  const drop = () => {
    dropped += waiting.length + 1;
    [waiting, waitingBytes, busy] = [[], 0, false];
  };

  const send = (bytes: Uint8Array, triesLeft = TRIES): void =>
    put(bytes, (error, taken) => {
      if (error && isFull(error) && triesLeft > 0) setTimeout(() => send(bytes, triesLeft - 1), TRY_AGAIN_MS);
      else if (error) drop();
      else if (taken < bytes.length) send(bytes.subarray(taken));
      else sent();
    });

  const next = () => {
    const line = waiting.shift();
    busy = line !== undefined;
    if (line === undefined) return;
    const bytes = Buffer.from(line);
    waitingBytes -= bytes.length;
    send(bytes);
  };

  const sent = () => {
    const lines = dropped;
    dropped = 0;
    if (lines) lost(lines);
    next();
  };

  return {
    write(text) {
      const bytes = Buffer.byteLength(text);
      if (waitingBytes + bytes > MAX_WAITING_BYTES) {
        dropped++;
        return;
      }
      waiting.push(text);
      waitingBytes += bytes;
      if (!busy) next();
    },
  };
}
