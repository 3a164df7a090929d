import { type HistogramMeter, newHistogram } from '../model/histogram.ts';

export const latenessBoundsMs = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 500] as const;

/** How late beats are, from deadline to first frame. */
export const latenessMeter = (): HistogramMeter => newHistogram(latenessBoundsMs);
