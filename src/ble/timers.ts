import type { Timers } from '../model/timers.ts';

/** Waits `ms`, less when one of the signals ends it. Never throws: look at the signals afterwards. */
export function pause(timers: Timers, ms: number, ...signals: readonly AbortSignal[]): Promise<void> {
  if (signals.some(({ aborted }) => aborted)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = timers.after(ms, done);
    for (const signal of signals) signal.addEventListener('abort', done);
  });
}

/** The promise, or an error that names the time after `ms`. What the promise does later is ignored. */
export function within<T>(timers: Timers, ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(ms, () => reject(new Error(`no answer within ${ms / 1000} s`)));
    promise.then(resolve, reject).finally(cancel);
  });
}

/** The promise, or the signal's reason as soon as it is aborted. */
export function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
