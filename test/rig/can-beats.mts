// The beat of a battery on its wire: every cyclic frame, what it says, and when.
import type { FrameLayout } from '../../src/profile/layout.ts';
import { type Expected, fits, frameText, type Heard, heardText, isOf } from './can-part.mts';
import { comeToExample, emulated, keepOn, type Site, take } from './can-site.mts';
import { claim } from './steps.mts';

/** A slower frame than this is only waited for once. */
const SLOW_MS = 10_000;
/** Kernel stamps and our clock count in different grains. */
const GRAIN_MS = emulated ? 1 : 0.5;

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

/** Fails unless the frame came as often and with the bytes it should; gives how far off its cadence it was, ms. */
function judge({ wire }: Site, { layout, wanted, everyMs }: Due, from: number, ms: number): number {
  const name = frameText(wanted);
  const session = wire.heard.slice(layout.phases ? from : 0).filter((frame) => isOf(layout, frame));
  const lately = wire.heard.slice(from).filter((frame) => isOf(layout, frame));
  claim(session.length > 0, `${name} never came`);
  const least = Math.floor(ms / everyMs);
  claim(lately.length >= least, `${name} came ${lately.length} times in ${ms} ms, expected ${least}`);
  const other = [...lately, ...session.slice(-1)].find((frame) => !fits(wanted, frame));
  claim(!other, `expected ${name}, heard ${other ? heardText(other) : ''}`);
  const offMs = Math.max(0, ...intervals(session).map((interval) => Math.abs(interval - everyMs)));
  claim(offMs < looseness(everyMs), `${name} came ${offMs.toFixed(0)} ms off its ${everyMs} ms`);
  return offMs;
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
}

/** Listens to some beats in the phase of the example; fails unless they are what the profile promises. */
export async function listenToBeats(site: Site): Promise<Beats> {
  await comeToExample(site);
  const from = site.wire.heard.length;
  const due = dueOn(site);
  const ms = windowMs(site, due);
  await keepOn(site, ms);
  const offs = due.map((frame) => judge(site, frame, from, ms));
  onlyDue(site, due, from);
  await take(site, []);
  return {
    frames: due.map(({ wanted }) => wanted),
    offMs: Math.max(0, ...offs),
    unseen: due.map(({ everyMs }) => everyMs).filter((everyMs) => everyMs > SLOW_MS),
  };
}

/** Fails unless the pause of the profile lies between any two frames of the battery; gives the least, ms. */
export function leastGap({ part, wire }: Site): number {
  const least = Math.min(...intervals(wire.heard));
  claim(least >= part.can.gapMs - GRAIN_MS, `two frames ${least.toFixed(1)} ms apart`);
  return least;
}
