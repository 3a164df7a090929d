import type { Wire } from '../../bytes/field.ts';
import type { Path } from '../document.ts';
import { type ByteOrder, contentSlots, type FrameLayout, wireOf } from '../layout.ts';
import { holds, type Settings } from '../options.ts';
import type { When } from '../schema.ts';
import type { AnswerSpec, LeadSpec, PartSpec, SerialSpec } from './schema.ts';

type PartOf<K extends PropertyKey> = Extract<PartSpec, Record<K, unknown>>;
interface Placed {
  readonly path: Path;
}

/** Bytes of a fixed length; `layout` counts from the protocol's own first byte, and those before `first` are not told. */
export interface StretchPart extends Placed {
  readonly kind: 'stretch';
  readonly first: number;
  readonly when: When | undefined;
  readonly layout: FrameLayout;
}
export type RowPart = Placed & { readonly kind: 'row'; readonly as: Wire } & Omit<PartOf<'row'>, 'as'>;
export type StatesPart = Placed & { readonly kind: 'states' } & PartOf<'states'>;
export type AddressPart = Placed & { readonly kind: 'address' } & PartOf<'address'>;
export type Part = StretchPart | RowPart | StatesPart | AddressPart;

/** The answer to one question, its parts one behind the other. */
export interface AnswerLayout extends Placed {
  readonly ask: number;
  /** The question as people write it: `61`, `084A`. */
  readonly name: string;
  readonly title: string | undefined;
  readonly phases: readonly string[] | undefined;
  readonly optional: boolean;
  readonly when: When | undefined;
  readonly parts: readonly Part[];
  readonly leads: readonly LeadSpec[];
}

interface Codec {
  readonly order: ByteOrder;
  /** Hex digits of a question. */
  readonly digits: number;
}

const codecs: { readonly [C in SerialSpec['codec']]: Codec } = {
  'pylontech-ascii': { order: 'big', digits: 2 },
  kostal: { order: 'little', digits: 4 },
};

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

function partLayout(spec: PartSpec, answer: AnswerSpec, path: Path, { order, digits }: Codec): Part {
  if ('row' in spec) return { ...spec, kind: 'row', as: wireOf(spec.as, order), path };
  if ('states' in spec) return { ...spec, kind: 'states', path };
  if ('address' in spec) return { ...spec, kind: 'address', path };
  const { first, length, pad, when } = spec;
  const { ask: id, title } = answer;
  const slots = contentSlots(spec, path, order);
  const layout = { path, id, extended: false, digits, title, length: first + length, pad, when, slots };
  return { kind: 'stretch', first, when, layout, path };
}

function answerLayout(spec: AnswerSpec, i: number, codec: Codec): AnswerLayout {
  const path: Path = ['serial', 'answers', i];
  return {
    path,
    ask: spec.ask,
    name: hex(spec.ask, codec.digits),
    title: spec.title,
    phases: spec.phases,
    optional: spec.optional === true,
    when: spec.when,
    leads: 'leads' in spec ? spec.leads : [],
    parts: spec.parts.map((part, at) => partLayout(part, spec, [...path, 'parts', at], codec)),
  };
}

/** All answers of a profile, in its order. */
export const answerLayouts = (serial: SerialSpec): AnswerLayout[] =>
  serial.answers.map((spec, i) => answerLayout(spec, i, codecs[serial.codec]));

/** The fixed stretches of an answer, for whoever looks for signals or their places. */
export const stretchesOf = (answers: readonly AnswerLayout[]): FrameLayout[] =>
  answers.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'stretch' ? [part.layout] : [])));

const partInForce = (part: Part, settings: Settings): Part =>
  part.kind === 'stretch'
    ? {
        ...part,
        layout: { ...part.layout, slots: part.layout.slots.filter((slot) => holds(slot.when, settings)) },
      }
    : part;

/** Only what is in force under these settings. */
export const answersInForce = (answers: readonly AnswerLayout[], settings: Settings): AnswerLayout[] =>
  answers
    .filter(({ when }) => holds(when, settings))
    .map((answer) => ({
      ...answer,
      parts: answer.parts
        .filter(({ when }) => holds(when, settings))
        .map((part) => partInForce(part, settings)),
    }));
