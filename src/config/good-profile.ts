// The good copies of a profile are kept: its file and, in a folder of its own, the base that it stood on.
import { basename, join } from 'node:path';
import { keepGood } from './good.ts';
import type { ProfileTexts } from './profile-files.ts';

/** `profiles/own.yaml` of `own` and of `./own.yaml`. */
export const copyOf = (named: string): string => join('profiles', `${basename(named, '.yaml')}.yaml`);
/** `profiles/own.base/byd-lv.yaml`: two profiles may have stood on one base at different times. */
export const baseCopyOf = (named: string, id: string): string =>
  join('profiles', `${basename(named, '.yaml')}.base`, `${id}.yaml`);

/** Keeps a profile that stood its test, so that it loads by itself whatever becomes of its base. */
export function keepGoodProfile(named: string, { text, base }: ProfileTexts): void {
  if (base) keepGood(baseCopyOf(named, base.id), base.text);
  keepGood(copyOf(named), text);
}
