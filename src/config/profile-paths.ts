// Where profiles lie.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { GatewayError } from '../model/errors.ts';
import { didYouMean } from '../profile/nearest.ts';

/** The profiles that came with this installation. */
export const shippedProfiles = join(import.meta.dirname, '..', '..', 'profiles');

const refuse = (message: string): GatewayError => new GatewayError('REFUSED', { message });

/** `./mine.yaml` is a file; `mine` is an id. */
export const isPath = (name: string): boolean => name.includes('/') || /\.ya?ml$/.test(name);

/** A profile as a file in this folder names it. */
export const namedFrom = (folder: string, profile: string): string =>
  isPath(profile) && !profile.startsWith('/') ? join(folder, profile) : profile;

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
export function unknownProfile(id: string, folders: readonly string[]): string {
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

export const baseFolders = (file: string, dirs: readonly string[]): string[] => [
  dirname(file),
  ...profileFolders(dirs),
];

/**
 * The file of a base: beside the profile in `file`, then in the folders of profiles. Never that file itself, so that an
 * installer's `byd-lv` may stand on the installation's.
 */
export const basePath = (id: string, file: string, dirs: readonly string[] = []): string | undefined =>
  inFolders(id, baseFolders(file, dirs)).find((path) => existsSync(path) && resolve(path) !== resolve(file));
