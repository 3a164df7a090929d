import { toHex } from '../../src/bytes/hex.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import type { CompiledProfile } from '../../src/profile/compile.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import type { Settings } from '../../src/profile/options.ts';
import { writtenState } from '../../src/profile/state-file.ts';
import { shipped } from './profiles.ts';

const compiled = new Map<string, CompiledProfile>();

/** Profiles are proven at each load; once for each choice of options is enough here. */
function served(id: string, settings: Settings): CompiledProfile {
  const key = `${id} ${JSON.stringify(settings)}`;
  const made = compiled.get(key) ?? shipped(id, settings);
  compiled.set(key, made);
  return made;
}

function said(id: string, given: SignalValues, settings: Settings): readonly CanFrame[] {
  const frames = served(id, settings).can?.frames(writtenState(given)) ?? [];
  if (isIncomplete(frames)) throw new Error(`lacks ${frames.missing.join(', ')}`);
  return frames;
}

const nameOf = ({ id }: CanFrame): string => id.toString(16);

/** The frames that a shipped profile makes of a written-down state, as `{ '351': '38 02 …' }`. */
export const framesOf = (
  id: string,
  given: SignalValues,
  settings: Settings = {},
): Readonly<Record<string, string>> =>
  Object.fromEntries(said(id, given, settings).map((frame) => [nameOf(frame), toHex(frame.data)]));

/** The ids of those frames in the order of the bus. */
export const idsOf = (id: string, given: SignalValues, settings: Settings = {}): string[] =>
  said(id, given, settings).map(nameOf);

/** The numbers of the two-bit pairs of a frame that say "raised". */
export const raisedPairs = (bytes = ''): number[] =>
  bytes
    .split(' ')
    .flatMap((byte, at) =>
      [0, 1, 2, 3].flatMap((n) => (((Number.parseInt(byte, 16) >> (2 * n)) & 3) === 1 ? [at * 4 + n] : [])),
    );
