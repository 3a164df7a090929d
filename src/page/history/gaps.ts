// Where nothing, or not enough, was measured.
import type { PastCourse } from '../../model/api/past.ts';
import type { TimeWindow } from './spans.ts';

/** A step of which less than this share was measured is shaded. */
const LEAST_COVERED = 0.5;

const joined = (gaps: TimeWindow[], { fromMs, toMs }: TimeWindow): TimeWindow[] => {
  const last = gaps.at(-1);
  if (!last || last.toMs < fromMs) return [...gaps, { fromMs, toMs }];
  return [...gaps.slice(0, -1), { fromMs: last.fromMs, toMs: Math.max(last.toMs, toMs) }];
};

/** Missing steps and thin ones within the window, in order. The step that is still being gathered is none. */
export function gapsOf(
  { at_ms, covered_ms, step_ms }: PastCourse,
  { fromMs, toMs }: TimeWindow,
): TimeWindow[] {
  const missing: TimeWindow[] = [];
  let knownToMs = Math.floor(fromMs / step_ms) * step_ms;
  const isOver = (atMs: number) => atMs + step_ms <= toMs;
  for (const [i, atMs] of at_ms.entries()) {
    if (atMs > knownToMs) missing.push({ fromMs: knownToMs, toMs: atMs });
    if (isOver(atMs) && (covered_ms[i] ?? 0) < step_ms * LEAST_COVERED)
      missing.push({ fromMs: atMs, toMs: atMs + step_ms });
    knownToMs = atMs + step_ms;
  }
  if (knownToMs + step_ms < toMs) missing.push({ fromMs: knownToMs, toMs });
  return missing
    .map((gap) => ({ fromMs: Math.max(gap.fromMs, fromMs), toMs: Math.min(gap.toMs, toMs) }))
    .filter((gap) => gap.fromMs < gap.toMs)
    .reduce(joined, []);
}
