// Courses over time as a chart takes them: seconds, holes told apart from values, and the spans in which nothing was measured.

export type Values = readonly (number | null)[];

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Holed {
  /** Seconds since 1970, as uPlot counts. */
  readonly xs: number[];
  /** Row by row as they were given, with null where a hole begins. */
  readonly rows: (number | null)[][];
  readonly gaps: Span[];
}

/** A step may come late by half of itself before its absence is a hole. */
const SLACK = 1.5;

/** Puts a null behind each value that the next does not follow within a step, so that no line bridges what was not measured. */
export function holed(atMs: readonly number[], rows: readonly Values[], stepMs: number, whole: Span): Holed {
  const made: Holed = { xs: [], rows: rows.map(() => []), gaps: [] };
  const put = (ms: number, pick: (row: Values) => number | null) => {
    made.xs.push(ms / 1000);
    for (const [r, row] of rows.entries()) made.rows[r]?.push(pick(row));
  };
  let endMs = whole.fromMs;
  for (const [i, ms] of atMs.entries()) {
    if (ms - endMs > (SLACK - 1) * stepMs) {
      if (i > 0) put(endMs, () => null);
      made.gaps.push({ fromMs: endMs, toMs: ms });
    }
    put(ms, (row) => row[i] ?? null);
    endMs = ms + stepMs;
  }
  if (whole.toMs - endMs > (SLACK - 1) * stepMs) made.gaps.push({ fromMs: endMs, toMs: whole.toMs });
  return made;
}

/** Places of samples with no sample beside them. */
export const lonely = (values: ArrayLike<number | null | undefined>): number[] =>
  Array.from(values, (_, i) => i).filter(
    (i) => typeof values[i] === 'number' && values[i - 1] == null && values[i + 1] == null,
  );
