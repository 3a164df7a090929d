// The good copies of a profile: its file and, in a folder of its own, the base that it stood on.
import { basename, join } from 'node:path';
import type { BaseOf } from '../profile/parse.ts';
import { keepGood, recallGood } from './good.ts';
import { type ProfileTexts, proveProfile, type ReadProfile } from './profile-files.ts';

/** `profiles/own.yaml` of `own` and of `./own.yaml`. */
const copyOf = (named: string): string => join('profiles', `${basename(named, '.yaml')}.yaml`);
/** `profiles/own.base/byd-lv.yaml`: two profiles may have stood on one base at different times. */
const baseCopyOf = (named: string, id: string): string =>
  join('profiles', `${basename(named, '.yaml')}.base`, `${id}.yaml`);

/** Keeps a profile that stood its test, so that it loads by itself whatever becomes of its base. */
export function keepGoodProfile(named: string, { text, base }: ProfileTexts): void {
  if (base) keepGood(baseCopyOf(named, base.id), base.text);
  keepGood(copyOf(named), text);
}

const goodBases =
  (named: string): BaseOf =>
  (id) =>
    recallGood(baseCopyOf(named, id), (file, text) => ({ file, text })) ?? `no copy of \`${id}\` was kept`;

/** What is made of the profile that ran last, on the base that it had then; undefined when there is none. */
export const recallGoodProfile = <T>(named: string, make: (read: ReadProfile) => T): T | undefined =>
  recallGood(copyOf(named), (file, text) => make(proveProfile({ file, text }, goodBases(named))));
