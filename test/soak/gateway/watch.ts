// Everything that is seen from outside of a gateway under attack: both wires, each held against the books of the units.
import { monotonicMs } from '../../../src/model/freshness.ts';
import { LOOK_MS, type Stillness } from '../stillness.ts';
import type { SoakUnit } from '../unit.ts';
import { type Beats, beats, type Frame } from './beats.ts';
import { type Excuses, excuses } from './excuses.ts';
import { imageOfFrames, imageOfRegisters, isTornInItself } from './image.ts';
import { type Ladder, type Limits, ladder } from './ladder.ts';

/** A unit that is in reach and well for 15 s is fresh; a second and dust until it is told. */
const IN_TIME_MS = 17_000;
/** And ten seconds of good data more until the bank is back. */
const BACK_MS = 30_000;
/** systemd's second, and what a start may take on a slow board. */
const RESTART_MS = 12_000;

export interface WatchOptions {
  readonly units: readonly SoakUnit[];
  readonly most: Limits;
  readonly stillness: Stillness;
  readonly wiresPid: () => number | undefined;
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
  /** From the end of the wires process to its first answer. */
  readonly backMs: readonly number[];
  readonly stop: () => void;
}

/** Both wires may be silent until the first image, but not for ever. */
function silences(lineExcuses: Excuses, canExcuses: Excuses, nowMs: number, limitMs: number) {
  const ends = { line: lineExcuses.begin(nowMs, 0), can: canExcuses.begin(nowMs, 1500) };
  const open = new Set<'line' | 'can'>(['line', 'can']);
  const end = (wire: 'line' | 'can') => {
    if (open.delete(wire)) ends[wire](monotonicMs());
  };
  const timer = setTimeout(() => {
    for (const wire of open) end(wire);
  }, limitMs);
  return { end, isOpen: (wire: 'line' | 'can') => open.has(wire), cancel: () => clearTimeout(timer) };
}

/** When a unit was kept from being heard, and what follows for the sign of old data. */
function reachable({ stillness, fail }: WatchOptions) {
  const hindered = excuses();
  let openOnes = 0;
  let lastMs = monotonicMs();
  let isTold = false;
  const hinder = () => {
    const end = hindered.begin(monotonicMs(), 0);
    openOnes++;
    return () => {
      openOnes--;
      lastMs = monotonicMs();
      isTold = false;
      end(lastMs);
    };
  };
  const onStale = (atMs: number) => {
    const stillMs = stillness.between(atMs - 2 * IN_TIME_MS, atMs);
    if (!hindered.covers(atMs - IN_TIME_MS - stillMs, atMs))
      fail(
        `the bank is stale although every unit was in reach and well for ${(IN_TIME_MS + stillMs) / 1000} s`,
      );
  };
  const look = (nowMs: number, isWell: boolean) => {
    const wellMs = nowMs - lastMs - stillness.between(lastMs, nowMs);
    if (openOnes > 0 || isWell || isTold || wellMs < BACK_MS) return;
    isTold = true;
    fail(
      `the bank is not fresh on every wire although nothing keeps its units away for ${(wellMs / 1000).toFixed(0)} s`,
    );
  };
  return { hinder, onStale, look };
}

export function watch(o: WatchOptions): Watch {
  const { stillness, fail } = o;
  const [lineExcuses, canExcuses] = [excuses(), excuses()];
  const reach = reachable(o);
  const backMs: number[] = [];
  const pending: (() => void)[] = [];
  const common = { ...o, onStale: reach.onStale };
  const line = ladder({ ...common, wire: 'line', everyMs: 600 });
  const can = ladder({ ...common, wire: 'can', everyMs: 1000 });
  const rhythm = beats({
    stillness,
    fail: (sentence) => fail(`can: ${sentence}`),
    isExcused: canExcuses.covers,
    onBeat(frames, atMs) {
      silence.end('can');
      const image = imageOfFrames(frames, atMs);
      if (image) can.see(image);
      else fail('can: a frame of another length than the documented one');
    },
  });
  let endedMs: number | undefined;
  let endHindrance = reach.hinder();
  let silence = silences(lineExcuses, canExcuses, monotonicMs(), 60_000);

  /** Each thing is judged after the look that tells for how long the machine stood still before it. */
  function look(): void {
    const nowMs = monotonicMs();
    stillness.look(nowMs, o.wiresPid());
    for (const judge of pending.splice(0)) judge();
    rhythm.look(nowMs - LOOK_MS);
    reach.look(
      nowMs,
      silence.isOpen('line') ||
        (line.isWell() && can.isWell()) ||
        lineExcuses.covers(nowMs - 4000, nowMs) ||
        canExcuses.covers(nowMs - 4000, nowMs),
    );
    timer = setTimeout(look, LOOK_MS);
  }
  let timer = setTimeout(look, LOOK_MS);

  function answered(atMs: number): void {
    if (!silence.isOpen('line')) return;
    silence.end('line');
    endHindrance();
    if (endedMs !== undefined) backMs.push(atMs - endedMs);
    endedMs = undefined;
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
      endedMs = monotonicMs();
      silence.cancel();
      for (const wire of ['line', 'can'] as const) silence.end(wire);
      endHindrance = reach.hinder();
      silence = silences(lineExcuses, canExcuses, endedMs, RESTART_MS);
      line.restarted();
      rhythm.restarted();
    },
    stop() {
      clearTimeout(timer);
      silence.cancel();
    },
  };
}
