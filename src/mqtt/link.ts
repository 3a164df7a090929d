// What the rest of this room knows of one connection to the broker.
import type { Cut } from './cutter.ts';
import type { Trouble } from './trouble.ts';

export interface Heard {
  readonly topic: string;
  readonly text: string;
  /** It lay at the broker before we asked. */
  readonly isRetained: boolean;
}

export interface Link {
  /** At least once, and the broker keeps it. `done` when the broker has it. */
  readonly keep: (topic: string, payload: string, done?: () => void) => void;
  /** At most once, not kept; dropped while the broker takes nothing. */
  readonly tell: (topic: string, payload: string) => void;
  readonly subscribe: (topic: string) => void;
  readonly unsubscribe: (topic: string) => void;
  /** Takes leave; resolves when what was said has arrived, or will not. */
  readonly end: () => Promise<void>;
}

export interface LinkEvents {
  readonly up: (link: Link) => void;
  readonly heard: (message: Heard) => void;
  /** A message that was too long to look at. */
  readonly cut: (cut: Cut) => void;
  /** The broker does not let us read this. */
  readonly refused: (topic: string) => void;
  /** Exactly once, and the last that is heard of this link. */
  readonly down: (trouble: Trouble) => void;
}

/** Calls the broker once; `down` says how it ended, also where it never came up. Calling the result gives up. */
export type Dial = (events: LinkEvents) => () => void;
