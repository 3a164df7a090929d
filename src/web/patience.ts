// Who tries and fails again and again waits, longer each time.
import type { Clock } from '../model/freshness.ts';

export interface PatienceOptions {
  /** So many failures are free. */
  readonly free: number;
  /** The first wait; each further failure doubles it. */
  readonly firstMs: number;
  readonly mostMs: number;
}

/** A key that did not fail for so long begins anew. */
const FORGET_MS = 60 * 60_000;
/** More are not remembered: memory is not theirs to fill. The one that failed longest ago is forgotten first. */
const MOST_KEYS = 2000;

export interface Patience {
  /** How long this key has still to wait, ms; 0 is not at all. */
  readonly waitMs: (key: string) => number;
  readonly failed: (key: string) => void;
  readonly succeeded: (key: string) => void;
}

export function newPatience(clock: Clock, { free, firstMs, mostMs }: PatienceOptions): Patience {
  const failures = new Map<string, { readonly count: number; readonly atMs: number }>();
  const known = (key: string) => {
    const entry = failures.get(key);
    return entry && clock() - entry.atMs <= FORGET_MS ? entry : undefined;
  };
  return {
    waitMs(key) {
      const entry = known(key);
      if (!entry || entry.count < free) return 0;
      const waitMs = Math.min(mostMs, firstMs * 2 ** (entry.count - free));
      return Math.max(0, entry.atMs + waitMs - clock());
    },
    failed(key) {
      const count = (known(key)?.count ?? 0) + 1;
      failures.delete(key);
      failures.set(key, { count, atMs: clock() });
      for (const oldest of failures.keys()) {
        if (failures.size <= MOST_KEYS) break;
        failures.delete(oldest);
      }
    },
    succeeded: (key) => void failures.delete(key),
  };
}

/** All addresses of one line of the telephone company are one: an IPv6 household has 2^64 of them. */
export function household(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [head = '', tail = ''] = (address.split('%')[0] ?? '').split('::');
  const groups = [head, tail].map((part) => (part === '' ? [] : part.split(':')));
  const [front = [], back = []] = groups;
  const all = [...front, ...Array(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
  return all.slice(0, 4).join(':');
}
