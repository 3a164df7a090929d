import { explainProfile } from '../../src/config/explain-profile.ts';
import { readProfile } from '../../src/config/profile-files.ts';
import { textHash } from '../../src/config/profile-watch.ts';
import type { ExplainedProfile } from '../../src/profile/explained.ts';

/** A shipped profile as the page is told of it. */
export function explained(id: string, settings = {}): ExplainedProfile {
  const hash = textHash(readProfile(id).texts);
  const found = explainProfile({
    inverter: 'house',
    named: id,
    settings,
    textHash: hash,
    hasGoodCopies: false,
  });
  if ('why' in found) throw new Error(found.why);
  return found;
}
