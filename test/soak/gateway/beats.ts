// The rhythm of a CAN wire: every frame of the family in each second, on deadlines that never drift, nothing twice, no burst.
import type { Stillness } from '../stillness.ts';

export const FAMILY: readonly number[] = [0x351, 0x355, 0x356, 0x359, 0x35c, 0x35e];
const EVERY_MS = 1000;
/** Beats that show where the deadlines are. */
const LEARNT_FROM = 5;
/** A limit that becomes zero amid a beat renews what was said before it, each id 100 ms after its last frame. */
const SETTLED_MS = 150;
/** The frames of one beat follow each other with 5 ms between them. */
const BEAT_MS = 100;
/** A fall takes so long. */
const RAMP_MS = 10_000;
/** So late may a beat be on a machine that runs; more is told as a missing one. */
const LOOSE_MS = 100;
/** More frames of one id within half a second are a burst; one may come between two beats when a limit becomes zero. */
const MOST_IN_HALF = 2;

export interface Frame {
  /** Monotonic. */
  readonly atMs: number;
  readonly id: number;
  readonly data: Buffer;
}

export interface BeatsOptions {
  readonly stillness: Pick<Stillness, 'between'>;
  readonly fail: (sentence: string) => void;
  /** The wire could not carry all of this time. */
  readonly isExcused: (fromMs: number, toMs: number) => boolean;
  /** All frames of one beat, with what was renewed at once; at its last frame. */
  readonly onBeat: (frames: ReadonlyMap<number, Buffer>, atMs: number) => void;
}

export interface Beats {
  readonly hear: (frame: Frame) => void;
  /** Whoever speaks began anew: so do its deadlines. */
  readonly restarted: () => void;
  /** Nothing came until now: is that too long? */
  readonly look: (nowMs: number) => void;
  readonly count: () => number;
  /** From each deadline to its frame. */
  readonly latenessMs: readonly number[];
}

const ms = (value: number): string => `${value.toFixed(0)} ms`;

export function beats({ stillness, fail, isExcused, onBeat }: BeatsOptions): Beats {
  let lastLimits: Buffer | undefined;
  /** Since the beat began, and when they were whole. */
  let frames = new Map<number, Buffer>();
  let whole: { readonly frames: Map<number, Buffer>; readonly atMs: number } | undefined;
  const recent = new Map<number, number[]>();
  const latenessMs: number[] = [];
  let phaseMs: number | undefined;
  let earliestMs = 0;
  let first: number[] = [];
  let lastMs: number | undefined;
  let toldMs = 0;
  let urgentMs = Number.NEGATIVE_INFINITY;
  let fallMs = Number.NEGATIVE_INFINITY;
  let count = 0;

  /** From the deadline next to it; deadlines are where most of the first five beats were, or a little before: those may have been late. */
  const offsetOf = (atMs: number, phase: number): number => {
    const offset = (((atMs - phase) % EVERY_MS) + EVERY_MS) % EVERY_MS;
    return offset > EVERY_MS / 2 ? offset - EVERY_MS : offset;
  };

  function learn(atMs: number): void {
    first.push(atMs);
    const [reference = atMs] = first;
    const offsets = first.map((one) => offsetOf(one, reference)).sort((a, b) => a - b);
    if (first.length < LEARNT_FROM) return;
    phaseMs = reference + (offsets[LEARNT_FROM >> 1] ?? 0);
    earliestMs = phaseMs - LOOSE_MS;
  }

  function judgeGap(atMs: number): void {
    if (lastMs === undefined) return;
    const gapMs = atMs - lastMs;
    const stillMs = stillness.between(lastMs, atMs);
    // A beat that was swallowed is not made up for: the next deadline counts.
    const swallowedMs = stillMs > EVERY_MS / 2 ? EVERY_MS : 0;
    if (gapMs <= EVERY_MS + LOOSE_MS + stillMs + swallowedMs || isExcused(lastMs, atMs)) return;
    fail(`no beat for ${ms(gapMs)}`);
  }

  function judgeDeadline({ atMs, data }: Frame, before: Buffer | undefined): void {
    if (phaseMs === undefined) {
      learn(atMs);
      return;
    }
    const lateMs = offsetOf(atMs, phaseMs);
    if (lateMs < 0 && phaseMs + lateMs > earliestMs) phaseMs += lateMs;
    latenessMs.push(Math.max(0, lateMs));
    // What is before one deadline by more than is loose is late for the one before.
    const byMs = lateMs < -LOOSE_MS ? lateMs + EVERY_MS : lateMs;
    const isOff = byMs > LOOSE_MS + stillness.between(atMs - EVERY_MS, atMs);
    if (isOff && !isExcused(atMs - EVERY_MS, atMs))
      fail(
        `a beat ${ms(byMs)} after its deadline (${data.toString('hex')} after ${before?.toString('hex')})`,
      );
  }

  const isZero = (data: Buffer): boolean => data.readInt16LE(2) === 0 || data.readInt16LE(4) === 0;

  /** Old data is told at once, and then both limits begin to fall; that happens once in a ramp. */
  function beginsToFall(data: Buffer, before: Buffer, atMs: number): boolean {
    const falls = [2, 4].every((at) => data.readInt16LE(at) < before.readInt16LE(at));
    return falls && atMs - fallMs > RAMP_MS;
  }

  /** A limit that has become zero does not wait for the beat, nor does the sign of old data. */
  function isUrgent({ id, data, atMs }: Frame): boolean {
    if (id !== 0x351 || !lastLimits) return atMs - urgentMs < BEAT_MS;
    const isBetween =
      phaseMs === undefined
        ? atMs - (lastMs ?? 0) < EVERY_MS - LOOSE_MS
        : Math.abs(offsetOf(atMs, phaseMs)) > BEAT_MS / 2;
    const begins = isBetween && beginsToFall(data, lastLimits, atMs);
    if (begins) fallMs = atMs;
    if (begins || (isBetween && isZero(data) && !lastLimits.equals(data))) urgentMs = atMs;
    return atMs - urgentMs < BEAT_MS;
  }

  function judgeBurst({ id, atMs }: Frame): void {
    const times = [...(recent.get(id) ?? []), atMs].filter((one) => atMs - one < EVERY_MS / 2);
    recent.set(id, times);
    if (times.length > MOST_IN_HALF)
      fail(`a burst: ${times.length} frames ${id.toString(16)} within ${ms(atMs - (times[0] ?? 0))}`);
  }

  function settle(nowMs: number): void {
    if (!whole || nowMs - whole.atMs < SETTLED_MS) return;
    onBeat(whole.frames, whole.atMs);
    whole = undefined;
  }

  return {
    hear(frame) {
      const { id, data, atMs } = frame;
      settle(atMs);
      judgeBurst(frame);
      const urgent = isUrgent(frame);
      const before = lastLimits;
      if (id === 0x351) lastLimits = data;
      if (id === 0x351 && !urgent) {
        judgeGap(atMs);
        judgeDeadline(frame, before);
        lastMs = atMs;
        count++;
        frames = new Map();
        whole = undefined; // what was being renewed goes on as part of this beat
      }
      frames.set(id, data);
      if (frames.size === FAMILY.length) whole = { frames, atMs };
    },
    restarted() {
      [phaseMs, first] = [undefined, []];
    },
    look(nowMs) {
      settle(nowMs);
      if (lastMs === undefined || nowMs - Math.max(lastMs, toldMs) < 2 * EVERY_MS) return;
      judgeGap(nowMs);
      toldMs = nowMs;
    },
    count: () => count,
    latenessMs,
  };
}
