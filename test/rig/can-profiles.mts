// Sentences about each CAN profile of the folder as a battery on a wire of its own, candump being the ear; run by
// can-profiles.sh, inside can-run. Names of profiles as arguments keep it to those.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadProfile } from '../../src/config/profile-files.ts';
import { profileIds, shippedProfiles } from '../../src/config/profile-paths.ts';
import { keyOf, signalNames } from '../../src/model/signals.ts';
import type { CompiledProfile } from '../../src/profile/compile.ts';
import { leastGap, listenToBeats } from './can-beats.mts';
import { type Expected, type Part, partOf } from './can-part.mts';
import {
  apart,
  ask,
  beForgotten,
  comeToExample,
  emulated,
  everything,
  helloOf,
  inTalk,
  newSite,
  opening,
  SHORT_TALK_MS,
  type Site,
  staysSilent,
  take,
} from './can-site.mts';
import { openWire, startBattery } from './can-wire.mts';
import { claim, end, step } from './steps.mts';

const START_LIMIT_MS = emulated ? 120_000 : 60_000;
/** Wires at the same time. */
const LANES = emulated ? 2 : 3;
const scratch = process.env.TMPDIR ?? '/tmp';

const asExample = (expected: readonly Expected[]): string => {
  const n = expected.filter(({ isFromExample }) => isFromExample).length;
  const which = n === expected.length ? 'all' : n === 0 ? 'none' : n;
  return `${expected.length} frame${expected.length === 1 ? '' : 's'}, ${which} of them written in the example`;
};

async function hello(site: Site): Promise<string> {
  const poll = helloOf(site.part);
  if (!poll) throw new Error('it has no `receives` that shows an inverter alive');
  const came = await ask(site, poll);
  return came.length ? `${poll.text}, ${asExample(came)}` : poll.text;
}

async function begins(site: Site): Promise<void> {
  const { id } = site;
  if (!site.hasBegun) {
    await step(`${id} is silent until its inverter is heard`, () => staysSilent(site, everything));
    return step(`${id} begins when it hears its inverter`, () => hello(site));
  }
  const first = opening(site);
  if (first.length)
    await step(`${id} begins by itself`, async () => {
      await take(site, first);
      return asExample(first);
    });
  return step(`${id} says no frame that is to be asked for`, () => staysSilent(site, apart));
}

const beats = (site: Site): Promise<void> =>
  step(`${site.id} keeps its beat`, async () => {
    const { frames, offMs, unseen, uneven } = await inTalk(site, () => listenToBeats(site));
    const off = `${emulated ? 'emulated, no measure of ours: ' : ''}off by at most ${offMs.toFixed(1)} ms`;
    const again = uneven.length ? `; listened again: ${uneven.join('; ')}` : '';
    return `${asExample(frames)}, ${off}${unseen.length ? `, seen once: every ${unseen.join(', ')} ms` : ''}${again}`;
  });

/** Each poll that the profile knows, in the phase of the example. */
async function answers(site: Site): Promise<void> {
  const { id, part } = site;
  const polls = [...new Map(part.polls.map((poll) => [poll.text, poll])).values()];
  for (const poll of polls.filter(({ asks }) => asks.length > 0))
    await step(`${id} answers ${poll.text}`, async () => {
      const expected = await inTalk(site, async () => {
        await comeToExample(site);
        return ask(site, poll);
      });
      claim(expected.length > 0, 'it has nothing to answer');
      return asExample(expected);
    });
  const others = polls.filter(({ asks }) => asks.length === 0);
  if (others.length === 0) return;
  await step(`${id} does not answer what asks for nothing`, async () => {
    for (const poll of others) await inTalk(site, () => ask(site, poll));
    return others.map(({ text }) => text).join(' ');
  });
}

/** A talk that ends by a short silence is over soon, and what is asked then is asked of a battery that begins anew. */
async function forgets(site: Site, afterMs: number): Promise<string> {
  const silence = await beForgotten(site, afterMs);
  return `${silence}, then ${await hello(site)}`;
}

async function tryOut(site: Site): Promise<void> {
  const { id, part } = site;
  const { stops_after = Number.POSITIVE_INFINITY } = part.can.talk;
  await begins(site);
  if (part.cyclic.length > 0) await beats(site);
  await answers(site);
  if (stops_after < SHORT_TALK_MS)
    await step(`${id} forgets an inverter that is silent`, () => forgets(site, stops_after));
  await step(`${id} leaves ${part.can.gapMs} ms between two frames`, async () => {
    const least = leastGap(site);
    return `least ${least.toFixed(1)} ms over ${site.wire.heard.length} frames`;
  });
  await step(`${id} says nothing more once it is stopped`, async () => {
    await site.battery.stop();
    return staysSilent(site, everything);
  });
}

/** A state file: the signals under the catalogue's names; what is unknown is left out. */
const stateText = ({ example: { given } }: Part): string =>
  JSON.stringify(Object.fromEntries(signalNames.map((name) => [name, given[keyOf(name)]])));

/** The command line that makes a battery of the example. */
function orders({ profile }: CompiledProfile, part: Part, iface: string): string[] {
  const state = join(scratch, `${profile.id}.json`);
  writeFileSync(state, stateText(part));
  const options = Object.entries(part.example.options).map(([name, value]) => `--option=${name}=${value}`);
  return ['--profile', profile.id, '--state', state, '--can', iface, '--live', '--for', '10m', ...options];
}

async function onItsWire(compiled: CompiledProfile, iface: string): Promise<void> {
  const { id } = compiled.profile;
  let site: Site | undefined;
  await step(`${id} is served on a wire of its own`, async () => {
    const part = partOf(compiled);
    const wire = await openWire(iface);
    const battery = await startBattery(orders(compiled, part, iface), START_LIMIT_MS);
    site = newSite(id, part, wire, battery);
    return `${iface}, example: ${part.example.title ?? 'the first'}`;
  });
  if (!site) return;
  await tryOut(site);
  await site.battery.stop();
  await site.wire.close();
}

/** The CAN profiles among these; one that does not load is a failure. */
async function canProfiles(ids: readonly string[]): Promise<CompiledProfile[]> {
  const found: CompiledProfile[] = [];
  for (const id of ids)
    try {
      const compiled = loadProfile(id);
      if (compiled.can) found.push(compiled);
    } catch (error) {
      await step(`${id} loads`, () => Promise.reject(error));
    }
  return found;
}

const asked = process.argv.slice(2);
const profiles = await canProfiles(asked.length > 0 ? asked : profileIds(shippedProfiles));
await step('the CAN profiles of the folder are found', async () => {
  claim(profiles.length > 0, 'there is none');
  return profiles.map(({ profile }) => profile.id).join(', ');
});

const waiting = profiles.map((compiled, i) => ({ compiled, iface: `bus${i}` }));
await Promise.all(
  Array.from({ length: LANES }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await onItsWire(next.compiled, next.iface);
  }),
);
end();
