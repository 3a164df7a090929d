import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { GatewayError, sentence } from '../model/errors.ts';
import { type CompiledProfile, compileProfile } from '../profile/compile.ts';
import { didYouMean } from '../profile/nearest.ts';
import { type Settings, settingOf, settingProblem } from '../profile/options.ts';
import { parseProfile } from '../profile/parse.ts';
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

/** The file of a profile id, or of a path. Throws with one sentence when there is no such id. */
export function profilePath(idOrPath: string, dirs: readonly string[] = []): string {
  if (isPath(idOrPath)) return idOrPath;
  const folders = profileFolders(dirs);
  const files = folders.map((dir) => join(dir, `${idOrPath}.yaml`));
  const file = files.find((path) => existsSync(path));
  if (file !== undefined) return file;
  const ids = [...new Set(folders.flatMap(profileIds))];
  throw refuse(
    `there is no profile \`${idOrPath}\`${didYouMean(idOrPath, ids) || `; there are ${ids.join(', ')}`}`,
  );
}

/** Reads and proves a profile by id or path. Throws with one sentence, or with every place that is wrong. */
export function readProfile(idOrPath: string, dirs: readonly string[] = []): Profile {
  const file = profilePath(idOrPath, dirs);
  const result = parseProfile(file, readText(file));
  if ('problems' in result) throw new GatewayError('DOCUMENT_INVALID', { problems: result.problems });
  if (!isPath(idOrPath) && result.profile.id !== idOrPath)
    throw refuse(
      `${file} says \`id: ${result.profile.id}\`; name the file ${result.profile.id}.yaml or correct its id`,
    );
  return result.profile;
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

/** A profile by id (looked for in `dirs`, then in the installation) or by path, compiled under the installer's settings. */
export function loadProfile(
  idOrPath: string,
  { dirs = [], settings = {} }: { readonly dirs?: readonly string[]; readonly settings?: Settings } = {},
): CompiledProfile {
  const profile = readProfile(idOrPath, dirs);
  return compileProfile(profile, settingsFor(profile, settings));
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
      return { id, profile: readProfile(id, dirs) };
    } catch (error) {
      return { id, why: sentence(error).split('\n')[0] ?? '' };
    }
  });
