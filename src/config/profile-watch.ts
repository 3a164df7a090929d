// Looks at the profiles of served inverters again and again, and proves those that were written anew.
import { createHash } from 'node:crypto';
import { sentence } from '../model/errors.ts';
import type { SignalValues } from '../model/signals.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import type { Settings } from '../profile/options.ts';
import type { Profile } from '../profile/schema.ts';
import { keepGoodProfile } from './good-profile.ts';
import { compileUnder, type ProfileTexts, readProfile } from './profile-files.ts';
import { profileStamp } from './profile-stamp.ts';

/** A profile to look at, for one inverter. */
export interface Watched {
  readonly inverter: string;
  /** Id or path. */
  readonly named: string;
  readonly settings: Settings;
  /** Of the texts in force; absent while none of its file is, so that what is wrong with it was said. */
  readonly textHash?: string;
}

/** A profile that was written anew and stood every test. */
export interface Offer {
  readonly type: 'offer';
  readonly inverter: string;
  readonly profile: Profile;
  readonly textHash: string;
}

/** A profile that was written anew and did not. */
export interface Refusal {
  readonly type: 'refusal';
  readonly inverter: string;
  /** Its first mistake, one sentence. */
  readonly why: string;
}

/** Tells one text of a profile and its base from another. */
export const textHash = ({ text, base }: ProfileTexts): string =>
  createHash('sha256')
    .update(JSON.stringify([text, base?.text]))
    .digest('base64url')
    .slice(0, 16);

/** Whatever the bank has now must not make the new profile fail; what it lacks is for the wires to judge. */
function dryRun({ can, modbus, serial }: CompiledProfile, live: SignalValues): void {
  can?.frames(live);
  modbus?.image(live);
  serial?.say(live);
}

const firstSentence = (error: unknown): string => sentence(error).split('\n')[0] ?? '';

/** What is known of one profile between two looks. */
interface Look {
  readonly watched: Watched;
  readonly stamp: () => string;
  seen: string;
  judged: string;
  textHash: string | undefined;
  texts: ProfileTexts | undefined;
  /** False until something was found right, where what is wrong was said before. */
  isNews: boolean;
}

function prove({ watched }: Look, live: SignalValues): { profile: Profile; texts: ProfileTexts } {
  const read = readProfile(watched.named);
  dryRun(compileUnder(read.profile, watched.settings), live);
  return read;
}

function judge(look: Look, live: SignalValues): Offer | Refusal | undefined {
  const { inverter } = look.watched;
  const { isNews } = look;
  look.isNews = true;
  try {
    const { profile, texts } = prove(look, live);
    const hash = textHash(texts);
    if (hash === look.textHash) return undefined;
    look.textHash = hash;
    look.texts = texts;
    return { type: 'offer', inverter, profile, textHash: hash };
  } catch (error) {
    look.textHash = undefined;
    return isNews ? { type: 'refusal', inverter, why: firstSentence(error) } : undefined;
  }
}

/** A file that was written since the last look may be half of it: it is read when it lay still for one. */
function lookAt(look: Look, live: SignalValues): Offer | Refusal | undefined {
  const now = look.stamp();
  const isStill = now === look.seen;
  look.seen = now;
  if (!isStill || now === look.judged) return undefined;
  look.judged = now;
  const found = judge(look, live);
  if (look.stamp() === now) return found;
  // Written while it was read: what was found is of neither text.
  look.judged = '';
  look.textHash = undefined;
  return undefined;
}

export interface ProfileWatch {
  /** To be called every few seconds. */
  readonly look: (live: SignalValues) => readonly (Offer | Refusal)[];
  /** The offer proved itself on the wire: its texts are the good copy from now on. */
  readonly keep: (inverter: string, textHash: string) => void;
}

export function watchProfiles(profiles: readonly Watched[]): ProfileWatch {
  const looks = profiles.map((watched): Look => {
    const { named, textHash } = watched;
    const isNews = textHash !== undefined;
    return { watched, stamp: profileStamp(named), seen: '', judged: '', textHash, texts: undefined, isNews };
  });
  return {
    look: (live) => looks.flatMap((look) => lookAt(look, live) ?? []),
    keep(inverter, hash) {
      const look = looks.find(({ watched }) => watched.inverter === inverter);
      if (look?.texts && look.textHash === hash) keepGoodProfile(look.watched.named, look.texts);
    },
  };
}
