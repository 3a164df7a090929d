/** So long is counted together. */
export const WINDOW_MS = 600_000;
/** Keys that are remembered; a stranger's words must not fill the memory. */
const MOST_KEYS = 500;

interface Tally {
  readonly sinceMs: number;
  readonly said: number;
  readonly withheld: number;
}

/**
 * Of what comes again and again lets a few through in ten minutes. Gives how many were withheld before this one, which is
 * told, or undefined where this one is withheld too.
 */
export function rationed(most: number): (key: string, nowMs: number) => number | undefined {
  const tallies = new Map<string, Tally>();
  return (key, nowMs) => {
    const was = tallies.get(key);
    const goesOn = was && nowMs - was.sinceMs < WINDOW_MS;
    if (goesOn && was.said >= most) {
      tallies.set(key, { ...was, withheld: was.withheld + 1 });
      return undefined;
    }
    if (tallies.size >= MOST_KEYS) tallies.clear();
    tallies.set(key, goesOn ? { ...was, said: was.said + 1 } : { sinceMs: nowMs, said: 1, withheld: 0 });
    return goesOn ? 0 : (was?.withheld ?? 0);
  };
}

/** Keys are one where only numbers set them apart. */
export const withoutNumbers = (text: string): string => text.replace(/\d+(\.\d+)?/g, '#');
