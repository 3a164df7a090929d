import { WINDOW_MS } from './ration.ts';

/** So many begins within ten minutes are told one by one; the next one stays until it has been away for ten minutes. */
export const MOST_BEGINS = 5;
/** Keys that are remembered. */
const MOST_KEYS = 1000;

/** Notes that something begins; true when it has come so often of late that it is one event from now on. */
export function watchFlapping(): (key: string, atMs: number) => boolean {
  const begins = new Map<string, readonly number[]>();
  return (key, atMs) => {
    const recent = (begins.get(key) ?? []).filter((ms) => atMs - ms < WINDOW_MS);
    if (begins.size >= MOST_KEYS) begins.clear();
    begins.set(key, [...recent, atMs]);
    return recent.length >= MOST_BEGINS;
  };
}
