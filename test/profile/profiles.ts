import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemText } from '../../src/model/errors.ts';
import { type CompiledProfile, compileProfile } from '../../src/profile/compile.ts';
import type { Settings } from '../../src/profile/options.ts';
import { type BaseOf, parseProfile } from '../../src/profile/parse.ts';
import type { Profile } from '../../src/profile/schema.ts';

export const shelf = join(import.meta.dirname, '..', '..', 'profiles');

export const profileText = (id: string): string => readFileSync(join(shelf, `${id}.yaml`), 'utf8');

export const shippedIds = readdirSync(shelf)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));

const onShelf: BaseOf = (id) => ({ file: `${id}.yaml`, text: profileText(id) });

/** The sentences with which a profile is refused; none when it is taken. */
export function refused(text: string): string[] {
  const result = parseProfile('p.yaml', text, onShelf);
  return 'problems' in result ? result.problems.map(problemText) : [];
}

export function taken(text: string): Profile {
  const result = parseProfile('p.yaml', text, onShelf);
  if ('problems' in result) throw new Error(result.problems.map(problemText).join('\n'));
  return result.profile;
}

export const shipped = (id: string, settings: Settings = {}): CompiledProfile =>
  compileProfile(taken(profileText(id)), settings);
