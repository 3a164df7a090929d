import type { DocumentProblem } from '../model/errors.ts';
import { findings } from './check.ts';
import { inOrder, readDocument } from './document.ts';
import { exampleFindings } from './examples.ts';
import { type Profile, profileSchema } from './schema.ts';

/**
 * Reads a profile and proves it: schema, meaning, then its own examples, each only when the one before found nothing.
 * What comes out may be compiled; it cannot fail later.
 */
export function parseProfile(
  file: string,
  text: string,
): { readonly profile: Profile } | { readonly problems: readonly DocumentProblem[] } {
  const result = readDocument(file, text, profileSchema);
  if ('problems' in result) return result;
  const { value: profile, problemAt } = result;
  const wrong = findings(profile);
  const found = wrong.length ? wrong : exampleFindings(profile);
  if (found.length === 0) return { profile };
  return { problems: inOrder(found.map(({ path, message }) => problemAt(path, message))) };
}
