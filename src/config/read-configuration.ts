// Reads a gateway file and proves its profiles. What that takes stays in memory: who runs on lets the reader do it (`reader.ts`).
import { basename, dirname } from 'node:path';
import { type DocumentProblem, sentence } from '../model/errors.ts';
import { inOrder } from '../profile/document.ts';
import type { Settings } from '../profile/options.ts';
import { compileUnder } from './compile-under.ts';
import { type ConfigurationRead, type ProfileRead, planAll, planOne } from './configuration.ts';
import { type GatewayConfig, parseGateway, readGateway } from './gateway-file.ts';
import { keepGood, recallGood } from './good.ts';
import { keepGoodProfile } from './good-profile.ts';
import { clashes } from './inverters.ts';
import { type ReadProfile, readProfile } from './profile-files.ts';
import { namedFrom } from './profile-paths.ts';
import { profileStamp } from './profile-stamp.ts';
import { textHash } from './profile-watch.ts';
import { recallGoodProfile } from './recalled-profile.ts';

/** Finds the profile of an inverter. Throws why it cannot. */
type ProfileSource = (named: string, settings: Settings) => ProfileRead;

/** A profile that takes these settings. */
function readUnder(named: string, settings: Settings): ReadProfile {
  const read = readProfile(named);
  compileUnder(read.profile, settings);
  return read;
}

const asRead = ({ profile, texts }: ReadProfile): ProfileRead => ({ profile, textHash: textHash(texts) });

const strictly: ProfileSource = (named, settings) => asRead(readUnder(named, settings));

/** Keeps a copy of each profile that loads; one that does not gives way to its copy. */
const orGoodCopy: ProfileSource = (named, settings) => {
  try {
    const found = readUnder(named, settings);
    keepGoodProfile(named, found.texts);
    return asRead(found);
  } catch (error) {
    const profile = recallGoodProfile(named, (copy) => compileUnder(copy.profile, settings).profile);
    if (!profile) throw error;
    return { profile, remark: `${sentence(error)} (the last good copy of this profile is in force)` };
  }
};

const readFrom = (source: ProfileSource, named: string, settings: Settings): ProfileRead => {
  try {
    return source(named, settings);
  } catch (error) {
    return { why: sentence(error) };
  }
};

/** One profile as the profiles of a gateway file are read: with good copies, or without. */
export const readFor = (named: string, settings: Settings, hasGoodCopies: boolean): ProfileRead =>
  readFrom(hasGoodCopies ? orGoodCopy : strictly, named, settings);

/** A gateway file that was read, with the profiles of its inverters; their paths start at its folder. */
export const readInverters = (
  config: GatewayConfig,
  { folder = dirname(config.path), source = strictly }: { folder?: string; source?: ProfileSource } = {},
): ConfigurationRead => ({
  config,
  profiles: config.file.inverters.map((entry) => {
    const named = namedFrom(folder, entry.profile);
    const seen = profileStamp(named)();
    return { entry, named, seen, read: readFrom(source, named, entry.options) };
  }),
  remarks: [],
});

/** Everything that keeps an inverter of this file from being served, with its place. */
export function inverterProblems(config: GatewayConfig): DocumentProblem[] {
  const planned = readInverters(config).profiles.map(({ entry, read }) => planOne(config, entry, read));
  const plans = planned.flatMap((p) => ('plan' in p ? p.plan : []));
  return inOrder([...planned.flatMap((p) => ('problem' in p ? p.problem : [])), ...clashes(config, plans)]);
}

/** Reads a gateway file and its profiles; a file that is wrong gives way to the good copy of it, if there is one. */
export function readConfiguration(path: string): ConfigurationRead {
  const served = (config: GatewayConfig): ConfigurationRead => {
    const read = readInverters(config, { folder: dirname(path), source: orGoodCopy });
    // Two that cannot share their wire are a mistake of the file.
    planAll(read, async (named, settings) => readFor(named, settings, true));
    return read;
  };
  try {
    const read = served(readGateway(path));
    keepGood(basename(path), read.config.text);
    return read;
  } catch (error) {
    const good = recallGood(basename(path), (copy, text) => served(parseGateway(copy, text)));
    if (!good) throw error;
    const why = `${sentence(error)} (the last good copy, ${good.config.path}, is in force)`;
    return { ...good, remarks: [why] };
  }
}
