import type { Clock } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';
import type { CanLine } from './port.ts';

/** A frame leaves a working bus within a few milliseconds; one that has not after this long has nobody to acknowledge it. */
const STUCK_MS = 500;
/** While frames are held back: how often it is looked whether the old ones left. */
const LOOK_EVERY_MS = 50;
/** While frames are held back: how often one may go all the same, should the kernel have thrown away what waited. */
const PROBE_EVERY_MS = 10_000;

export interface OutflowOptions {
  readonly line: Pick<CanLine, 'traffic'>;
  /** What waited has begun to leave: what is true now may follow at once. */
  readonly onFlow?: (() => void) | undefined;
  readonly clock: Clock;
  readonly after: After;
}

/**
 * Whether what the kernel took also leaves it. While nobody acknowledges, its queue would fill with frames that go out as
 * if they were new when somebody does, hours later: so at most the frames of one beat may wait there.
 */
export interface Outflow {
  /**
   * False while the line is away or what was taken before has not left. `doubted`: the line is in trouble, so a count that never
   * moved is believed, but only where nobody was heard: who talks acknowledges too, so there it is the driver that does not count.
   */
  readonly open: (doubted: boolean) => boolean;
  /** The kernel took a frame. */
  readonly took: () => void;
  /** Somebody else spoke: the line is there, and somebody to acknowledge. */
  readonly heard: () => void;
  /**
   * A line that is down or has no carrier threw away what waited, and would go on so: nothing is let out while it is `stillAway`.
   * An error frame `bus-off` alone is not that: an MCP251x with `restart-ms` keeps its carrier and what waits (mcp251x.c).
   */
  readonly lost: (stillAway: boolean) => void;
  readonly isAway: () => boolean;
  /** True while frames are held back. */
  readonly holding: () => boolean;
  readonly close: () => void;
}

export function watchOutflow({ line, onFlow, clock, after }: OutflowOptions): Outflow {
  const carried = () => line.traffic?.()?.carried;
  let seen = carried();
  let waitingSinceMs: number | undefined;
  let heldSinceMs: number | undefined;
  let away = false;
  let hasCompany = false;
  let cancel = () => {};

  function forget(): void {
    cancel();
    seen = carried();
    waitingSinceMs = undefined;
    heldSinceMs = undefined;
  }

  const isStuck = (doubted: boolean): boolean =>
    seen !== undefined && carried() === seen && (seen > 0 || (doubted && !hasCompany));

  function lost(stillAway: boolean): void {
    away = stillAway;
    forget();
  }

  function look(): void {
    if (isStuck(true)) cancel = after(LOOK_EVERY_MS, look);
    else {
      forget();
      onFlow?.();
    }
  }

  function hold(nowMs: number): false {
    heldSinceMs = nowMs;
    cancel();
    cancel = after(LOOK_EVERY_MS, look);
    return false;
  }

  /** One frame may go: held again at once, unless it leaves. */
  function probe(nowMs: number): boolean {
    if (heldSinceMs === undefined || nowMs - heldSinceMs < PROBE_EVERY_MS) return false;
    heldSinceMs = nowMs;
    return true;
  }

  return {
    open(doubted) {
      if (away) return false;
      const nowMs = clock();
      if (heldSinceMs !== undefined) return probe(nowMs);
      if (waitingSinceMs === undefined || nowMs - waitingSinceMs < STUCK_MS) return true;
      if (isStuck(doubted)) return hold(nowMs);
      forget();
      return true;
    },
    took() {
      waitingSinceMs ??= clock();
    },
    heard() {
      hasCompany = true;
      if (away) lost(false);
    },
    lost,
    isAway: () => away,
    holding: () => heldSinceMs !== undefined,
    close: () => cancel(),
  };
}
