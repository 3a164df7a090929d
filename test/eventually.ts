import { vi } from 'vitest';

/** A machine that others use too may take its time. */
const LIMIT_MS = 60_000;

/** Waits until this holds. */
export const eventually = <T>(holds: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(holds, { timeout: LIMIT_MS });
