// Everything that is seen from outside of a gateway under attack: both wires, each held against the books of the units.
import type { Clock } from '../../../src/model/freshness.ts';
import type { Stillness } from '../stillness.ts';
import type { SoakUnit } from '../unit.ts';
import { type Beats, beats, type Frame } from './beats.ts';
import { type Excuses, excuses } from './excuses.ts';
import { imageOfFrames, imageOfRegisters, isTornInItself } from './image.ts';
import { type Ladder, type Limits, ladder } from './ladder.ts';
import { reachable } from './reachable.ts';
import { silence } from './silence.ts';

/** Until the first bank of all. */
const START_MS = 60_000;
/** A beat is made before its last frame is sent: what the line said just before that may be newer. */
const AHEAD_MS = 300;
/** A wire that was excused so lately may not have told the newest yet. */
const JUST_BACK_MS = 4000;

export interface WatchOptions {
  readonly units: readonly SoakUnit[];
  readonly most: Limits;
  readonly clock: Clock;
  /** Within this it answers again after it was killed. */
  readonly restartMs: number;
  readonly stillness: Pick<Stillness, 'between'>;
  readonly fail: (sentence: string) => void;
}

export interface Watch {
  readonly line: Ladder;
  readonly can: Ladder;
  readonly beats: Beats;
  readonly lineExcuses: Excuses;
  readonly canExcuses: Excuses;
  readonly registers: (words: readonly number[], atMs: number) => void;
  readonly frame: (frame: Frame) => void;
  /** Some unit cannot be heard from now on; the result ends that. */
  readonly hinder: () => () => void;
  /** The wires process ended and will be started again. */
  readonly restarted: () => void;
  /** Ten times a second, after a look at how long the machine stood still: what came before is judged now. */
  readonly look: () => void;
  /** From the end of the wires process to its first answer. */
  readonly backMs: readonly number[];
}

export function watch(o: WatchOptions): Watch {
  const { stillness, fail, clock } = o;
  const [lineExcuses, canExcuses] = [excuses(), excuses()];
  const reach = reachable(o);
  const backMs: number[] = [];
  const pending: (() => void)[] = [];
  const common = { ...o, onStale: reach.onStale };
  const line = ladder({ ...common, wire: 'line' });
  const can = ladder({ ...common, wire: 'can', floor: (atMs) => line.lastAt(atMs - AHEAD_MS) });
  const rhythm = beats({
    stillness,
    fail: (sentence) => fail(`can: ${sentence}`),
    isExcused: canExcuses.covers,
    onBeat(frames, atMs) {
      quiet.can.heard(atMs);
      // Of a beat that was cut off, some frames are of the image before.
      const isCutOff =
        canExcuses.covers(atMs - AHEAD_MS, atMs + AHEAD_MS) ||
        stillness.between(atMs, atMs + AHEAD_MS) > 0.9 * AHEAD_MS;
      if (isCutOff) return;
      const image = imageOfFrames(frames, atMs);
      if (image) can.see(image);
      else fail('can: a frame of another length than the documented one');
    },
  });
  const silenced = (limitMs: number) => ({
    line: silence(lineExcuses, 0, limitMs, o),
    can: silence(canExcuses, 1500, limitMs, o),
  });
  let endedMs: number | undefined;
  let endHindrance = reach.hinder();
  let quiet = silenced(START_MS);

  function answered(atMs: number): void {
    if (!quiet.line.heard(atMs)) return;
    endHindrance();
    if (endedMs !== undefined) backMs.push(atMs - endedMs);
    endedMs = undefined;
  }

  function isWell(nowMs: number): boolean {
    const isJustBack = [lineExcuses, canExcuses].some((one) => one.covers(nowMs - JUST_BACK_MS, nowMs));
    return isJustBack || (line.isWell() && can.isWell());
  }

  return {
    line,
    can,
    beats: rhythm,
    lineExcuses,
    canExcuses,
    backMs,
    hinder: reach.hinder,
    registers: (words, atMs) =>
      void pending.push(() => {
        answered(atMs);
        if (isTornInItself(words))
          fail(`line: the core triple and its finer twin differ: ${words.join(' ')}`);
        line.see(imageOfRegisters(words, atMs));
      }),
    frame: (frame) => void pending.push(() => rhythm.hear(frame)),
    restarted() {
      endedMs = clock();
      for (const one of [quiet.line, quiet.can]) one.end();
      endHindrance();
      endHindrance = reach.hinder();
      quiet = silenced(o.restartMs);
      line.restarted();
      rhythm.restarted();
    },
    look() {
      const nowMs = clock();
      for (const judge of pending.splice(0)) judge();
      for (const one of [quiet.line, quiet.can]) one.look(nowMs);
      rhythm.look(nowMs - 200);
      reach.look(nowMs, isWell(nowMs));
    },
  };
}
