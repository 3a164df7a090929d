import type { Evaluation } from '../bank/memory.ts';
import type { Around } from '../blackbox/tape.ts';
import type { Evaluating } from './evaluation.ts';
import { leavingsData } from './left-data.ts';
import type { Served } from './served.ts';
import { openTape, type Tape, type TapeGround } from './tape.ts';
import { type WatchedTalk, watchedTalk } from './watched-talk.ts';

export interface KeptTapeOptions extends Omit<TapeGround, 'now'> {
  /** A black box is kept. */
  readonly isKept: boolean;
  /** Somebody may want to watch. */
  readonly isShown: boolean;
  readonly evaluation: () => Evaluating;
  /** Undefined until there are wires. */
  readonly served: () => Served | undefined;
}

export interface KeptTape {
  /** Absent where no black box is kept and nobody can watch. */
  readonly tape: Tape | undefined;
  /** What the hands know, for the next evaluation; gives it back. */
  readonly surrounded: (around: Around) => Around;
  readonly evaluated: (state: Evaluation) => void;
  /** Somebody begins to watch, or nobody does any more. A tape of a black box runs anyhow, and leaves only whole telegrams out. */
  readonly watch: WatchedTalk['watch'];
}

/** The tape of a gateway. It begins once there are wires: what they remember belongs to its start. */
export function keptTape(options: KeptTapeOptions): KeptTape {
  const { isKept, isShown, evaluation, served, ...ground } = options;
  const now = () => ({ samples: evaluation().samples(), left: leavingsData(served()?.left() ?? new Map()) });
  const watched = !isKept && isShown ? watchedTalk(ground) : undefined;
  let isWatched = false;
  const tape = isKept ? openTape({ ...ground, now, isWatched: () => isWatched }) : watched?.tape;
  let around: Around = {};
  return {
    tape,
    watch(isOn) {
      isWatched = isOn;
      watched?.watch(isOn);
    },
    surrounded(known) {
      around = known;
      return known;
    },
    evaluated(state) {
      if (served()) tape?.evaluated(state, around);
    },
  };
}
