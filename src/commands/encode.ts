import type { Command } from 'commander';
import { shapes } from '../bytes/field.ts';
import { toHex } from '../bytes/hex.ts';
import { readText } from '../config/files.ts';
import { loadProfile } from '../config/profile-files.ts';
import { answerText } from '../modbus/ascii.ts';
import { answerBytes } from '../modbus/kostal.ts';
import type { CanFrame } from '../model/can-frame.ts';
import { GatewayError } from '../model/errors.ts';
import type { SignalValues } from '../model/signals.ts';
import type { CompiledModbus, CompiledProfile } from '../profile/compile.ts';
import { addressText, idText } from '../profile/describe.ts';
import { isIncomplete } from '../profile/encode.ts';
import { covered, type RegisterImage, readRegisters } from '../profile/registers.ts';
import { rowsOf } from '../profile/rows.ts';
import type { Answer, CompiledSerial } from '../profile/serial/compile.ts';
import { readState } from '../profile/state-file.ts';
import { tellingOnRung } from '../profile/telling.ts';
import { collect, settingsOf } from './profile-options.ts';

interface EncodeOptions {
  readonly profile: string;
  readonly state: string;
  readonly json?: true;
  readonly option: readonly string[];
  readonly profiles: readonly string[];
}

/** What would be on the wire: frames in order, registers by address, answers of a codec. */
interface Said {
  readonly frames: readonly CanFrame[];
  readonly image?: RegisterImage;
  readonly answers?: readonly Answer[];
}

const hexOf = (bytes: Uint8Array): string => toHex(bytes, '').toUpperCase();
const wordText = (word: number): string => word.toString(16).toUpperCase().padStart(4, '0');

function stateOf(file: string): SignalValues {
  const result = readState(file, readText(file));
  if ('problems' in result) throw new GatewayError('DOCUMENT_INVALID', { problems: result.problems });
  return result.signals;
}

const lacking = (missing: readonly string[], file: string): GatewayError =>
  new GatewayError('REFUSED', {
    message: `${file} lacks ${missing.map((name) => `\`${name}\``).join(', ')}, which this profile requires; add ${missing.length > 1 ? 'them' : 'it'}, e.g. "${missing[0]}": 50`,
  });

function sayAll({ can, modbus, serial }: CompiledProfile, state: SignalValues, file: string): Said {
  const frames = can?.frames(state) ?? [];
  if (isIncomplete(frames)) throw lacking(frames.missing, file);
  const answers = serial?.say(state) ?? [];
  if (isIncomplete(answers)) throw lacking(answers.missing, file);
  if (serial) return { frames, answers };
  const image = modbus?.image(state);
  if (image === undefined) return { frames };
  if (isIncomplete(image)) throw lacking(image.missing, file);
  return { frames, image };
}

/** candump's form: `351#1402C012C012C201`. */
const candump = (frame: CanFrame): string => `${idText(frame).slice(2)}#${hexOf(frame.data)}`;

const wordsAt = (image: RegisterImage, at: number, count: number, state: SignalValues): number[] => [
  ...(readRegisters(image, at, count, state.dataAgeS) ?? []),
];

/** Every register that carries something, by address: holes are left out. */
function registers(modbus: CompiledModbus, image: RegisterImage, state: SignalValues): [number, number][] {
  return modbus.layouts.flatMap((window) => {
    const taken = covered(window, modbus.writable);
    return wordsAt(image, window.from, taken.length, state).flatMap((word, i): [number, number][] =>
      taken[i] ? [[window.from + i, word]] : [],
    );
  });
}

/** `0x0100 004C  soc_pct  76 %` */
const registerLine = (address: number, words: readonly number[], label: string, text: string): string =>
  `${addressText(address)} ${words.map(wordText).join(' ')}  ${label}  ${text}`;

function registerLines(modbus: CompiledModbus, image: RegisterImage, state: SignalValues): string[] {
  const told = modbus.layouts.flatMap((window) => {
    const words = wordsAt(image, window.from, window.length >> 1, state);
    const bytes = Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));
    return rowsOf(window, bytes, state).map(({ at, length, label, text }) =>
      registerLine(window.from + (at >> 1), words.slice(at >> 1, (at + length + 1) >> 1), label, text),
    );
  });
  const written = modbus.writable.entries.map(({ address, means, field }) =>
    registerLine(
      address,
      wordsAt(image, address, shapes[field.as].bytes >> 1, state),
      means,
      'written by the inverter',
    ),
  );
  return [...told, ...written];
}

/** An answer as it stands on the wire: characters without their CR, or hex. */
const answerOf = ({ codec, addresses: [first = 0] }: CompiledSerial, { content }: Answer): string =>
  codec === 'pylontech-ascii' ? answerText(first, content).trimEnd() : hexOf(answerBytes(content));

const answerTexts = (serial: CompiledSerial, answers: readonly Answer[]): [string, string][] =>
  answers.map((answer) => [answer.name, answerOf(serial, answer)]);

/** Keys like `0344` stay in their order, `42` would not: an object sorts what looks like a number, so it is written by hand. */
const answersJson = (texts: readonly [string, string][]): string =>
  `{${texts.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`).join(',')}}`;

function json(
  { modbus, serial }: CompiledProfile,
  { frames, image, answers }: Said,
  state: SignalValues,
): string {
  if (serial)
    return `{"frames":[],"registers":{},"answers":${answersJson(answerTexts(serial, answers ?? []))}}`;
  const told = modbus && image ? registers(modbus, image, state) : [];
  return JSON.stringify({
    frames: frames.map((f) => ({ id: idText(f), ext: f.extended, hex: hexOf(f.data) })),
    registers: Object.fromEntries(told.map(([address, word]) => [addressText(address), wordText(word)])),
  });
}

function encode(options: EncodeOptions): void {
  const profile = loadProfile(options.profile, {
    dirs: options.profiles,
    settings: settingsOf(options.option),
  });
  const state = stateOf(options.state);
  const telling = tellingOnRung(profile.lost, state.freshness ?? 'fresh');
  const said = telling.kind === 'say' ? sayAll(profile, state, options.state) : { frames: [] };
  if (telling.kind !== 'say')
    process.stderr.write(
      `a lost bank is told ${telling.kind === 'nothing' ? 'by silence' : 'by exception 04'} in this profile\n`,
    );
  const { modbus, serial } = profile;
  const lines = options.json
    ? [json(profile, said, state)]
    : [
        ...said.frames.map(candump),
        ...(modbus && said.image ? registerLines(modbus, said.image, state) : []),
        ...(serial && said.answers
          ? answerTexts(serial, said.answers).map(([name, text]) => `${name} ${text}`)
          : []),
      ];
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** `bmsgate encode`: what an inverter would be told of a state. */
export const addEncode = (program: Command): void =>
  void program
    .command('encode')
    .description('what an inverter would be told: CAN frames in candump form, registers, or answers')
    .requiredOption('--profile <id>', 'profile id, or path of a profile file')
    .requiredOption('--state <file>', 'JSON with signal names, e.g. {"soc_pct": 76, "voltage_V": 52.8}')
    .option('--json', 'frames and registers, or answers, as one JSON object')
    .option('--option <name=value>', 'a setting of the profile; may be repeated', collect, [])
    .option('--profiles <dir>', 'another folder of profiles; may be repeated', collect, [])
    .action(encode);
