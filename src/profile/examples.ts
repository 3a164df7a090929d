import { toHex } from '../bytes/hex.ts';
import { type Finding, found } from './check/finding.ts';
import { compileFrame, compileProfile, inForce, inPhase, valuesFor } from './compile.ts';
import { addressText, idText } from './describe.ts';
import { frameLayouts } from './layout.ts';
import { settingProblem, settingsInForce } from './options.ts';
import { readRegisters } from './registers.ts';
import type { Profile } from './schema.ts';
import { answersIn, compileAnswer } from './serial/compile.ts';
import { writtenState } from './state-file.ts';
import { emptyStore } from './write-table.ts';

type Example = Profile['examples'][number];

/** The bytes that an example's place really gets, or why it gets none. `part` tells frames of one id apart. */
type Proof = (place: number, length: number, part?: number) => Uint8Array | string;

const NOT_SENT = 'none';

const spoken = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();

const lacking = (missing: readonly string[]): string =>
  `the example's \`given\` lacks ${missing.map((name) => `\`${name}\``).join(', ')}; add it`;

function frameProof(profile: Profile, example: Example): Proof {
  const settings = settingsInForce(profile, example.options);
  const { can } = profile;
  const layouts = can ? inForce(frameLayouts(can, settings), settings) : [];
  const values = valuesFor(profile, example.options)(writtenState(example.given));
  const moment = { ...values, phase: example.phase ?? can?.phases?.at(-1) };
  return (place, _length, part) => {
    const layout = layouts.find(
      (l) => l.id === place && (part === undefined || l.part?.value === part) && inPhase(l, moment.phase),
    );
    if (layout === undefined)
      return `this profile sends no ${addressOfFrame(place, part)} then; it sends ${layouts.map(idText).join(', ')}`;
    const frame = compileFrame(layout)(moment);
    if (!('missing' in frame)) return frame.data;
    return layout.optional ? NOT_SENT : lacking(frame.missing);
  };
}

const addressOfFrame = (id: number, part: number | undefined): string =>
  `0x${id.toString(16).toUpperCase()}${part === undefined ? '' : `/${part}`}`;

function registerProof(profile: Profile, example: Example): Proof {
  const state = writtenState(example.given);
  const { modbus } = compileProfile(profile, example.options);
  const image = modbus?.image(state);
  const unwritten = modbus && { table: modbus.writable, store: emptyStore(modbus.writable) };
  return (place, length) => {
    if (image === undefined || 'missing' in image) return lacking(image?.missing ?? []);
    const words = readRegisters(image, place, length >> 1, state.dataAgeS, unwritten);
    if (words === undefined) return 'not all of these registers exist; they must lie in one window';
    return Uint8Array.from([...words].flatMap((word) => [word >> 8, word & 0xff]));
  };
}

/** Of an answer its content: the envelope is the codec's. */
function answerProof(profile: Profile, example: Example): Proof {
  const { serial } = compileProfile(profile, example.options);
  const values = valuesFor(profile, example.options)(writtenState(example.given));
  const moment = { ...values, phase: example.phase ?? serial?.phases?.at(-1) };
  const layouts = serial?.answers ?? [];
  return (place) => {
    const layout = layouts.find(({ ask }) => ask === place);
    if (layout === undefined)
      return `this profile answers no such command; it answers ${layouts.map(({ name }) => `0x${name}`).join(', ')}`;
    if (!answersIn(layout, moment.phase)) return NOT_SENT;
    const answer = compileAnswer(layout)(moment, serial?.addresses[0] ?? 0);
    if (!('missing' in answer)) return answer.content;
    return layout.optional ? NOT_SENT : lacking(answer.missing);
  };
}

const bytesIn = (text: string): string => text.replace(/\s+/g, '').toUpperCase();

/** By the one bus that the profile serves. */
function proofOf({ can, serial }: Profile): (profile: Profile, example: Example) => Proof {
  if (can) return frameProof;
  return serial ? answerProof : registerProof;
}

function proofFindings(profile: Profile, example: Example, path: (string | number)[]): Finding[] {
  const prove = proofOf(profile)(profile, example);
  return Object.entries(example.then).flatMap(([place, expected]) => {
    const wanted = expected === NOT_SENT ? NOT_SENT : bytesIn(expected);
    const [id = '', part] = place.split('/');
    const actual = prove(Number(id), wanted.length >> 1, part === undefined ? undefined : Number(part));
    const at = [...path, 'then', place];
    if (typeof actual === 'string' && actual !== NOT_SENT) return [found(at, actual)];
    const is = typeof actual === 'string' ? actual : bytesIn(spoken(actual));
    const name = profile.modbus ? addressText(Number(id)) : place;
    return is === wanted
      ? []
      : [
          found(
            at,
            `the example does not match: ${name} should be ${spokenText(wanted)}, but is ${spokenText(is)}; correct the profile or the example`,
          ),
        ];
  });
}

const spokenText = (hex: string): string => (hex === NOT_SENT ? hex : hex.replace(/..(?=.)/g, '$& '));

/** What the profile's own examples prove wrong; a profile with a finding here never reaches a wire. */
export const exampleFindings = (profile: Profile): Finding[] =>
  profile.examples.flatMap((example, i) => {
    const settings = Object.entries(example.options).flatMap(([name, value]) => {
      const problem = settingProblem(profile.options, name, value);
      return problem ? [found(['examples', i, 'options', name], problem)] : [];
    });
    return settings.length ? settings : proofFindings(profile, example, ['examples', i]);
  });
