import type { BaseOf } from '../profile/parse.ts';
import { recallGood } from './good.ts';
import { baseCopyOf, copyOf } from './good-profile.ts';
import { proveProfile, type ReadProfile } from './profile-files.ts';

const goodBases =
  (named: string): BaseOf =>
  (id) =>
    recallGood(baseCopyOf(named, id), (file, text) => ({ file, text })) ?? `no copy of \`${id}\` was kept`;

/** What is made of the profile that ran last, on the base that it had then; undefined when there is none. */
export const recallGoodProfile = <T>(named: string, make: (read: ReadProfile) => T): T | undefined =>
  recallGood(copyOf(named), (file, text) => make(proveProfile({ file, text }, goodBases(named))));
