import { BUILT_MS, type Clock } from '../model/freshness.ts';

const STEP_MS = 60_000;
/** A clock that is wrong at the start is set within minutes. */
const SETTLED_MS = 600_000;

/** The wall clock beside the monotonic one: whether it can be believed, and for how long nobody has set it. */
export class TrustedClock {
  readonly #clock: Clock;
  readonly #wall: () => number;
  #apartMs = Number.NaN;
  #steadySinceMs = 0;

  constructor(clock: Clock, wall: () => number) {
    this.#clock = clock;
    this.#wall = wall;
  }

  /** Ms since 1970, or undefined before 2020: nothing shall be kept under such a date. */
  now(): number | undefined {
    const wallMs = this.#wall();
    return wallMs < BUILT_MS ? undefined : wallMs;
  }

  /** Of a monotonic moment, as far as the clock is right now. */
  of(atMs: number): number | undefined {
    const nowMs = this.now();
    return nowMs === undefined ? undefined : nowMs - (this.#clock() - atMs);
  }

  /** Since when it has gone on without a step, monotonic, as `isSettled` last saw it. */
  get steadySinceMs(): number {
    return this.#steadySinceMs;
  }

  /** Asked again and again: true once the clock has gone on for ten minutes without a step. Nothing old is dropped sooner. */
  isSettled(): boolean {
    const nowMs = this.#clock();
    const apartMs = this.#wall() - nowMs;
    if (!(Math.abs(apartMs - this.#apartMs) <= STEP_MS)) this.#steadySinceMs = nowMs;
    this.#apartMs = apartMs;
    return nowMs - this.#steadySinceMs >= SETTLED_MS;
  }
}
