// The profiles of served inverters, explained to people and held against what they write.
import type { KnownId } from '../config/known-ids.ts';
import type { Watched } from '../config/profile-watch.ts';
import { type BankState, dataAgeS } from '../model/bank-state.ts';
import { sentence } from '../model/errors.ts';
import type { BankEvent, EventKind } from '../model/events.ts';
import type { Clock } from '../model/freshness.ts';
import type { SignalValues } from '../model/signals.ts';
import type { ExplainedProfile } from '../profile/explained.ts';
import { explainAside, knownIdsAside, tryAside } from '../read-aside.ts';
import type { Gateway, Refusal } from '../web/ground.ts';

const MOST_CHARACTERS = 200_000;

/** After one of these another text may be in force. */
const changes: readonly EventKind[] = ['profile_taken', 'profile_dropped', 'inverter_served'];

export interface ProfilesShownGround {
  readonly profiles: readonly Watched[];
  readonly hasGoodCopies: boolean;
  readonly bank: () => BankState | undefined;
  readonly clock: Clock;
  readonly explain?: typeof explainAside;
  readonly attempt?: typeof tryAside;
  readonly ids?: typeof knownIdsAside;
}

export interface ProfilesShown extends Pick<Gateway, 'explain' | 'trial'> {
  /** Ids that the profiles of this installation know. */
  readonly knownIds: () => Promise<readonly KnownId[] | Refusal>;
  /** True where another text may be in force now. */
  readonly event: (event: BankEvent) => boolean;
  /** This text of a profile was offered to the wires. */
  readonly offered: (inverter: string, textHash: string) => void;
}

const unknown = (inverter: string): Refusal => ({ why: `there is no inverter \`${inverter}\`` });

const orWhy = <T>(work: Promise<T>): Promise<T | Refusal> =>
  work.catch((error): Refusal => ({ why: sentence(error) }));

export function profilesShown(ground: ProfilesShownGround): ProfilesShown {
  const { profiles, hasGoodCopies, bank, clock } = ground;
  const { explain = explainAside, attempt = tryAside, ids = knownIdsAside } = ground;
  /** Hashes of the texts in force, those offered last, and those in force before. */
  const inForce = new Map(profiles.map(({ inverter, textHash }) => [inverter, textHash]));
  const offers = new Map<string, string>();
  const before = new Map<string, string | undefined>();
  const explained = new Map<string, Promise<ExplainedProfile | Refusal>>();
  /** One at a time: to read a profile takes a process of its own. */
  let work: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const mine = work.then(act);
    work = mine.catch(() => {});
    return mine;
  };

  function asked(inverter: string) {
    const found = profiles.find((one) => one.inverter === inverter);
    if (!found) return undefined;
    const { named, settings } = found;
    const textHash = inForce.get(inverter);
    return { named, settings, hasGoodCopies, ...(textHash !== undefined && { textHash }) };
  }

  function signalsNow(): SignalValues {
    const state = bank();
    if (!state) return {};
    const ageS = dataAgeS(state, clock());
    return { ...state.signals, ...(ageS !== undefined && { dataAgeS: ageS }) };
  }

  return {
    explain(inverter) {
      const known = explained.get(inverter);
      if (known) return known;
      const about = asked(inverter);
      if (!about) return Promise.resolve(unknown(inverter));
      const found = orWhy(inTurn(() => explain({ inverter, ...about })));
      explained.set(inverter, found);
      // What could not be read may be there at the next look.
      void found.then(
        (one) => 'why' in one && explained.get(inverter) === found && explained.delete(inverter),
      );
      return found;
    },
    trial(inverter, text) {
      const about = asked(inverter);
      if (!about) return Promise.resolve(unknown(inverter));
      if (text.length > MOST_CHARACTERS)
        return Promise.resolve({
          why: `a profile has ${MOST_CHARACTERS / 1000} kB at most; take out what is not needed`,
        });
      return orWhy(inTurn(() => attempt({ ...about, text, signals: signalsNow() })));
    },
    knownIds: () => orWhy(inTurn(ids)),
    offered: (inverter, textHash) => void offers.set(inverter, textHash),
    event({ kind, subject }) {
      if (subject === undefined || !changes.includes(kind)) return false;
      explained.delete(subject);
      if (kind === 'profile_taken') {
        before.set(subject, inForce.get(subject));
        inForce.set(subject, offers.get(subject));
      }
      if (kind === 'profile_dropped') inForce.set(subject, before.get(subject));
      return true;
    },
  };
}
