// What an answer told, between the moment at which it was made and that at which the line took it.

/** To be called once the line took the answer. */
export type Taken = () => void;

export interface Underway {
  /** Gives the frame. */
  readonly leaves: (frame: Uint8Array, taken: Taken | undefined) => Uint8Array;
  readonly taken: (frame: Uint8Array) => void;
}

/** An answer that is never sent is forgotten with its bytes. */
export function newUnderway(): Underway {
  const told = new WeakMap<Uint8Array, Taken>();
  return {
    leaves(frame, taken) {
      if (taken) told.set(frame, taken);
      return frame;
    },
    taken: (frame) => told.get(frame)?.(),
  };
}
