import { shapes, writeRow } from '../../bytes/field.ts';
import { keyOf, type SignalName, type SignalValues } from '../../model/signals.ts';
import { caseOf, type Moment } from '../condition.ts';
import { allOrMissing, compileLayout, type Incomplete, isIncomplete } from '../encode.ts';
import type { FrameLayout } from '../layout.ts';
import type { Settings } from '../options.ts';
import {
  type AnswerLayout,
  answerLayouts,
  answersInForce,
  type Part,
  type RowPart,
  type StatesPart,
  type StretchPart,
  stretchesOf,
} from './layout.ts';
import type { LeadSpec, SerialSpec } from './schema.ts';

/** One answer as it is told: the question and the content, without envelope and checksum. */
export interface Answer {
  readonly ask: number;
  readonly name: string;
  readonly content: Uint8Array;
  /** Where the talk goes once it has been given. */
  readonly leads: readonly LeadSpec[];
}

/** The serial side of a compiled profile that a codec of ours carries. */
export interface CompiledSerial {
  readonly codec: SerialSpec['codec'];
  readonly baud: number;
  readonly parity: SerialSpec['parity'];
  readonly stopBits: SerialSpec['stop_bits'];
  readonly silentAfterMs: number;
  /** Of a protocol without addresses there are none. */
  readonly addresses: readonly number[];
  readonly rtnEcho: boolean;
  readonly onBadChecksum: 'silent' | 'answer';
  readonly answers: readonly AnswerLayout[];
  readonly layouts: readonly FrameLayout[];
  /** Questions about one battery only: the answer names the address. */
  readonly perBattery: ReadonlySet<number>;
  readonly phases: readonly string[] | undefined;
  readonly startsOverAfterMs: number | undefined;
  readonly writes: Extract<SerialSpec, { codec: 'kostal' }>['writes'];
  readonly refuses: Extract<SerialSpec, { codec: 'pylontech-ascii' }>['refuses'];
  /** Every answer that can be given in a phase, by default the last, as the battery of one address. */
  readonly say: (signals: SignalValues, phase?: string, address?: number) => readonly Answer[] | Incomplete;
}

type Encode = (moment: Moment, address: number) => Uint8Array | Incomplete;

/** The count of a row is one byte. */
export const MOST_IN_ROW = 255;

/** The numbers of a row; undefined when the bank does not know them. */
function rowOf(name: SignalName): (moment: Moment) => readonly number[] | undefined {
  const key = keyOf(name);
  return (moment) => {
    const held = moment[key];
    const numbers = Array.isArray(held) ? held.slice(0, MOST_IN_ROW) : undefined;
    return numbers?.every(Number.isFinite) ? numbers : undefined;
  };
}

function compileStretch({ layout, first }: StretchPart): Encode {
  const encode = compileLayout(layout);
  return (moment) => {
    const bytes = encode(moment);
    return bytes instanceof Uint8Array ? bytes.subarray(first) : bytes;
  };
}

function compileRow({ row, as, scale, offset }: RowPart): Encode {
  const numbersOf = rowOf(row);
  return (moment) => {
    const numbers = numbersOf(moment);
    if (!numbers) return { missing: [row] };
    const bytes = new Uint8Array(1 + numbers.length * shapes[as].bytes);
    bytes[0] = numbers.length;
    writeRow(bytes, { at: 1, as, scale, offset }, numbers);
    return bytes;
  };
}

function compileStates({ states, highest, lowest }: StatesPart): Encode {
  const numbersOf = rowOf(states);
  const [high, low] = [caseOf(highest), caseOf(lowest)];
  return (moment) => {
    const numbers = numbersOf(moment);
    if (!numbers) return { missing: [states] };
    const bytes = new Uint8Array(1 + numbers.length);
    bytes[0] = numbers.length;
    if (numbers.length === 0) return bytes;
    bytes[1 + numbers.indexOf(Math.min(...numbers))] = low(moment) ?? 0;
    const highestAt = 1 + numbers.indexOf(Math.max(...numbers));
    bytes[highestAt] = high(moment) ?? bytes[highestAt] ?? 0;
    return bytes;
  };
}

function compilePart(part: Part): Encode {
  switch (part.kind) {
    case 'stretch':
      return compileStretch(part);
    case 'row':
      return compileRow(part);
    case 'states':
      return compileStates(part);
    case 'address':
      return (_, address) => Uint8Array.of(address);
  }
}

const concatenated = (parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** One answer as a function; Incomplete names the required values that are unknown. */
export function compileAnswer({ ask, name, parts, leads }: AnswerLayout) {
  const encoders = parts.map(compilePart);
  return (moment: Moment, address: number): Answer | Incomplete => {
    const made = allOrMissing(encoders.map((encode) => encode(moment, address)));
    return isIncomplete(made) ? made : { ask, name, content: concatenated(made), leads };
  };
}

/** May it be given in this phase of the talk? */
export const answersIn = ({ phases }: AnswerLayout, phase: string | undefined): boolean =>
  phases === undefined || (phase !== undefined && phases.includes(phase));

/** The value itself, or that of the option that the installer chose it with. */
const chosen = <V>(value: V | { readonly option: string }, settings: Settings) =>
  typeof value === 'object' && value !== null && 'option' in value ? settings[value.option] : value;

/** Numbers are checked to be addresses when the profile is parsed. */
export const addressesOf = (serial: SerialSpec, settings: Settings): number[] =>
  serial.codec === 'kostal'
    ? []
    : serial.addresses
        .map((a) => chosen(a, settings))
        .flatMap((a) => (typeof a === 'number' ? [Math.round(a)] : []));

const mannersOf = (serial: SerialSpec, settings: Settings) =>
  ({
    rtnEcho: 'rtn_echo' in serial && chosen(serial.rtn_echo, settings) === true,
    onBadChecksum:
      'on_bad_checksum' in serial && chosen(serial.on_bad_checksum, settings) === 'answer'
        ? 'answer'
        : 'silent',
  }) as const;

const NO_ADDRESS = 0;

/** The codec's side of a profile under settings in force; `values` is what may be told of a state. */
export function compileSerial(
  serial: SerialSpec,
  settings: Settings,
  values: (signals: SignalValues) => SignalValues,
): CompiledSerial {
  const answers = answersInForce(answerLayouts(serial), settings);
  const writers = answers.map((layout) => ({ layout, write: compileAnswer(layout) }));
  const addresses = addressesOf(serial, settings);
  const talk = serial.codec === 'kostal' ? serial : undefined;
  const say: CompiledSerial['say'] = (
    signals,
    phase = talk?.phases?.at(-1),
    address = addresses[0] ?? NO_ADDRESS,
  ) => {
    const moment = { ...values(signals), phase };
    return allOrMissing(
      writers
        .filter(({ layout }) => answersIn(layout, phase))
        .map(({ layout, write }) => ({ layout, answer: write(moment, address) }))
        .filter(({ layout, answer }) => !layout.optional || !isIncomplete(answer))
        .map(({ answer }) => answer),
    );
  };
  return {
    codec: serial.codec,
    baud: serial.baud,
    parity: serial.parity,
    stopBits: serial.stop_bits,
    silentAfterMs: serial.silent_after,
    addresses,
    ...mannersOf(serial, settings),
    answers,
    layouts: stretchesOf(answers),
    perBattery: new Set(
      answers.filter(({ parts }) => parts.some((p) => p.kind === 'address')).map(({ ask }) => ask),
    ),
    phases: talk?.phases,
    startsOverAfterMs: talk?.starts_over_after,
    writes: talk?.writes ?? [],
    refuses: serial.codec === 'kostal' ? [] : serial.refuses,
    say,
  };
}
