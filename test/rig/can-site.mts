// A battery on its wire and we as its inverter: what we say, what comes back, and where the talk stands.
import { monotonicMs } from '../../src/model/freshness.ts';
import {
  answering,
  type Expected,
  fits,
  frameText,
  type Heard,
  heardText,
  isOf,
  type Part,
  type Phase,
  type Poll,
} from './can-part.mts';
import { type Battery, pause, until, type Wire } from './can-wire.mts';
import { claim } from './steps.mts';

/** In the emulated machine everything takes many times longer, and is late at random. */
export const emulated = process.env.CAN_RIG === 'vm';
/** How late a battery may answer is a bench's matter; a machine that others use too stands still for seconds. */
const ANSWER_LIMIT_MS = emulated ? 30_000 : 15_000;
/** After an answer, for what should not come. */
const SETTLE_MS = 250;
const LONGEST_SILENCE_MS = 7000;
/** A talk that ends sooner than this by silence must be kept alive here. */
export const SHORT_TALK_MS = 5000;

export interface Site {
  readonly id: string;
  readonly part: Part;
  readonly wire: Wire;
  readonly battery: Battery;
  phase: Phase;
  /** Has it cause to speak: it starts by itself, or has heard its inverter. */
  hasBegun: boolean;
  /** How many of the frames apart from the beats were looked at. */
  judged: number;
}

/** Before anybody spoke. */
export const newSite = (id: string, part: Part, wire: Wire, battery: Battery): Site => ({
  id,
  part,
  wire,
  battery,
  phase: part.can.talk.phases?.[0],
  hasBegun: part.can.talk.starts !== 'heard',
  judged: 0,
});

/** What shows this battery its inverter for the first time. */
export const helloOf = ({ polls }: Part): Poll | undefined => polls.find(({ isAlive }) => isAlive);

/** Frames that belong to no beat: answers, openings, and what nobody knows. */
export const apart = ({ part, wire }: Site): readonly Heard[] =>
  wire.heard.filter((frame) => !part.cyclic.some((layout) => isOf(layout, frame)));

export const everything = ({ wire }: Site): readonly Heard[] => wire.heard;

const listed = (texts: readonly string[]): string => texts.join(' ') || 'nothing';

/** Do these frames fit one by one, in this order or, where they are mixed, in any? */
function areSame(expected: readonly Expected[], heard: readonly Heard[], isMixed: boolean): boolean {
  const left = [...heard];
  const isNext = (wanted: Expected): boolean => {
    const at = isMixed ? left.findIndex((frame) => fits(wanted, frame)) : 0;
    const [frame] = at < 0 ? [] : left.splice(at, 1);
    return frame !== undefined && fits(wanted, frame);
  };
  return expected.every(isNext) && left.length === 0;
}

/** Fails unless exactly the expected frames come apart from the beats, and then none. */
export async function take(site: Site, expected: readonly Expected[], isMixed = false): Promise<void> {
  await until(() => apart(site).length >= site.judged + expected.length, ANSWER_LIMIT_MS);
  await pause(SETTLE_MS);
  const came = apart(site).slice(site.judged);
  site.judged += came.length;
  claim(
    areSame(expected, came, isMixed),
    `expected ${listed(expected.map(frameText))}, heard ${listed(came.map(heardText))}`,
  );
}

/** What is said when the talk begins, beside what was asked for. */
export const opening = ({ part, phase }: Site, asks: readonly string[] = []): readonly Expected[] =>
  part.expected(answering([...(part.can.talk.starts_with ?? []), ...asks]), phase);

/** Says what the poll says; fails unless the answer is what the profile promises, and gives it. */
export async function ask(site: Site, poll: Poll): Promise<readonly Expected[]> {
  const starts = !site.hasBegun && poll.isAlive;
  const { part, phase } = site;
  const groups = site.hasBegun ? poll.asks : [];
  const expected = starts ? opening(site, poll.asks) : part.expected(answering(groups), phase);
  await site.wire.say(poll.text);
  await take(site, expected, starts);
  site.hasBegun ||= starts;
  if (site.hasBegun) site.phase = poll.leads(phase);
  return expected;
}

/** The polls that lead from one phase to another, the fewest. */
function way(polls: readonly Poll[], from: Phase, to: Phase): readonly Poll[] {
  const ways = new Map<Phase, readonly Poll[]>([[from, []]]);
  // Grows while it is walked.
  for (const [phase, taken] of ways)
    for (const poll of polls.filter(({ isAlive }) => isAlive)) {
      const next = poll.leads(phase);
      if (!ways.has(next)) ways.set(next, [...taken, poll]);
    }
  const found = ways.get(to);
  if (!found) throw new Error(`no poll leads from ${from} to ${to}`);
  return found;
}

/** Leads the talk to the phase that the example is of. */
export async function comeToExample(site: Site): Promise<void> {
  for (const poll of way(site.part.polls, site.phase, site.part.phase)) await ask(site, poll);
}

/** The inverter goes on showing itself to a battery that would soon forget it. */
export async function keepOn(site: Site, ms: number): Promise<void> {
  const { polls, can } = site.part;
  const forgetsSoon = (can.talk.stops_after ?? Number.POSITIVE_INFINITY) < SHORT_TALK_MS;
  const alive = polls.find((poll) => poll.isAlive && poll.leads(site.phase) === site.phase);
  for (const endMs = monotonicMs() + ms; monotonicMs() < endMs; )
    if (alive && forgetsSoon) await ask(site, alive);
    else await pause(Math.min(200, ms));
}

/**
 * Fails if one of these frames comes in the time of two beats and a half. It counts when the kernel had the frame: candump may
 * print late what was sent before.
 */
export async function staysSilent(site: Site, of: (site: Site) => readonly Heard[]): Promise<string> {
  const before = of(site).length;
  const sinceMs = Date.now();
  const ms = Math.min(Math.max(2.5 * site.part.can.everyMs, 2500), LONGEST_SILENCE_MS);
  await pause(ms);
  const came = of(site)
    .slice(before)
    .filter(({ atMs }) => atMs > sinceMs);
  claim(came.length === 0, `heard ${listed(came.map(heardText))}`);
  return `${(ms / 1000).toFixed(1)} s of silence`;
}

/** As its inverter we were slow: so slow that a battery with a short talk may have forgotten us in between. */
function wasSlow({ part, wire }: Site, since: number): boolean {
  const alive = new Set(part.polls.filter(({ isAlive }) => isAlive).map(({ text }) => text));
  const atMs = wire.said.slice(since).flatMap((one) => (alive.has(one.text) ? one.atMs : []));
  const { stops_after = Number.POSITIVE_INFINITY } = part.can.talk;
  return [...atMs.slice(1), Date.now()].some((ms, i) => ms - (atMs[i] ?? ms) > stops_after / 2);
}

/** Waits until a battery with a short talk has forgotten its inverter, which is silence, and lets the talk begin anew. */
export async function beForgotten(site: Site, afterMs: number): Promise<string> {
  await pause(afterMs + 500);
  const silence = await staysSilent(site, everything);
  const fresh = newSite(site.id, site.part, site.wire, site.battery);
  Object.assign(site, { phase: fresh.phase, hasBegun: fresh.hasBegun, judged: apart(site).length });
  return silence;
}

async function beginAnew(site: Site, afterMs: number): Promise<void> {
  await beForgotten(site, afterMs);
  const poll = helloOf(site.part);
  if (poll) await ask(site, poll);
}

const ATTEMPTS = 4;

/** Fails with the check, unless the machine let us forget to show ourselves to a battery with a short talk: then once more. */
export async function inTalk<T>(site: Site, check: () => Promise<T>): Promise<T> {
  const { stops_after = Number.POSITIVE_INFINITY } = site.part.can.talk;
  if (stops_after >= SHORT_TALK_MS) return check();
  for (let attempt = 1; ; attempt++) {
    const since = Math.max(0, site.wire.said.length - 1);
    try {
      if (attempt > 1) await beginAnew(site, stops_after);
      return await check();
    } catch (error) {
      if (attempt === ATTEMPTS || !wasSlow(site, since)) throw error;
      const why = error instanceof Error ? error.message : error;
      console.log(`tried again: ${site.id}: its inverter here was slow, so the talk begins anew (${why})`);
    }
  }
}
