// One line of the bench's table: what was measured, what was found, and what it is held against.

export interface Row {
  /** Which of the bench's parts found it. */
  readonly part: string;
  readonly what: string;
  /** What else the machine did meanwhile; absent is nothing of ours. */
  readonly load?: string;
  /** How many were measured. */
  readonly count?: number;
  /** What the numbers below are in, e.g. `ms` or `MB`. */
  readonly unit?: string;
  readonly perSecond?: number;
  readonly min?: number;
  readonly p50?: number;
  readonly p99?: number;
  readonly p999?: number;
  readonly max?: number;
  readonly cpuPct?: number;
  /** What the process holds, and what it holds when shared pages count in parts. */
  readonly rssMB?: number;
  readonly pssMB?: number;
  /** What physics allows at best, in `unit`. */
  readonly limit?: number;
  /** How many times as fast ours is as this one, in the same run. */
  readonly oursBy?: number;
  /** As design section 9 says it. */
  readonly budget?: string;
  readonly isMet?: boolean;
  /** Why there are no numbers; what to do. */
  readonly missing?: string;
  readonly note?: string;
}

/** One of the bench's parts: rows as they are found. `isQuick`: fewer of everything, to see that it works. */
export type Part = (options: PartOptions) => AsyncGenerator<Row>;

export interface PartOptions {
  readonly isQuick: boolean;
  /** What is going on, for whoever waits. */
  readonly say: (text: string) => void;
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

export type Spread = Required<Pick<Row, 'count' | 'min' | 'p50' | 'p99' | 'p999' | 'max'>>;

/** Of fewer than 1000 values the 99.9th percentile is the longest. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, p50, p99, p999, max] = [0, 0.5, 0.99, 0.999, 1].map((share) => at(sorted, share));
  const { NaN: none } = Number;
  return {
    count: sorted.length,
    min: min ?? none,
    p50: p50 ?? none,
    p99: p99 ?? none,
    p999: p999 ?? none,
    max: max ?? none,
  };
}

/** Spreads a duration or a size, with its budget. */
export const judgedRow = (
  row: Pick<Row, 'part' | 'what' | 'unit'> & Partial<Row>,
  values: readonly number[],
  budget?: string,
  isMet?: (spread: Spread) => boolean,
): Row => {
  const spread = spreadOf(values);
  return { ...row, ...spread, ...(budget !== undefined && isMet && { budget, isMet: isMet(spread) }) };
};
