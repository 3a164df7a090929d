// What one thing on a wire is called, and what it says: for the list, and for the search in it.
import { idText } from '../../profile/describe.ts';
import type { PieceKind } from '../../profile/pieces.ts';
import { t } from '../words/words.ts';
import { askedSections, frameSections, type Section } from './decoded.ts';
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
  sections[0]?.pieces.find(({ kind }: { readonly kind: PieceKind }) => kind === 'command')?.text ?? '–';

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

/** Decoded beside the lines of the profile; nothing before a profile of its wire is known. */
export const sectionsOf = (talk: Talk): Section[] =>
  talk.kind === 'frame'
    ? frameSections(profilesOn(talk.wire), talk)
    : askedSections(profileOf(talk.inverter), talk);

/** The profile's own word for it. */
export const subtitleOf = ({ last }: Heard): string | undefined => sectionsOf(last)[0]?.title;

const decodedText = ({ facts, pieces }: Section): string =>
  [...facts.map(factText), ...pieces.map((piece) => `${labelOf(piece)} ${textOf(piece)}`)].join(' ');

/** All that a search looks through. */
export const wordsOf = (heard: Heard): string =>
  [titleOf(heard), subtitleOf(heard), hexOf(heard.last), ...sectionsOf(heard.last).map(decodedText)].join(
    ' ',
  );
