import { setTimeout as rest } from 'node:timers/promises';
import { monotonicMs } from '../../src/model/freshness.ts';

const LOOK_EVERY_MS = 20;
/** A machine that others use too may be this many times slower. */
const PATIENCE = 6;

/** Looks until there is something to see, and gives it; fails with what was waited for, long after a quiet machine has it. */
export async function until<T>(
  what: string,
  quietMs: number,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const limitMs = PATIENCE * quietMs;
  const endMs = monotonicMs() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (monotonicMs() > endMs) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
    await rest(LOOK_EVERY_MS);
  }
}
