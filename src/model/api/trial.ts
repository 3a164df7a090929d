// A profile that is being written, held against the one in force.

export interface TrialProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** One place on the wire: a frame, or a register. */
export interface TrialRow {
  /** `0x351`, `0x0100`, or the name of an answer. */
  readonly place: string;
  /** Hex; absent where this one does not say it. */
  readonly now?: string;
  readonly then?: string;
  /** What the bytes mean, one line a signal. */
  readonly now_text: readonly string[];
  readonly then_text: readonly string[];
  readonly is_changed: boolean;
}

export type Trial =
  | { readonly problems: readonly TrialProblem[] }
  /** It proved its own examples. `rows` are made of the bank as it is now; `why` says why they could not be. */
  | {
      readonly problems: readonly [];
      readonly profile: string;
      readonly rows: readonly TrialRow[];
      readonly why?: string;
    };
