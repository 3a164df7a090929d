// A wire that says nothing yet, after a start: until its first image, and not for ever.
import type { Clock } from '../../../src/model/freshness.ts';
import type { Stillness } from '../stillness.ts';
import type { Excuses } from './excuses.ts';

export interface Silence {
  readonly isOpen: () => boolean;
  readonly end: () => void;
  /** Something of this moment came; what is older than the silence does not end it. */
  readonly heard: (atMs: number) => boolean;
  /** Ends it when it has lasted too long, without what the machine stood still. */
  readonly look: (nowMs: number) => void;
}

export function silence(
  excuses: Excuses,
  afterMs: number,
  limitMs: number,
  { clock, stillness }: { readonly clock: Clock; readonly stillness: Pick<Stillness, 'between'> },
): Silence {
  const fromMs = clock();
  const endExcuse = excuses.begin(fromMs, afterMs);
  let isOpen = true;
  const end = () => {
    if (isOpen) endExcuse(clock());
    isOpen = false;
  };
  return {
    isOpen: () => isOpen,
    end,
    heard(atMs) {
      const isFirst = isOpen && atMs > fromMs;
      if (isFirst) end();
      return isFirst;
    },
    look(nowMs) {
      if (nowMs - fromMs > limitMs + stillness.between(fromMs, nowMs)) end();
    },
  };
}
