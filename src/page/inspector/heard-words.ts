// What one thing on a wire is called, and what it says: for the list, and for the search in it.
import { idText } from '../../profile/describe.ts';
import { t } from '../words/words.ts';
import { askedSections, frameSections, type Section } from './decoded.ts';
import { explained } from './explained-profiles.ts';
import { type Heard, hexOf } from './heard.ts';
import { factText, labelOf, textOf } from './piece-words.ts';
import { registersAsked } from './registers.ts';
import { profileOf, profilesOn } from './talk.ts';

type Talk = Heard['last'];
type Modbus = Extract<Talk, { kind: 'modbus' }>;
type Telegram = Extract<Talk, { kind: 'telegram' }>;

const modbusTitle = ({ inverter, unit, request }: Modbus): string =>
  t('inspector.question', {
    inverter,
    unit,
    code: Number.parseInt(request.slice(0, 2), 16),
    registers: registersAsked(request),
  });

const commandIn = (sections: readonly Section[]): string =>
  sections[0]?.pieces.find(({ kind }) => kind === 'command')?.text ?? '–';

const telegramTitle = (talk: Telegram): string =>
  t('inspector.codecQuestion', {
    inverter: talk.inverter,
    address: talk.address,
    command: commandIn(sectionsOf(talk)),
  });

export function titleOf({ last }: Heard): string {
  if (last.kind === 'modbus') return modbusTitle(last);
  return last.kind === 'telegram'
    ? telegramTitle(last)
    : idText({ id: last.id, extended: last.extended ?? false });
}

const decode = (talk: Talk): readonly Section[] =>
  talk.kind === 'frame'
    ? frameSections(profilesOn(talk.wire), talk)
    : askedSections(profileOf(talk.inverter), talk);

interface Read {
  /** Of the profiles as they were known then. */
  readonly by: typeof explained.value;
  readonly sections: readonly Section[];
}

/** Each is decoded once, however often it is drawn. */
const decodedBefore = new WeakMap<Talk, Read>();

/** Decoded beside the lines of the profile; nothing before a profile of its wire is known. */
export function sectionsOf(talk: Talk): readonly Section[] {
  const by = explained.value;
  const before = decodedBefore.get(talk);
  if (before?.by === by) return before.sections;
  const sections = decode(talk);
  decodedBefore.set(talk, { by, sections });
  return sections;
}

/** The profile's own word for it; registers have none for a question. */
export const subtitleOf = ({ last }: Heard): string | undefined =>
  last.kind === 'modbus' ? undefined : sectionsOf(last)[0]?.title;

const decodedText = ({ facts, pieces }: Section): string =>
  [...facts.map(factText), ...pieces.map((piece) => `${labelOf(piece)} ${textOf(piece)}`)].join(' ');

/** All that a search looks through. */
export const wordsOf = (heard: Heard): string =>
  [titleOf(heard), subtitleOf(heard), hexOf(heard.last), ...sectionsOf(heard.last).map(decodedText)].join(
    ' ',
  );
