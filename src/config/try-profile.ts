// A profile that is being written, proven and held against the one in force: what it would say of the bank as it is now.
import { toHex } from '../bytes/hex.ts';
import type { Trial, TrialProblem, TrialRow } from '../model/api/trial.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import type { SignalValues } from '../model/signals.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import { compileUnder } from './compile-under.ts';
import { proveProfile } from './profile-files.ts';
import { findInForce, type InForce } from './profile-in-force.ts';
import { isPath, profilePath } from './profile-paths.ts';
import { type Said, saidBy } from './said-by-profile.ts';

export interface ToTry extends InForce {
  readonly text: string;
  /** What the bank has now. */
  readonly signals: SignalValues;
}

type Refused = { readonly why: string };

const top = (message: string): readonly TrialProblem[] => [{ line: 1, column: 1, message }];

function problemsOf(error: unknown): readonly TrialProblem[] {
  if (!(error instanceof GatewayError) || error.code !== 'DOCUMENT_INVALID') return top(sentence(error));
  // The code says which details these are.
  const { problems } = error.details as GatewayError<'DOCUMENT_INVALID'>['details'];
  return problems.map(({ line, column, message }) => ({ line, column, message }));
}

/** The new profile under the settings of its inverter, or what is wrong with it. */
function proven({ named, settings, text }: ToTry): CompiledProfile | readonly TrialProblem[] {
  try {
    const { profile } = proveProfile({ file: profilePath(named), text });
    if (!isPath(named) && profile.id !== named)
      return top(`it says \`id: ${profile.id}\`; the inverter is served by \`${named}\``);
    return compileUnder(profile, settings);
  } catch (error) {
    return problemsOf(error);
  }
}

const wireOf = ({ can, serial }: CompiledProfile): string => (can ? 'CAN' : (serial?.codec ?? 'Modbus'));

/** All places of both, those of the profile in force first. */
function compared(now: Said, then: Said): readonly TrialRow[] {
  return [...new Set([...now.keys(), ...then.keys()])].map((place) => {
    const [was, is] = [now.get(place), then.get(place)];
    return {
      place,
      ...(was && { now: toHex(was.bytes, '') }),
      // biome-ignore lint/suspicious/noThenProperty: it is hex, and nothing that could be waited for
      ...(is && { then: toHex(is.bytes, '') }),
      now_text: was?.text ?? [],
      then_text: is?.text ?? [],
      is_changed: !was || !is || toHex(was.bytes, '') !== toHex(is.bytes, ''),
    };
  });
}

function dryRun(before: CompiledProfile, next: CompiledProfile, signals: SignalValues) {
  if (wireOf(before) !== wireOf(next))
    return { rows: [], why: `it speaks ${wireOf(next)}, and this inverter is served ${wireOf(before)}` };
  const [now, then] = [saidBy(before, signals), saidBy(next, signals)];
  if (typeof then === 'string') return { rows: [], why: then };
  return { rows: compared(typeof now === 'string' ? new Map() : now, then) };
}

export function tryProfile(asked: ToTry): Trial | Refused {
  const next = proven(asked);
  if (!('profile' in next)) return { problems: next };
  const { id, version } = next.profile;
  const head = { problems: [], profile: `${id}@${version}` } as const;
  const before = findInForce(asked);
  if (typeof before === 'string') return { ...head, rows: [], why: before };
  return { ...head, ...dryRun(before.compiled, next, asked.signals) };
}
