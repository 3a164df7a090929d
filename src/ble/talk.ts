import type { Answer, Dialect, DriverOptions, Request } from '../bms/driver.ts';
import { forgetRest, type Hearing, hear, hearLast, nothingHeard } from '../bms/listener.ts';
import { sentence } from '../model/errors.ts';
import type { Stamped } from '../model/freshness.ts';
import type { Timers } from '../model/timers.ts';
import { pause } from './timers.ts';

/** A sleeping board only wakes at the first packet: asked three times, waiting longer each time (BLE reference 1.8). */
export const ATTEMPTS_MS = [700, 1400, 2900] as const;
/** After the loop stood still: what the stack had queued is old and passes by unheard. */
export const DRAIN_MS = 300;

export interface TalkOptions {
  readonly dialect: Dialect;
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly timers: Timers;
  /** The end of the link: nothing is written after it. */
  readonly signal: AbortSignal;
  /** Bytes or a frame that were not believed, with the reason. */
  readonly onRejected: (why: string) => void;
  /** A part that came without being asked, with the moment of its first byte. */
  readonly onStreamed?: (answer: Answer & { kind: 'part' }, atMs: number) => void;
}

/** Questions and answers on one open channel, one question in flight; another waits for its turn. */
export interface Talk {
  readonly hear: (notification: Uint8Array) => void;
  /** One attempt after the other until an answer comes; undefined when all stayed silent. Stamped when it was first asked. */
  readonly ask: (
    request: Request,
    attemptsMs: readonly number[],
    options?: DriverOptions,
  ) => Promise<Stamped<Answer> | undefined>;
  /** The next part of this name that comes by itself, with the moment of its first byte; undefined when none came in time. */
  readonly next: (part: string, limitMs: number) => Promise<Stamped<Answer> | undefined>;
  /** Writes this and gives every notification of the next `forMs`, understood or not. */
  readonly exchange: (bytes: Uint8Array, forMs: number) => Promise<readonly Uint8Array[]>;
  /** Writes what needs no answer. */
  readonly tell: (bytes: Uint8Array) => Promise<void>;
  /** What came in is too old: the question in flight is given up, what is half-received and what comes at once is dropped. */
  readonly giveUp: () => void;
}

interface Expected {
  readonly part: string;
  readonly settle: (answer: Stamped<Answer> | undefined) => void;
}

interface Pending {
  readonly request: Uint8Array;
  readonly options: DriverOptions | undefined;
  readonly settle: (answer: Answer | undefined) => void;
}

export function talk(o: TalkOptions): Talk {
  let heard = nothingHeard;
  let pending: Pending | undefined;
  let expected: Expected | undefined;
  let isGivenUp = false;
  let deafUntilMs = Number.NEGATIVE_INFINITY;
  let overhear = (_notification: Uint8Array) => {};
  let turn: Promise<unknown> | undefined;
  const { dialect, write, timers, signal, onRejected } = o;
  const streamed = new Set(dialect.stream?.parts);

  /** Of a unit that talks by itself, also what is asked once and came when the waiting was over. */
  const isStreamed = (part: string) => streamed.has(part) || (streamed.size > 0 && !pending);

  const deal = ({ value, atMs }: Stamped<Answer>): void => {
    if (value.kind === 'rejected') onRejected(value.why);
    else if (value.kind === 'part' && isStreamed(value.part)) {
      o.onStreamed?.(value, atMs);
      if (expected?.part === value.part) expected.settle({ value, atMs });
    } else if (value.kind !== 'more') pending?.settle(value);
  };

  const take = (hearing: Hearing): void => {
    const skipped = hearing.heard.skippedBytes - heard.skippedBytes;
    heard = hearing.heard;
    if (skipped > 0) onRejected(`${skipped} bytes belong to no intact frame`);
    for (const answer of hearing.answers) deal(answer);
  };

  /** A decoder that fails at something must not end the process, in which all other batteries are heard too. */
  const understand = (read: () => Hearing): void => {
    let hearing: Hearing = { answers: [], heard: forgetRest(heard) };
    try {
      hearing = read();
    } catch (error) {
      onRejected(`not understood: ${sentence(error)}`);
    }
    take(hearing);
  };

  const forget = () => take({ answers: [], heard: forgetRest(heard) });

  /** What is half-received of a stream goes on; of an answer it can only be of one that was given up. */
  const forgetBeforeAsking = () => {
    if (streamed.size === 0) forget();
  };

  const listening = () => ({ dialect, request: pending?.request, options: pending?.options });

  const attempt = (request: Uint8Array, limitMs: number, options: DriverOptions | undefined) =>
    new Promise<Answer | undefined>((resolve) => {
      const settle = (answer: Answer | undefined) => {
        cancel();
        pending = undefined;
        resolve(answer);
      };
      const cancel = timers.after(limitMs, () => {
        if (streamed.size === 0) understand(() => hearLast(listening(), heard));
        settle(undefined);
      });
      forgetBeforeAsking();
      pending = { request, options, settle };
      tell(request);
    });

  const tell = (bytes: Uint8Array) => write(bytes).catch((error: Error) => onRejected(error.message));

  const ask: Talk['ask'] = async (request, attemptsMs, options) => {
    isGivenUp = signal.aborted;
    const atMs = timers.now();
    for (const limitMs of attemptsMs) {
      const value = isGivenUp ? undefined : await attempt(request.bytes, limitMs, options);
      if (value) return { value, atMs };
    }
    return undefined;
  };

  const next: Talk['next'] = (part, limitMs) =>
    new Promise((resolve) => {
      const settle: Expected['settle'] = (answer) => {
        cancel();
        expected = undefined;
        resolve(answer);
      };
      const cancel = timers.after(signal.aborted ? 0 : limitMs, () => settle(undefined));
      expected = { part, settle };
    });

  const exchange: Talk['exchange'] = async (bytes, forMs) => {
    const heard: Uint8Array[] = [];
    overhear = (notification) => heard.push(notification);
    await tell(bytes);
    await pause(timers, forMs, signal);
    overhear = () => {};
    return heard;
  };

  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const done = turn ? turn.then(act) : act();
    const mine = done
      .catch(() => {})
      .then(() => {
        if (turn === mine) turn = undefined;
      });
    turn = mine;
    return done;
  };

  const giveUp = () => {
    isGivenUp = true;
    deafUntilMs = timers.now() + DRAIN_MS;
    forget();
    pending?.settle(undefined);
    expected?.settle(undefined);
  };
  signal.addEventListener('abort', giveUp);

  return {
    giveUp,
    tell: (bytes) => inTurn(() => tell(bytes)),
    /** While nothing is asked only a stream is heard: whatever else comes is no answer (BLE reference 1.10, item 2). */
    hear: (notification) => {
      if (timers.now() < deafUntilMs) return;
      overhear(notification);
      if (!pending && streamed.size === 0) return;
      understand(() => hear(listening(), heard, notification, timers.now()));
    },
    next: (part, limitMs) => inTurn(() => next(part, limitMs)),
    ask: (request, attemptsMs, options) => inTurn(() => ask(request, attemptsMs, options)),
    exchange: (bytes, forMs) => inTurn(() => exchange(bytes, forMs)),
  };
}
