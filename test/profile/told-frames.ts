import { toHex } from '../../src/bytes/hex.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import type { CompiledProfile } from '../../src/profile/compile.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import type { Settings } from '../../src/profile/options.ts';
import { writtenState } from '../../src/profile/state-file.ts';
import { shipped } from './profiles.ts';

const compiled = new Map<string, CompiledProfile>();

/** A profile is proven at each load; once is enough here. */
function profileOf(id: string, settings: Settings): CompiledProfile {
  const key = `${id} ${JSON.stringify(settings)}`;
  const profile = compiled.get(key) ?? shipped(id, settings);
  compiled.set(key, profile);
  return profile;
}

const hexId = (id: number): string => `0x${id.toString(16).toUpperCase()}`;

/** The frames of a state by their ids, `{ '0x110': '0F 8C …' }`; several contents of one id as `0x3D0/1`. */
export function toldFrames(
  id: string,
  given: SignalValues,
  settings: Settings = {},
  phase?: string,
): Record<string, string> {
  const { can, profile } = profileOf(id, settings);
  const frames = can?.say(writtenState(given), () => true, phase ?? profile.can?.phases?.at(-1)) ?? [];
  if (isIncomplete(frames)) throw new Error(`lacks ${frames.missing.join(', ')}`);
  const parts = new Set(can?.layouts.flatMap((l) => (l.part ? [l.id] : [])));
  return Object.fromEntries(
    frames.map((f) => [
      parts.has(f.id) ? `${hexId(f.id)}/${f.data[0]}` : hexId(f.id),
      toHex(f.data).toUpperCase(),
    ]),
  );
}

/** Bit `bit` of byte `at` of a frame. */
export const bitOf = (frame: string | undefined, at: number, bit: number): boolean =>
  (Number.parseInt(frame?.split(' ')[at] ?? '', 16) & (1 << bit)) !== 0;
