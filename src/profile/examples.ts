import { toHex } from '../bytes/hex.ts';
import { type Finding, found } from './check-slots.ts';
import { compileFrame, compileProfile, inForce, valuesFor } from './compile.ts';
import { addressText, idText } from './describe.ts';
import { frameLayouts } from './layout.ts';
import { settingProblem, settingsInForce } from './options.ts';
import { readRegisters } from './registers.ts';
import type { Profile } from './schema.ts';
import { writtenState } from './state-file.ts';

type Example = Profile['examples'][number];

/** The bytes that an example's place really gets, or why it gets none. */
type Proof = (place: number, length: number) => Uint8Array | string;

const spoken = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();

const lacking = (missing: readonly string[]): string =>
  `the example's \`given\` lacks ${missing.map((name) => `\`${name}\``).join(', ')}; add it`;

function frameProof(profile: Profile, example: Example): Proof {
  const layouts = profile.can
    ? inForce(frameLayouts(profile.can), settingsInForce(profile, example.options))
    : [];
  const values = valuesFor(profile, example.options)(writtenState(example.given));
  return (place) => {
    const layout = layouts.find((l) => l.id === place);
    if (!layout) return `this profile sends no such frame; it sends ${layouts.map(idText).join(', ')}`;
    const frame = compileFrame(layout)(values);
    return 'missing' in frame ? lacking(frame.missing) : frame.data;
  };
}

function registerProof(profile: Profile, example: Example): Proof {
  const state = writtenState(example.given);
  const image = compileProfile(profile, example.options).modbus?.image(state);
  return (place, length) => {
    if (image === undefined || 'missing' in image) return lacking(image?.missing ?? []);
    const words = readRegisters(image, place, length >> 1, state.dataAgeS);
    if (words === undefined) return 'not all of these registers exist; they must lie in one window';
    return Uint8Array.from([...words].flatMap((word) => [word >> 8, word & 0xff]));
  };
}

const bytesIn = (text: string): string => text.replace(/\s+/g, '').toUpperCase();

function proofFindings(profile: Profile, example: Example, path: (string | number)[]): Finding[] {
  const prove = profile.can ? frameProof(profile, example) : registerProof(profile, example);
  return Object.entries(example.then).flatMap(([place, expected]) => {
    const wanted = bytesIn(expected);
    const actual = prove(Number(place), wanted.length >> 1);
    const at = [...path, 'then', place];
    if (typeof actual === 'string') return [found(at, actual)];
    const name = profile.can ? place : addressText(Number(place));
    return bytesIn(spoken(actual)) === wanted
      ? []
      : [
          found(
            at,
            `the example does not match: ${name} should be ${spokenText(wanted)}, but is ${spoken(actual)}; correct the profile or the example`,
          ),
        ];
  });
}

const spokenText = (hex: string): string => hex.replace(/..(?=.)/g, '$& ');

/** What the profile's own examples prove wrong; a profile with a finding here never reaches a wire. */
export const exampleFindings = (profile: Profile): Finding[] =>
  profile.examples.flatMap((example, i) => {
    const settings = Object.entries(example.options).flatMap(([name, value]) => {
      const problem = settingProblem(profile.options, name, value);
      return problem ? [found(['examples', i, 'options', name], problem)] : [];
    });
    return settings.length ? settings : proofFindings(profile, example, ['examples', i]);
  });
