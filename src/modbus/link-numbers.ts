// What a link knows of itself as numbers: how long answers took, which were late or dropped, what was asked.
import { type HistogramMs, newHistogram } from '../model/histogram.ts';
import type { WireCounts, WireHealth } from '../model/wire-health.ts';
import type { AskedTable } from './asked.ts';
import type { Closable } from './link.ts';

/** Around t3.5 of the usual speeds (1.75 to 3.65 ms) and the budgets of 5, 20 and 250 ms. */
export const answerBoundsMs = [0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 7, 10, 20, 50, 100, 250] as const;

/** An answer that leaves so long after it was due is late. */
const LATE_MS = 20;

export type LinkNumbers = Pick<WireHealth, 'counts' | 'asked' | 'askedOthers' | 'answerTime' | 'masters'>;

/** A link that tells its numbers; what it gives is a copy. */
export interface MeasuredLink extends Closable {
  readonly numbers: () => LinkNumbers;
}

export interface AnswerTimes {
  /** From the last byte of the request to the moment when the port took the answer, of which `dueMs` were waited on purpose. */
  readonly given: (ms: number, dueMs: number) => void;
  /** The answer was not sent: the master asked again before, or we stood still for too long. */
  readonly dropped: () => void;
  readonly read: () => { readonly answerTime: HistogramMs; readonly counts: WireCounts };
}

export function answerTimes(): AnswerTimes {
  const meter = newHistogram(answerBoundsMs);
  let lateAnswers = 0;
  let droppedAnswers = 0;
  return {
    given(ms, dueMs) {
      meter.observe(ms);
      if (ms - dueMs > LATE_MS) lateAnswers++;
    },
    dropped: () => void droppedAnswers++,
    read: () => ({ answerTime: meter.read(), counts: { lateAnswers, droppedAnswers } }),
  };
}

/** All numbers of a link, from those of its parts. */
export function linkNumbers(counters: WireCounts, times: AnswerTimes, table: AskedTable): LinkNumbers {
  const { answerTime, counts } = times.read();
  const { asked, others } = table.read();
  return { counts: { ...counters, ...counts }, answerTime, asked, askedOthers: others };
}
