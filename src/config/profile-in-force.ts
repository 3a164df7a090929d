// The texts of a profile that is served: its file, or the good copy of it where the file is another one by now.

import type { CompiledProfile } from '../profile/compile.ts';
import type { Settings } from '../profile/options.ts';
import { compileUnder } from './compile-under.ts';
import { type ProfileTexts, type ReadProfile, readProfile } from './profile-files.ts';
import { textHash } from './profile-watch.ts';
import { recallGoodProfile } from './recalled-profile.ts';

/** How a served profile is named, under which settings, and the hash of its texts; absent for a good copy in place of its file. */
export interface InForce {
  readonly named: string;
  readonly settings: Settings;
  readonly textHash?: string;
  readonly hasGoodCopies: boolean;
}

export interface Found {
  readonly compiled: CompiledProfile;
  readonly texts: ProfileTexts;
}

const OTHER =
  'the file of this profile is not the one in force any more: it was changed, and is refused or not looked at yet; the events say which';

function ofFile(named: string): ReadProfile | undefined {
  try {
    return readProfile(named);
  } catch {
    return undefined;
  }
}

/** The profile in force with its texts, or why they are not to be had. */
export function findInForce({ named, settings, textHash: hash, hasGoodCopies }: InForce): Found | string {
  const copy = () => (hasGoodCopies ? recallGoodProfile(named, (kept) => kept) : undefined);
  const file = () => ofFile(named);
  // Without a hash a copy stands in for the file, or the file came later than the gateway, which keeps a copy then.
  const places = hash === undefined ? [copy, file] : [file, copy];
  for (const place of places) {
    const found = place();
    if (found && (hash === undefined || textHash(found.texts) === hash))
      return { compiled: compileUnder(found.profile, settings), texts: found.texts };
  }
  return OTHER;
}
