import type { Freshness, Stamped } from '../model/freshness.ts';
import type { SignalValues } from '../model/signals.ts';
import type { SaidIn } from '../profile/as-read.ts';
import { type Layout, type Slot, sizeOf } from '../profile/layout.ts';

/** Words of two bytes from the start of a layout, the last one not counted in. */
export interface WordSpan {
  readonly from: number;
  readonly to: number;
}

/** A state of the bank, and when it was said. */
export type SaidState = Stamped<SignalValues>;

/** Which state of the bank went out last in which bytes. */
export interface SaidMemory {
  /** These words of a layout went out; all of it where a master cannot ask for a part. */
  readonly keep: (layout: Layout, state: SaidState, words?: WordSpan) => void;
  /** The same later, when the line took an answer: nothing, if there was a silence before that. */
  readonly later: (keep: () => void) => () => void;
  /** What stands in this word of a layout is not of the bank. */
  readonly drop: (layout: Layout, word: number) => void;
  /** Nothing of what was said holds any more: there is silence. */
  readonly forget: () => void;
  /** The state in the bytes of a slot; undefined before all of them went out. */
  readonly in: SaidIn;
  /** The rung of what was said last; undefined where nothing was. */
  readonly rung: () => Freshness | undefined;
}

const wordsIn = (bytes: number): number => Math.ceil(bytes / 2);

const spanOf = (slot: Slot): WordSpan => ({ from: slot.at >> 1, to: wordsIn(slot.at + sizeOf(slot)) });

/** One of several masters may be slow to take its answer. */
const isOlder = (state: SaidState, than: SaidState | undefined): boolean =>
  than !== undefined && state.atMs < than.atMs;

export function saidMemory(): SaidMemory {
  let said = new Map<Layout, (SaidState | undefined)[]>();
  let last: SaidState | undefined;

  function wordsOf(layout: Layout): (SaidState | undefined)[] {
    const held = said.get(layout) ?? Array(wordsIn(layout.length)).fill(undefined);
    said.set(layout, held);
    return held;
  }

  return {
    keep(layout, state, { from, to } = { from: 0, to: wordsIn(layout.length) }) {
      if (!isOlder(state, last)) last = state;
      const words = wordsOf(layout);
      for (let word = from; word < to; word++) if (!isOlder(state, words[word])) words[word] = state;
    },
    later(keep) {
      const since = said;
      return () => {
        if (since === said) keep();
      };
    },
    drop: (layout, word) => wordsOf(layout).fill(undefined, word, word + 1),
    forget() {
      last = undefined;
      said = new Map();
    },
    in(layout, slot) {
      const { from, to } = spanOf(slot);
      const words = said.get(layout)?.slice(from, to) ?? [];
      return words.includes(undefined) ? undefined : words[0];
    },
    rung: () => last && (last.value.freshness ?? 'fresh'),
  };
}
