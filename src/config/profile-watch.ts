// Looks at the profiles of served inverters again and again, and proves those that were written anew.
import { createHash } from 'node:crypto';
import type { SignalValues } from '../model/signals.ts';
import type { Settings } from '../profile/options.ts';
import type { Profile } from '../profile/schema.ts';
import { keepGoodProfile } from './good-profile.ts';
import type { ProfileTexts } from './profile-files.ts';
import { type Proof, proveAside, type ToProve } from './profile-proof.ts';
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

/** Proves a profile: here, or where nobody waits for it. */
type Prove = (asked: ToProve) => Proof | Promise<Proof>;

function judge(look: Look, proof: Proof): Offer | Refusal | undefined {
  const { inverter } = look.watched;
  const { isNews } = look;
  look.isNews = true;
  if ('why' in proof) {
    look.textHash = undefined;
    return isNews ? { type: 'refusal', inverter, why: proof.why } : undefined;
  }
  const { profile, texts } = proof;
  const hash = textHash(texts);
  if (hash === look.textHash) return undefined;
  look.textHash = hash;
  look.texts = texts;
  return { type: 'offer', inverter, profile, textHash: hash };
}

/** A file that was written since the last look may be half of it: it is read when it lay still for one. */
async function lookAt(look: Look, live: SignalValues, prove: Prove): Promise<Offer | Refusal | undefined> {
  const { named, settings } = look.watched;
  const now = look.stamp();
  const isStill = now === look.seen;
  look.seen = now;
  if (!isStill || now === look.judged) return undefined;
  const proof = await prove({ named, settings, live });
  // Written while it was read: what was found is of neither text.
  if (look.stamp() !== now) return undefined;
  look.judged = now;
  return judge(look, proof);
}

export interface ProfileWatch {
  /** To be called every few seconds, with what the bank has now. While a look goes on the next one finds nothing. */
  readonly look: (live: SignalValues) => Promise<readonly (Offer | Refusal)[]>;
  /** The offer proved itself on the wire: its texts are the good copy from now on. */
  readonly keep: (inverter: string, textHash: string) => void;
}

export function watchProfiles(profiles: readonly Watched[], prove: Prove = proveAside): ProfileWatch {
  const looks = profiles.map((watched): Look => {
    const { named, textHash } = watched;
    const isNews = textHash !== undefined;
    return { watched, stamp: profileStamp(named), seen: '', judged: '', textHash, texts: undefined, isNews };
  });
  let isLooking = false;
  return {
    async look(live) {
      if (isLooking) return [];
      isLooking = true;
      try {
        const found: (Offer | Refusal)[] = [];
        // One after the other: two cores are for the wires and the radio.
        for (const look of looks) found.push(...[(await lookAt(look, live, prove)) ?? []].flat());
        return found;
      } finally {
        isLooking = false;
      }
    },
    keep(inverter, hash) {
      const look = looks.find(({ watched }) => watched.inverter === inverter);
      if (look?.texts && look.textHash === hash) keepGoodProfile(look.watched.named, look.texts);
    },
  };
}
