import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { GatewayError, sentence } from '../model/errors.ts';
import { type CompiledProfile, compileProfile } from '../profile/compile.ts';
import { didYouMean } from '../profile/nearest.ts';
import { type Settings, settingOf, settingProblem } from '../profile/options.ts';
import { type BaseOf, type ProfileText, parseProfile } from '../profile/parse.ts';
import type { Profile, Setting } from '../profile/schema.ts';
import { readText } from './files.ts';

/** The profiles that came with this installation. */
export const shippedProfiles = join(import.meta.dirname, '..', '..', 'profiles');

const refuse = (message: string): GatewayError => new GatewayError('REFUSED', { message });

/** `./mine.yaml` is a file; `mine` is an id. */
export const isPath = (name: string): boolean => name.includes('/') || /\.ya?ml$/.test(name);

/** Ids of the profiles in a folder. Throws when the folder cannot be read. */
export function profileIds(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => basename(file, '.yaml'))
      .sort();
  } catch {
    throw refuse(`${dir} cannot be read as a folder of profiles; correct the path or its rights`);
  }
}

/** The installer's own folders come before the installation's. */
export const profileFolders = (dirs: readonly string[] = []): readonly string[] => [...dirs, shippedProfiles];

const inFolders = (id: string, folders: readonly string[]): string[] =>
  folders.map((dir) => join(dir, `${id}.yaml`));

/** `there is no profile …`, with the nearest name or all of them. */
function unknownProfile(id: string, folders: readonly string[]): string {
  const ids = [...new Set(folders.flatMap(profileIds))];
  return `there is no profile \`${id}\`${didYouMean(id, ids) || `; there are ${ids.join(', ')}`}`;
}

/** The file of a profile id, or of a path. Throws with one sentence when there is no such id. */
export function profilePath(idOrPath: string, dirs: readonly string[] = []): string {
  if (isPath(idOrPath)) return idOrPath;
  const folders = profileFolders(dirs);
  const file = inFolders(idOrPath, folders).find((path) => existsSync(path));
  if (file === undefined) throw refuse(unknownProfile(idOrPath, folders));
  return file;
}

const baseFolders = (file: string, dirs: readonly string[]): string[] => [
  dirname(file),
  ...profileFolders(dirs),
];

/**
 * The file of a base: beside the profile in `file`, then in the folders of profiles. Never that file itself, so that an
 * installer's `byd-lv` may stand on the installation's.
 */
export const basePath = (id: string, file: string, dirs: readonly string[] = []): string | undefined =>
  inFolders(id, baseFolders(file, dirs)).find((path) => existsSync(path) && resolve(path) !== resolve(file));

const basesFor =
  (file: string, dirs: readonly string[] = []): BaseOf =>
  (id) => {
    const path = basePath(id, file, dirs);
    if (path === undefined) return unknownProfile(id, baseFolders(file, dirs));
    try {
      return { file: path, text: readText(path) };
    } catch (error) {
      return sentence(error);
    }
  };

/** The texts that a profile is made of: its file, and its base where it names one. */
export interface ProfileTexts extends ProfileText {
  readonly base?: ProfileText & { readonly id: string };
}

/** A profile that was read, with its texts. */
export interface ReadProfile {
  readonly profile: Profile;
  readonly texts: ProfileTexts;
}

/** Proves the profile in a file that was just read. Throws with every place that is wrong. */
export function proveProfile({ file, text }: ProfileText, baseOf: BaseOf = basesFor(file)): ReadProfile {
  let base: ProfileTexts['base'];
  const result = parseProfile(file, text, (id) => {
    const found = baseOf(id);
    if (typeof found !== 'string') base = { ...found, id };
    return found;
  });
  if ('problems' in result) throw new GatewayError('DOCUMENT_INVALID', { problems: result.problems });
  return { profile: result.profile, texts: { file, text, ...(base && { base }) } };
}

/** Reads and proves a profile by id or path. Throws with one sentence, or with every place that is wrong. */
export function readProfile(idOrPath: string, dirs: readonly string[] = []): ReadProfile {
  const file = profilePath(idOrPath, dirs);
  const read = proveProfile({ file, text: readText(file) }, basesFor(file, dirs));
  if (!isPath(idOrPath) && read.profile.id !== idOrPath)
    throw refuse(
      `${file} says \`id: ${read.profile.id}\`; name the file ${read.profile.id}.yaml or correct its id`,
    );
  return read;
}

/** The installer's settings as the profile's options take them; texts from a command line become numbers and flags. */
function settingsFor(profile: Profile, given: Settings): Settings {
  const settings = Object.entries(given).map(([name, value]): [string, Setting] => [
    name,
    typeof value === 'string' ? settingOf(profile.options[name], value) : value,
  ]);
  const problem = settings.map(([name, value]) => settingProblem(profile.options, name, value)).find(Boolean);
  if (problem !== undefined) throw refuse(`profile \`${profile.id}\`: ${problem}`);
  return Object.fromEntries(settings);
}

/** A profile under the installer's settings. Throws with one sentence when it does not take one of them. */
export const compileUnder = (profile: Profile, settings: Settings = {}): CompiledProfile =>
  compileProfile(profile, settingsFor(profile, settings));

/** A profile by id (looked for in `dirs`, then in the installation) or by path, compiled under the installer's settings. */
export function loadProfile(
  idOrPath: string,
  { dirs = [], settings = {} }: { readonly dirs?: readonly string[]; readonly settings?: Settings } = {},
): CompiledProfile {
  return compileUnder(readProfile(idOrPath, dirs).profile, settings);
}

/** One line about a profile in a folder, valid or not. */
export interface Listed {
  readonly id: string;
  readonly profile?: Profile;
  readonly why?: string;
}

/** Every profile that can be named, the first of each id. */
export const listProfiles = (dirs: readonly string[] = []): Listed[] =>
  [...new Set(profileFolders(dirs).flatMap(profileIds))].sort().map((id) => {
    try {
      return { id, profile: readProfile(id, dirs).profile };
    } catch (error) {
      return { id, why: sentence(error).split('\n')[0] ?? '' };
    }
  });
