// How long ago something was, also across boots, on a machine whose wall clock may be set at any time.
import type { Clock } from '../model/freshness.ts';

/** A moment as it is kept. */
export interface Moment {
  /** By the running time, whole ms. */
  readonly ran_ms: number;
  /** By the wall clock as it stood when this was kept, ms since 1970. */
  readonly wall_ms: number;
}

/** How far the running time had come in which boot. */
export interface Reckoning {
  readonly boot: string;
  /** Since that boot. */
  readonly mono_ms: number;
  readonly ran_ms: number;
}

/** The reckoning is to be kept so often; a boot counts for so much more, because so much may have gone by unkept. */
export const RECKON_MS = 15 * 60_000;

/**
 * The running time counts while the machine is on, through all boots; nobody can set it, and it never goes back.
 *
 * Of a moment of this boot that time alone is asked: whoever sets the wall clock makes nothing older or younger. How long the
 * machine was off only the wall clock can tell: a moment of an earlier boot is as old as the wall clock says, at least as old as
 * the running time says. So a wall clock that stands too early (a Pi without a battery for its clock, until NTP comes) throws
 * nobody out, and each boot and each hour in it still make every moment older; set right, it counts from then on. One that is
 * set too late makes moments of earlier boots too old, never one too young.
 */
export interface LastingClock {
  readonly now: () => Moment;
  /** Never negative. */
  readonly sinceMs: (moment: Moment) => number;
  /** By the running time alone: at least so long, whatever the wall clock says. */
  readonly ranSinceMs: (moment: Moment) => number;
  /** As it is to be kept: dated by the wall clock of now where it is of this boot. */
  readonly dated: (moment: Moment) => Moment;
  readonly reckoning: () => Reckoning;
  /** The wall clock less the monotonic one, ms: it moves when somebody sets the clock. */
  readonly apartMs: () => number;
}

export interface LastingGround {
  /** Since the boot. */
  readonly clock: Clock;
  readonly wallClock: () => number;
  readonly boot: string;
}

/** What the running time was when this boot began, ms. */
function beganAt(boot: string, before: Reckoning | undefined): number {
  if (!before) return 0;
  return before.boot === boot ? before.ran_ms - before.mono_ms : before.ran_ms + RECKON_MS;
}

/** `before`: the newest that was kept. */
export function lastingClock(
  { clock, wallClock, boot }: LastingGround,
  before: Reckoning | undefined,
): LastingClock {
  const beganMs = beganAt(boot, before);
  const monoMs = () => Math.floor(clock());
  const ranMs = () => beganMs + monoMs();
  const now = (): Moment => ({ ran_ms: ranMs(), wall_ms: Math.round(wallClock()) });
  const ranSinceMs = (moment: Moment): number => Math.max(0, ranMs() - moment.ran_ms);
  const isOfThisBoot = ({ ran_ms }: Moment): boolean => ran_ms >= beganMs;
  return {
    now,
    ranSinceMs,
    sinceMs(moment) {
      const ranForMs = ranSinceMs(moment);
      return isOfThisBoot(moment) ? ranForMs : Math.max(ranForMs, wallClock() - moment.wall_ms);
    },
    dated(moment) {
      if (!isOfThisBoot(moment)) return moment;
      const wall_ms = Math.max(0, now().wall_ms - (ranMs() - moment.ran_ms));
      return { ran_ms: moment.ran_ms, wall_ms };
    },
    reckoning: () => ({ boot, mono_ms: monoMs(), ran_ms: ranMs() }),
    apartMs: () => wallClock() - clock(),
  };
}
