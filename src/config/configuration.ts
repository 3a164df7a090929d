import { type DocumentProblem, GatewayError, problemText, sentence } from '../model/errors.ts';
import type { Settings } from '../profile/options.ts';
import { problemIn } from '../profile/places.ts';
import type { Profile } from '../profile/schema.ts';
import { compileUnder } from './compile-under.ts';
import type { GatewayConfig } from './gateway-file.ts';
import { clashes, type InverterPlan, planInverter } from './inverters.ts';
import { profileStamp } from './profile-stamp.ts';
import type { Offer, Watched } from './profile-watch.ts';
import type { InverterEntry } from './schema.ts';

/** A profile that was read and proven for an inverter, or the sentence that says why there is none. */
export type ProfileRead =
  | {
      readonly profile: Profile;
      /** Absent when a copy stands in for a file that does not load. */
      readonly textHash?: string;
      /** Why that file does not. */
      readonly remark?: string;
    }
  | { readonly why: string };

/** What reading a gateway file and its profiles gave, as plain data: another process may have read them. */
export interface ConfigurationRead {
  readonly config: GatewayConfig;
  /** One for each inverter, in the order of the file. */
  readonly profiles: readonly {
    readonly entry: InverterEntry;
    /** Id or path; a path in a gateway file starts at that file's folder. */
    readonly named: string;
    /** How its files lay before they were read. */
    readonly seen: string;
    readonly read: ProfileRead;
  }[];
  readonly remarks: readonly string[];
}

/** Reads a profile that was written since. */
export type ReadAgain = (named: string, settings: Settings) => Promise<ProfileRead>;

/** What can be served now, and what an installer must read about the rest, one sentence each. */
export interface Found {
  readonly plans: readonly InverterPlan[];
  readonly remarks: readonly string[];
}

/** A gateway file with what can be served of it now: a good copy in force or a profile that is not there is a remark. */
export interface Configuration extends Found {
  readonly config: GatewayConfig;
  /** Inverters that could not be planned before and can be now, each once; every remark once. Not asked again before it has answered. */
  readonly missing: () => Promise<Found>;
  readonly swaps: Swaps;
}

/** What the profiles of a running gateway may be exchanged by. */
export interface Swaps {
  /** Every inverter of the file, with what its profile was made of. */
  readonly watched: readonly Watched[];
  /** The plan of a served inverter under another profile, or the sentence that says why it cannot have it. */
  readonly planned: (offer: Offer) => InverterPlan | string;
  /** This plan is served from now on; later ones are held against it. */
  readonly inForce: (plan: InverterPlan) => void;
}

type Planned =
  | { readonly plan: InverterPlan; readonly remark?: string }
  | { readonly problem: DocumentProblem };

/** The inverter's plan, or the place in the file and the sentence that says why it has none. */
export function planOne(config: GatewayConfig, entry: InverterEntry, read: ProfileRead): Planned {
  const at = config.file.inverters.findIndex(({ id }) => id === entry.id);
  if ('why' in read) return { problem: problemIn(config, ['inverters', at, 'profile'], read.why) };
  const { profile, textHash, remark } = read;
  const plan = planInverter(config, at, entry, compileUnder(profile, entry.options));
  if ('problem' in plan) return plan;
  return {
    plan: { ...plan, ...(textHash !== undefined && { textHash }) },
    ...(remark !== undefined && { remark }),
  };
}

/** An inverter without a profile, and how its files lay when they were last read. */
interface Waiting {
  readonly named: string;
  readonly stamp: () => string;
  readonly seen: string;
}

const notServed = ({ id }: InverterEntry, why: string): string => `inverter \`${id}\` is not served: ${why}`;

/** How the plans in force are exchanged; the list of them is kept in step. */
function swapsOf({ config, profiles }: ConfigurationRead, plans: InverterPlan[]): Swaps {
  const { inverters } = config.file;
  const placeOf = (inverter: string): number => plans.findIndex(({ id }) => id === inverter);
  return {
    watched: profiles.map(({ entry, named }) => {
      const hash = plans[placeOf(entry.id)]?.textHash;
      return {
        inverter: entry.id,
        named,
        settings: entry.options,
        ...(hash !== undefined && { textHash: hash }),
      };
    }),
    planned({ inverter, profile, textHash }) {
      const at = inverters.findIndex(({ id }) => id === inverter);
      const entry = inverters[at];
      const place = placeOf(inverter);
      if (!entry || place < 0) return `inverter \`${inverter}\` is not served`;
      const plan = planInverter(config, at, entry, compileUnder(profile, entry.options));
      if ('problem' in plan) return plan.problem.message;
      const [clash] = clashes(config, plans.with(place, plan));
      return clash ? clash.message : { ...plan, textHash };
    },
    inForce(plan) {
      plans[placeOf(plan.id)] = plan;
    },
  };
}

/** Those that wait for their profile: each look reads what was written since, and plans what is right among `inForce`. */
function lookingAgain(
  config: GatewayConfig,
  { waiting, inForce }: { waiting: Map<InverterEntry, Waiting>; inForce: InverterPlan[] },
  readAgain: ReadAgain,
): () => Promise<Found> {
  /** Its plan, now in force, or what must be told. */
  async function look(entry: InverterEntry, was: Waiting, now: string): Promise<InverterPlan | string> {
    const planned = planOne(config, entry, await readAgain(was.named, entry.options));
    waiting.set(entry, { ...was, seen: now });
    if ('problem' in planned) return notServed(entry, problemText(planned.problem));
    const [clash] = clashes(config, [...inForce, planned.plan]);
    if (clash) return notServed(entry, problemText(clash));
    waiting.delete(entry);
    inForce.push(planned.plan);
    return planned.plan;
  }

  return async () => {
    const found: (InverterPlan | string)[] = [];
    for (const [entry, was] of [...waiting]) {
      const now = was.stamp();
      if (now === was.seen) continue;
      // What was not even read is read at the next look.
      found.push(await look(entry, was, now).catch((error) => notServed(entry, sentence(error))));
    }
    return {
      plans: found.filter((one) => typeof one !== 'string'),
      remarks: found.filter((one) => typeof one === 'string'),
    };
  };
}

/** Plans every inverter that can be served now. Throws when two of them cannot share their wire. */
export function planAll(given: ConfigurationRead, readAgain: ReadAgain): Configuration {
  const { config } = given;
  const inForce: InverterPlan[] = [];
  const waiting = new Map<InverterEntry, Waiting>();
  const said = new Set<string>();
  const news = (remarks: readonly string[]) => remarks.filter((r) => !said.has(r) && said.add(r));
  const remarks: string[] = [];
  for (const { entry, named, seen, read } of given.profiles) {
    const planned = planOne(config, entry, read);
    if ('plan' in planned) inForce.push(planned.plan);
    else waiting.set(entry, { named, stamp: profileStamp(named), seen });
    if ('problem' in planned) remarks.push(notServed(entry, problemText(planned.problem)));
    else if (planned.remark !== undefined) remarks.push(`inverter \`${entry.id}\`: ${planned.remark}`);
  }
  const problems = clashes(config, inForce);
  if (problems.length) throw new GatewayError('DOCUMENT_INVALID', { problems });
  const look = lookingAgain(config, { waiting, inForce }, readAgain);
  return {
    config,
    plans: [...inForce],
    async missing() {
      const found = await look();
      return { ...found, remarks: news(found.remarks) };
    },
    remarks: [...given.remarks, ...news(remarks)],
    swaps: swapsOf(given, inForce),
  };
}
