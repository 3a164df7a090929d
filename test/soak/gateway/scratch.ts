// What must lie in the register for link tests: what was written last and whole, and nothing that a damaged write said.
export interface Scratch {
  /** A write is on its way: whether it is taken is not known until it is answered. */
  readonly writing: () => void;
  readonly written: (value: number) => void;
  readonly read: (value: number) => void;
  readonly restarted: () => void;
}

export function scratch(fail: (sentence: string) => void): Scratch {
  let stored: number | undefined;
  return {
    writing() {
      stored = undefined;
    },
    written(value) {
      stored = value;
    },
    read(value) {
      if (stored !== undefined && value !== stored)
        fail(
          `register 0186 reads ${value}, ${stored} was written: a damaged write was executed, or a true one lost`,
        );
      stored = value;
    },
    restarted() {
      stored = undefined;
    },
  };
}
