// What another profile says differently of the same bank, byte by byte.
import { toHex } from '../bytes/hex.ts';
import { frameKey } from '../model/can-frame.ts';
import type { SignalValues } from '../model/signals.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import { addressText, idText } from '../profile/describe.ts';
import { isIncomplete } from '../profile/encode.ts';
import type { RegisterImage } from '../profile/registers.ts';
import type { Answer } from '../profile/serial/compile.ts';

/** What a profile says of a bank: its frames, registers or answers in their order, as hex. */
export type Saying = ReadonlyMap<string, string>;

const hex = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();

type Frames = Exclude<ReturnType<NonNullable<CompiledProfile['can']>['frames']>, { missing: unknown }>;

/** A frame that repeats its id with another content is told apart by its how-manieth. */
function frameTexts(frames: Frames): Saying {
  const seen = new Map<string, number>();
  return new Map(
    frames.map((frame) => {
      const nth = (seen.get(frameKey(frame)) ?? 0) + 1;
      seen.set(frameKey(frame), nth);
      return [`${idText(frame)}${nth > 1 ? ` (${nth})` : ''}`, hex(frame.data)];
    }),
  );
}

const registerTexts = ({ windows }: RegisterImage): Saying =>
  new Map(
    windows.flatMap(({ from, words, exists }) =>
      Array.from(words, (word, i): [string, string] => [
        addressText(from + i),
        word.toString(16).toUpperCase().padStart(4, '0'),
      ]).filter((_, i) => exists[i]),
    ),
  );

const answerTexts = (answers: readonly Answer[]): Saying =>
  new Map(answers.map(({ name, content }) => [name, hex(content)]));

/** `missing` names what the profile requires and the bank does not have. */
export function sayingOf(
  { can, modbus, serial }: CompiledProfile,
  bank: SignalValues,
): Saying | { readonly missing: readonly string[] } {
  const frames = can?.frames(bank);
  if (frames) return isIncomplete(frames) ? frames : frameTexts(frames);
  const image = modbus?.image(bank);
  if (image) return isIncomplete(image) ? image : registerTexts(image);
  const answers = serial?.say(bank);
  if (answers) return isIncomplete(answers) ? answers : answerTexts(answers);
  return new Map();
}

const MOST = 10;

/** `0x355 49 00 → 4A 00, 0x370 none → 01 02, and 3 more`; a dash where nothing differs. */
export function differenceText(before: Saying, now: Saying): string {
  const places = [...new Set([...before.keys(), ...now.keys()])];
  const changes = places
    .filter((place) => before.get(place) !== now.get(place))
    .map((place) => `${place} ${before.get(place) ?? 'none'} → ${now.get(place) ?? 'none'}`);
  const rest = changes.length - MOST;
  return [...changes.slice(0, MOST), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ') || '-';
}
