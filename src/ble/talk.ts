import type { Answer, BmsDriver, DriverOptions, Request } from '../bms/driver.ts';
import { forgetRest, type Hearing, hear, hearLast, nothingHeard } from '../bms/listener.ts';
import type { Timers } from '../model/timers.ts';

/** A sleeping board only wakes at the first packet: asked three times, waiting longer each time (BLE reference 1.8). */
export const ATTEMPTS_MS = [700, 1400, 2900] as const;

export interface TalkOptions {
  readonly driver: BmsDriver;
  readonly driverOptions?: DriverOptions | undefined;
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly timers: Timers;
  /** The end of the link: nothing is written after it. */
  readonly signal: AbortSignal;
  /** Bytes or a frame that were not believed, with the reason. */
  readonly onRejected: (why: string) => void;
}

/** Questions and answers on one open channel, one question in flight. */
export interface Talk {
  readonly hear: (notification: Uint8Array) => void;
  /** One attempt after the other until an answer comes; undefined when all stayed silent. */
  readonly ask: (request: Request, attemptsMs: readonly number[]) => Promise<Answer | undefined>;
  /** What came in is too old: the question in flight is given up and what is half-received dropped. */
  readonly giveUp: () => void;
}

interface Pending {
  readonly request: Uint8Array;
  readonly settle: (answer: Answer | undefined) => void;
}

export function talk(o: TalkOptions): Talk {
  let heard = nothingHeard;
  let pending: Pending | undefined;
  let isGivenUp = false;
  const { driver, driverOptions, write, timers, signal, onRejected } = o;

  const take = (hearing: Hearing): void => {
    const skipped = hearing.heard.skippedBytes - heard.skippedBytes;
    heard = hearing.heard;
    if (skipped > 0) onRejected(`${skipped} bytes belong to no intact frame`);
    for (const answer of hearing.answers) {
      if (answer.kind === 'rejected') onRejected(answer.why);
      else pending?.settle(answer);
    }
  };

  const forget = () => take({ answers: [], heard: forgetRest(heard) });

  const listening = (request: Uint8Array) => ({ driver, request, options: driverOptions });

  const attempt = (request: Uint8Array, limitMs: number) =>
    new Promise<Answer | undefined>((resolve) => {
      const settle = (answer: Answer | undefined) => {
        cancel();
        pending = undefined;
        resolve(answer);
      };
      const cancel = timers.after(limitMs, () => {
        take(hearLast(listening(request), heard));
        settle(undefined);
      });
      forget();
      pending = { request, settle };
      write(request).catch((error: Error) => onRejected(error.message));
    });

  const giveUp = () => {
    isGivenUp = true;
    forget();
    pending?.settle(undefined);
  };
  signal.addEventListener('abort', giveUp);

  return {
    giveUp,
    /** Nothing is asked: whatever comes is no answer, e.g. telemetry nobody wanted (BLE reference 1.10, item 2). */
    hear: (notification) => {
      if (pending) take(hear(listening(pending.request), heard, notification));
    },
    ask: async (request, attemptsMs) => {
      isGivenUp = signal.aborted;
      for (const limitMs of attemptsMs) {
        const answer = isGivenUp ? undefined : await attempt(request.bytes, limitMs);
        if (answer) return answer;
      }
      return undefined;
    },
  };
}
