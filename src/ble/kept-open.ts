import { sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import type { AdapterReport } from './port.ts';
import { pause } from './timers.ts';

const LONGEST_MS = 60_000;

/** 1, 2, 4 … 60 s. */
export const againMs = (failures: number): number =>
  Math.min(1000 * 2 ** Math.max(0, failures - 1), LONGEST_MS);

/** What is open, and the signal whose reason says why it is not any more. */
export interface Opened<T> {
  readonly held: T;
  readonly gone: AbortSignal;
}

export interface KeptOpenOptions<T> {
  readonly timers: Timers;
  /** Rejects with the one sentence. */
  readonly open: () => Promise<Opened<T>>;
  readonly end: (held: T) => Promise<void>;
  /** It is gone; what was known by it is not any more. */
  readonly lost: () => void;
}

/** Something that is opened once and, when it is lost, again and again until `close`. */
export interface KeptOpen<T> {
  /** Rejects when it cannot be had the first time: whoever asked asks again. */
  readonly open: () => Promise<void>;
  /** What is open now; throws the sentence why nothing is. */
  readonly held: () => T;
  readonly isOpen: () => boolean;
  readonly onAdapter: (hear: (report: AdapterReport) => void) => void;
  readonly close: () => Promise<void>;
}

export function keptOpen<T>({ timers, open, end, lost }: KeptOpenOptions<T>): KeptOpen<T> {
  let opened: Opened<T> | undefined;
  let why = 'it is not open';
  let closing = new AbortController();
  let onAdapter = (_report: AdapterReport) => {};

  const onGone = (was: Opened<T>, signal: AbortSignal) => {
    if (opened !== was) return;
    opened = undefined;
    why = sentence(was.gone.reason);
    lost();
    if (signal.aborted) return;
    onAdapter({ state: 'missing', why });
    void again(signal);
  };

  /** One that comes up after `close` is not wanted any more. */
  const openOnce = async (signal: AbortSignal) => {
    const fresh = await open();
    if (signal.aborted) {
      await end(fresh.held);
      throw new Error('it was closed');
    }
    opened = fresh;
    onAdapter({ state: 'ready' });
    fresh.gone.addEventListener('abort', () => onGone(fresh, signal));
    if (fresh.gone.aborted) onGone(fresh, signal);
  };

  const again = async (signal: AbortSignal) => {
    for (let failures = 1; ; failures++) {
      await pause(timers, againMs(failures), signal);
      if (signal.aborted) return;
      try {
        return await openOnce(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (sentence(error) !== why) onAdapter({ state: 'missing', why: sentence(error) });
        why = sentence(error);
      }
    }
  };

  return {
    open: async () => {
      if (opened) return;
      closing.abort();
      closing = new AbortController();
      await openOnce(closing.signal);
    },
    held: () => {
      if (!opened) throw new Error(why);
      return opened.held;
    },
    isOpen: () => opened !== undefined,
    onAdapter: (hear) => {
      onAdapter = hear;
    },
    close: async () => {
      closing.abort();
      if (opened) await end(opened.held);
    },
  };
}
