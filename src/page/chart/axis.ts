// Marks of the axis of time in the reader's language and time zone.
import { momentText } from '../format.ts';

const MINUTE_S = 60;
const DAY_S = 86_400;
const YEARLY_S = 28 * DAY_S;

const isMidnight = (s: number): boolean => {
  const date = new Date(s * 1000);
  return date.getHours() === 0 && date.getMinutes() === 0;
};

/** `12:00`, a date where a day begins, a month where marks stand a month apart. */
export const timeMarks = (splits: readonly number[], apartS: number): string[] =>
  splits.map((s) => {
    if (apartS >= YEARLY_S) return momentText(s * 1000, { month: 'short', year: '2-digit' });
    if (apartS >= DAY_S || isMidnight(s)) return momentText(s * 1000, { day: 'numeric', month: 'short' });
    const seconds = apartS < MINUTE_S ? ({ second: '2-digit' } as const) : {};
    return momentText(s * 1000, { hour: '2-digit', minute: '2-digit', ...seconds });
  });
