import type { Evaluation } from '../bank/memory.ts';
import type { Around } from '../blackbox/tape.ts';
import type { Evaluating } from './evaluation.ts';
import { leavingsData } from './left-data.ts';
import type { Served } from './served.ts';
import { openTape, type Tape, type TapeGround } from './tape.ts';

export interface KeptTapeOptions extends Omit<TapeGround, 'now'> {
  readonly isKept: boolean;
  readonly evaluation: () => Evaluating;
  /** Undefined until there are wires. */
  readonly served: () => Served | undefined;
}

export interface KeptTape {
  /** Absent where no black box is kept. */
  readonly tape: Tape | undefined;
  /** What the hands know, for the next evaluation; gives it back. */
  readonly surrounded: (around: Around) => Around;
  readonly evaluated: (state: Evaluation) => void;
}

/** The tape of a gateway. It begins once there are wires: what they remember belongs to its start. */
export function keptTape({ isKept, evaluation, served, ...ground }: KeptTapeOptions): KeptTape {
  const now = () => ({ samples: evaluation().samples(), left: leavingsData(served()?.left() ?? new Map()) });
  const tape = isKept ? openTape({ ...ground, now }) : undefined;
  let around: Around = {};
  return {
    tape,
    surrounded(known) {
      around = known;
      return known;
    },
    evaluated(state) {
      if (served()) tape?.evaluated(state, around);
    },
  };
}
