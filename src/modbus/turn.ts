// Whose turn it is on a half-duplex line: answers leave one at a time, and not before the line has been quiet for a while.
import type { Clock } from '../model/freshness.ts';

export interface Turn {
  /** Bytes came: the quiet starts again. */
  heard(atMs: number): void;
  /**
   * Takes the place of an answer that still waits: a master that has gone on would take the old answer for the new one, for a
   * reply on RTU does not say what was asked; or it waits for another, and ours would fall into theirs. Undefined: nothing is
   * due any more. `dueMs`: after how long from the last byte received it is due.
   */
  answer(frame: Uint8Array | undefined, dueMs: number): void;
  /** An answer is on its way or due. */
  busy(): boolean;
  stop(): void;
}

/** From the last byte received before the answer was known, ms. */
export interface Took {
  readonly ms: number;
  readonly dueMs: number;
}

export interface TurnSettings {
  readonly clock: Clock;
  /** From the last byte received to the first byte sent. */
  readonly quietMs: number;
  /** One write call; `done` when the last byte has left. */
  readonly send: (frame: Uint8Array, took: Took, done: () => void) => void;
  /** An answer that is not sent after all. */
  readonly onDropped: () => void;
  readonly onSent: () => void;
}

/** After a longer stall of ours, or longer noise before or behind its question, the master has given up, and would take the answer for that to what it asks next. */
export const TOO_LATE_MS = 250;

/** Timers of Node count whole milliseconds, so the last one is waited out turn by turn of the loop; never early. */
export function newTurn({ clock, quietMs, send, onDropped, onSent }: TurnSettings): Turn {
  let due: { readonly frame: Uint8Array; readonly dueMs: number } | undefined;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let state: 'free' | 'waiting' | 'sending' | 'stopped' = 'free';
  let quietFromMs = Number.NEGATIVE_INFINITY;
  let heardAtMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const sent = () => {
    if (state === 'stopped') return;
    state = 'free';
    onSent();
    next();
  };
  const waitFor = (ms: number) => {
    state = 'waiting';
    if (ms >= 1) timer = setTimeout(wake, Math.floor(ms));
    else setImmediate(wake);
  };
  const wake = () => {
    if (state !== 'waiting') return;
    state = 'free';
    next();
  };
  const next = () => {
    if (state !== 'free' || !due) return;
    const nowMs = clock();
    const leftMs = quietFromMs + quietMs - nowMs;
    if (leftMs > 0) return waitFor(leftMs);
    const { frame, dueMs } = due;
    due = undefined;
    if (nowMs - askedAtMs > TOO_LATE_MS) return onDropped();
    state = 'sending';
    send(frame, { ms: nowMs - heardAtMs, dueMs }, sent);
  };

  return {
    heard(atMs) {
      quietFromMs = atMs;
    },
    answer(frame, dueMs) {
      if (due) onDropped();
      due = frame && { frame, dueMs };
      askedAtMs = clock();
      heardAtMs = quietFromMs;
      next();
    },
    busy: () => state === 'waiting' || state === 'sending',
    stop() {
      state = 'stopped';
      clearTimeout(timer);
    },
  };
}
