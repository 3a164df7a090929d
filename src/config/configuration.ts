import { basename, dirname, join } from 'node:path';
import { type DocumentProblem, GatewayError, problemText, sentence } from '../model/errors.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import { inOrder } from '../profile/document.ts';
import { type GatewayConfig, parseGateway, readGateway } from './gateway-file.ts';
import { keepGood, recallGood } from './good.ts';
import { keepGoodProfile } from './good-profile.ts';
import { clashes, type InverterPlan, planInverter } from './inverters.ts';
import { compileUnder, type ProfileTexts, readProfile } from './profile-files.ts';
import { isPath } from './profile-paths.ts';
import { profileStamp } from './profile-stamp.ts';
import { type Offer, textHash, type Watched } from './profile-watch.ts';
import { recallGoodProfile } from './recalled-profile.ts';
import type { InverterEntry } from './schema.ts';

/** What can be served now, and what an installer must read about the rest, one sentence each. */
export interface Found {
  readonly plans: readonly InverterPlan[];
  readonly remarks: readonly string[];
}

/** A gateway file with what can be served of it now: a good copy in force or a profile that is not there is a remark. */
export interface Configuration extends Found {
  readonly config: GatewayConfig;
  /** Inverters that could not be planned before and can be now, each once; every remark once. */
  readonly missing: () => Found;
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

/** Finds the profile of an inverter; paths in a gateway file start at that file's folder. */
type ProfileSource = (named: string, entry: InverterEntry) => Sourced;

interface Sourced {
  readonly compiled: CompiledProfile;
  /** Absent when a copy stands in for a file that does not load. */
  readonly textHash?: string;
  /** Why that file does not. */
  readonly remark?: string;
}

type Planned =
  | { readonly plan: InverterPlan; readonly remark?: string }
  | { readonly problem: DocumentProblem };

function strictly(named: string, { options }: InverterEntry): Sourced & { readonly texts: ProfileTexts } {
  const { profile, texts } = readProfile(named);
  return { compiled: compileUnder(profile, options), textHash: textHash(texts), texts };
}

/** Keeps a copy of each profile that loads; one that does not gives way to its copy. */
const orGoodCopy: ProfileSource = (named, entry) => {
  try {
    const found = strictly(named, entry);
    keepGoodProfile(named, found.texts);
    return found;
  } catch (error) {
    const compiled = recallGoodProfile(named, ({ profile }) => compileUnder(profile, entry.options));
    if (!compiled) throw error;
    return { compiled, remark: `${sentence(error)} (the last good copy of this profile is in force)` };
  }
};

const namedFrom = (folder: string, profile: string): string =>
  isPath(profile) && !profile.startsWith('/') ? join(folder, profile) : profile;

/** The inverter's plan, or the place in the file and the sentence that says why it has none. */
function planOne(
  config: GatewayConfig,
  entry: InverterEntry,
  folder: string,
  source: ProfileSource,
): Planned {
  const at = config.file.inverters.indexOf(entry);
  try {
    const { compiled, textHash, remark } = source(namedFrom(folder, entry.profile), entry);
    const plan = planInverter(config, at, entry, compiled);
    if ('problem' in plan) return plan;
    return {
      plan: { ...plan, ...(textHash !== undefined && { textHash }) },
      ...(remark !== undefined && { remark }),
    };
  } catch (error) {
    return { problem: config.problemAt(['inverters', at, 'profile'], sentence(error)) };
  }
}

const notYet = ({ file }: GatewayConfig): string[] =>
  (['web', 'mqtt', 'history'] as const)
    .filter((key) => file[key] !== undefined)
    .map((key) => `\`${key}:\` is accepted, but this version does not serve it yet`);

/** Everything that keeps an inverter of this file from being served, with its place. */
export function inverterProblems(config: GatewayConfig): DocumentProblem[] {
  const folder = dirname(config.path);
  const planned = config.file.inverters.map((entry) => planOne(config, entry, folder, strictly));
  const plans = planned.flatMap((p) => ('plan' in p ? p.plan : []));
  return inOrder([...planned.flatMap((p) => ('problem' in p ? p.problem : [])), ...clashes(config, plans)]);
}

/** An inverter without a profile, and how its files lay when they were last read. */
interface Waiting {
  readonly stamp: () => string;
  readonly seen: string;
}

const notServed = (entry: InverterEntry, problem: DocumentProblem): string =>
  `inverter \`${entry.id}\` is not served: ${problemText(problem)}`;

/** How the plans in force are exchanged; the list of them is kept in step. */
function swapsOf(config: GatewayConfig, folder: string, plans: InverterPlan[]): Swaps {
  const { inverters } = config.file;
  const placeOf = (inverter: string): number => plans.findIndex(({ id }) => id === inverter);
  return {
    watched: inverters.map(({ id, profile, options }) => {
      const hash = plans[placeOf(id)]?.textHash;
      return {
        inverter: id,
        named: namedFrom(folder, profile),
        settings: options,
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

/** Plans every inverter that can be served now. Throws when two of them cannot share their wire. */
export function planAll(
  config: GatewayConfig,
  { folder = dirname(config.path), source = strictly }: { folder?: string; source?: ProfileSource } = {},
): Configuration {
  const inForce: InverterPlan[] = [];
  const waiting = new Map<InverterEntry, Waiting>();
  const said = new Set<string>();
  const news = (remarks: readonly string[]) => remarks.filter((r) => !said.has(r) && said.add(r));

  function missing(): Found {
    const plans: InverterPlan[] = [];
    const remarks: string[] = [];
    for (const [entry, { stamp, seen }] of waiting) {
      const now = stamp();
      if (now === seen) continue;
      waiting.set(entry, { stamp, seen: now });
      const planned = planOne(config, entry, folder, source);
      const [problem] = 'plan' in planned ? clashes(config, [...inForce, planned.plan]) : [planned.problem];
      if (problem) remarks.push(notServed(entry, problem));
      else if ('plan' in planned) {
        waiting.delete(entry);
        inForce.push(planned.plan);
        plans.push(planned.plan);
      }
    }
    return { plans, remarks: news(remarks) };
  }

  const remarks: string[] = [];
  for (const entry of config.file.inverters) {
    const stamp = profileStamp(namedFrom(folder, entry.profile));
    const seen = stamp();
    const planned = planOne(config, entry, folder, source);
    if ('plan' in planned) inForce.push(planned.plan);
    else waiting.set(entry, { stamp, seen });
    if ('problem' in planned) remarks.push(notServed(entry, planned.problem));
    else if (planned.remark !== undefined) remarks.push(`inverter \`${entry.id}\`: ${planned.remark}`);
  }
  const problems = clashes(config, inForce);
  if (problems.length) throw new GatewayError('DOCUMENT_INVALID', { problems });
  return {
    config,
    plans: [...inForce],
    missing,
    remarks: [...news(remarks), ...notYet(config)],
    swaps: swapsOf(config, folder, inForce),
  };
}

/** Loads a gateway file and plans its inverters; a file that is wrong gives way to the good copy of it, if there is one. */
export function loadConfiguration(path: string): Configuration {
  const how = { folder: dirname(path), source: orGoodCopy };
  try {
    const configuration = planAll(readGateway(path), how);
    keepGood(basename(path), configuration.config.text);
    return configuration;
  } catch (error) {
    const good = recallGood(basename(path), (copy, text) => planAll(parseGateway(copy, text), how));
    if (!good) throw error;
    const why = `${sentence(error)} (the last good copy, ${good.config.path}, is in force)`;
    return { ...good, remarks: [why, ...good.remarks] };
  }
}
