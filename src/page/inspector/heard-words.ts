// What one thing on a wire is called, and what it says: for the list, and for the search in it.
import { idText } from '../../profile/describe.ts';
import { fact } from '../../profile/pieces.ts';
import { DASH } from '../format.ts';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { askedSections, frameSections, isDamaged, type Section } from './decoded.ts';
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

function telegramTitle(talk: Telegram): string {
  const sections = sectionsOf(talk);
  const { inverter } = talk;
  if (sections.some(({ of, ...one }) => of === 'request' && isDamaged(one)))
    return t('inspector.damagedQuestion', { inverter });
  const address = talk.address ?? DASH;
  return t('inspector.codecQuestion', { inverter, address, command: commandIn(sections) });
}

/** To an address that nobody on its line has: the addresses that there are. */
function missedAddresses({ inverter, address }: Telegram): readonly number[] {
  const all = site.value?.inverters ?? [];
  const wire = all.find(({ id }) => id === inverter)?.wire;
  const ours = all.flatMap((one) => (one.wire === wire ? one.units : []));
  return address === null || ours.includes(address) ? [] : ours;
}

function telegramSections(talk: Telegram): Section[] {
  const sections = askedSections(profileOf(talk.inverter), talk);
  const ours = missedAddresses(talk);
  return sections.map((section) =>
    ours.length === 0 || section.of !== 'request' || isDamaged(section)
      ? section
      : { ...section, facts: [fact('otherAddress', ours.join(', ')), ...section.facts] },
  );
}

export function titleOf({ last }: Heard): string {
  if (last.kind === 'modbus') return modbusTitle(last);
  return last.kind === 'telegram'
    ? telegramTitle(last)
    : idText({ id: last.id, extended: last.extended ?? false });
}

function decode(talk: Talk): readonly Section[] {
  if (talk.kind === 'frame') return frameSections(profilesOn(talk.wire), talk);
  return talk.kind === 'telegram' ? telegramSections(talk) : askedSections(profileOf(talk.inverter), talk);
}

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
