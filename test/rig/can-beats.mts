// The beat of a battery on its wire: every cyclic frame, what it says, and when.
import { monotonicMs } from '../../src/model/freshness.ts';
import type { FrameLayout } from '../../src/profile/layout.ts';
import { type Expected, fits, frameText, type Heard, heardText, isOf } from './can-part.mts';
import { comeToExample, emulated, keepOn, type Site, take } from './can-site.mts';
import { claim } from './steps.mts';

/** A slower frame than this is only waited for once. */
const SLOW_MS = 10_000;
/** Kernel stamps and our clock count in different grains. */
const GRAIN_MS = emulated ? 1 : 0.5;

/** How often the beat may be listened to until it is even. */
const WINDOWS = 6;

const intervals = (frames: readonly Heard[]): number[] =>
  frames.slice(1).map(({ atMs }, i) => atMs - (frames[i]?.atMs ?? 0));

/** How far off its cadence a frame may be, ms. */
const looseness = (everyMs: number): number => (emulated ? 2 : 1) * (everyMs / 4 + 50);

interface Due {
  readonly layout: FrameLayout;
  readonly wanted: Expected;
  readonly everyMs: number;
}

/** The cyclic frames that are sent in the phase of the example. */
const dueOn = ({ part }: Site): readonly Due[] =>
  part.cyclic.flatMap((layout) =>
    part
      .expected((other) => other === layout, part.phase)
      .map((wanted) => ({ layout, wanted, everyMs: layout.every ?? part.can.everyMs })),
  );

/** Long enough for three beats, and one turn of each frame that is not too slow. */
const windowMs = ({ part }: Site, due: readonly Due[]): number =>
  Math.max(
    3.3 * part.can.everyMs,
    ...due.filter(({ everyMs }) => everyMs <= SLOW_MS).map(({ everyMs }) => 1.1 * everyMs),
  );

interface Window {
  /** The first frame that belongs to it. */
  readonly from: number;
  /** By the kernel's stamps, ms. */
  readonly endMs: number;
  readonly ms: number;
}

/** What the wire carried of a frame in a window, with the one before it where that is of the same cadence. */
function carried(
  { wire }: Site,
  { layout, everyMs }: Due,
  { from, endMs }: Window,
): { lately: Heard[]; paced: Heard[] } {
  const lately = wire.heard.slice(from).filter((frame) => isOf(layout, frame) && frame.atMs <= endMs);
  const before = wire.heard.slice(0, from).filter((frame) => isOf(layout, frame));
  const belongs = !layout.phases && everyMs <= SLOW_MS;
  return { lately, paced: belongs ? [...before.slice(-1), ...lately] : lately };
}

/** Fails unless the frame says what it should, in every beat so far: no machine is so slow that it changes bytes. */
function saysRight({ wire }: Site, { layout, wanted }: Due, from: number): void {
  const session = wire.heard.slice(layout.phases ? from : 0).filter((frame) => isOf(layout, frame));
  const told = [...wire.heard.slice(from).filter((frame) => isOf(layout, frame)), ...session.slice(-1)];
  const other = told.find((frame) => !fits(wanted, frame));
  claim(!other, `expected ${frameText(wanted)}, heard ${other ? heardText(other) : ''}`);
}

/** How far off its cadence the frame was, ms; as text when that was too far, or when it came too seldom or too often. */
function paceOf(site: Site, due: Due, window: Window): number | string {
  const { layout, wanted, everyMs } = due;
  const { from, ms } = window;
  const name = frameText(wanted);
  const { lately, paced } = carried(site, due, window);
  const isHeard = site.wire.heard.slice(layout.phases ? from : 0).some((frame) => isOf(layout, frame));
  if (!isHeard) return `${name} never came`;
  const [least, most] = [Math.floor(ms / everyMs), Math.ceil(ms / everyMs) + 1];
  if (lately.length < least || lately.length > most)
    return `${name} came ${lately.length} times in ${ms.toFixed(0)} ms, expected ${least} to ${most}`;
  const offMs = Math.max(0, ...intervals(paced).map((interval) => Math.abs(interval - everyMs)));
  return offMs < looseness(everyMs) ? offMs : `${name} came ${offMs.toFixed(0)} ms off its ${everyMs} ms`;
}

/** Fails if a cyclic frame of another phase came. */
function onlyDue({ part, wire }: Site, due: readonly Due[], from: number): void {
  const others = part.cyclic.filter((layout) => !due.some((d) => d.layout === layout));
  const isDue = (frame: Heard) => due.some(({ layout }) => isOf(layout, frame));
  const strange = wire.heard.slice(from).filter((f) => others.some((l) => isOf(l, f)) && !isDue(f));
  claim(strange.length === 0, `not to be sent now: ${strange.map(heardText).join(' ')}`);
}

export interface Beats {
  readonly frames: readonly Expected[];
  readonly offMs: number;
  /** Cadences that are too slow to be seen twice, ms. */
  readonly unseen: readonly number[];
  /** What was wrong with the windows before the one that counts. */
  readonly uneven: readonly string[];
}

const unseenOf = (due: readonly Due[]): number[] =>
  due.map(({ everyMs }) => everyMs).filter((everyMs) => everyMs > SLOW_MS);

/** Listens once; gives how far off the beat was, or what was wrong with its pace. */
async function listenOnce(site: Site, due: readonly Due[]): Promise<number | string> {
  const from = site.wire.heard.length;
  const sinceMs = monotonicMs();
  await keepOn(site, windowMs(site, due));
  const window = { from, endMs: Date.now(), ms: monotonicMs() - sinceMs };
  for (const frame of due) saysRight(site, frame, from);
  onlyDue(site, due, from);
  await take(site, []);
  const paces = due.map((frame) => paceOf(site, frame, window));
  return paces.find((pace) => typeof pace === 'string') ?? Math.max(0, ...paces.map(Number));
}

/**
 * Listens to some beats in the phase of the example; fails unless they are what the profile promises. A machine that others
 * use too stands still now and then, which moves a beat; a wrong cadence is wrong in every window.
 */
export async function listenToBeats(site: Site): Promise<Beats> {
  await comeToExample(site);
  const due = dueOn(site);
  const uneven: string[] = [];
  for (;;) {
    const pace = await listenOnce(site, due);
    if (typeof pace === 'string') uneven.push(pace);
    else return { frames: due.map(({ wanted }) => wanted), offMs: pace, unseen: unseenOf(due), uneven };
    claim(uneven.length < WINDOWS, `in none of ${WINDOWS} windows; ${uneven.join('; ')}`);
  }
}

/**
 * Fails unless the pause of the profile lies between any two frames of the battery; gives the least, ms. A slow machine makes
 * it longer, never shorter: the kernel stamps a frame inside `send`, and the pause counts from after `send` of the one before
 * to a reading of the clock before `send` of the next.
 */
export function leastGap({ part, wire }: Site): number {
  const least = Math.min(...intervals(wire.heard));
  claim(least >= part.can.gapMs - GRAIN_MS, `two frames ${least.toFixed(1)} ms apart`);
  return least;
}
