import { GatewayError, sentence } from '../model/errors.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import type { Settings } from '../profile/options.ts';
import { type BaseOf, type ProfileText, parseProfile } from '../profile/parse.ts';
import type { Profile } from '../profile/schema.ts';
import { compileUnder } from './compile-under.ts';
import { readText } from './files.ts';
import {
  baseFolders,
  basePath,
  isPath,
  profileFolders,
  profileIds,
  profilePath,
  unknownProfile,
} from './profile-paths.ts';

const refuse = (message: string): GatewayError => new GatewayError('REFUSED', { message });

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
