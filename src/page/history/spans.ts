// The stretch of time that a chart shows, in the reader's own time zone.

export const spans = ['hour', 'day', 'week', 'month', 'year'] as const;
export type Span = (typeof spans)[number];

export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const HOUR_MS = 3_600_000;

/** `count` spans later, or earlier where it is negative. Whole days keep their time of day, also when clocks are set. */
export function moved(span: Span, ms: number, count: number): number {
  if (span === 'hour') return ms + count * HOUR_MS;
  if (span === 'day') return ms + count * 24 * HOUR_MS;
  const date = new Date(ms);
  if (span === 'week') date.setDate(date.getDate() + 7 * count);
  else if (span === 'month') date.setDate(date.getDate() + 30 * count);
  else {
    const day = date.getDate();
    date.setFullYear(date.getFullYear() + count);
    // Of a leap day there is the day before.
    if (date.getDate() !== day) date.setDate(0);
  }
  return date.getTime();
}

export const windowEnding = (span: Span, toMs: number): TimeWindow => ({
  fromMs: moved(span, toMs, -1),
  toMs,
});

/** The window before it, or after it, but never beyond now. */
export function neighbour(span: Span, { toMs }: TimeWindow, count: 1 | -1, nowMs: number): TimeWindow {
  return windowEnding(span, Math.min(nowMs, moved(span, toMs, count)));
}

/** Points of a chart: as many as there are pixels, within what the gateway gives. */
export const pointsFor = (widthPx: number): number => Math.min(1500, Math.max(200, Math.round(widthPx)));
