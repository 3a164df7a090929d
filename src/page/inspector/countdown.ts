import { DASH } from '../format.ts';

/** What is left, to the second: `9:42`. */
export function countdownText(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return DASH;
  const s = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}
