import { idText } from '../describe.ts';
import { bitsAt, constantIn, entryOf, isOpen, wireAt } from './entries.ts';
import type { FoundMessage, FoundSignal } from './found.ts';
import { type Lines, openLines, titleOf } from './lines.ts';
import { unitOfMeaning } from './received.ts';
import { decimal } from './slots.ts';

/** A byte, or bits of it, that must have one value. */
function whereOf(found: FoundSignal): string | undefined {
  const value = constantIn(found);
  const place = bitsAt(found);
  if (value === undefined || !place) return undefined;
  const mask = (2 ** found.size - 1) << place.bit;
  return `{ at: ${place.at}, is: ${value << place.bit}${mask === 255 ? '' : `, mask: ${mask}`} }`;
}

/** What the inverter says of itself, by our own names only. */
function toldBy(found: FoundSignal): string | undefined {
  const { odd, name, unit, factor, offset } = found;
  const means = Object.entries(unitOfMeaning).find(([known]) => known === name);
  const place = wireAt(found);
  if (odd || !means || !place || unit.replace('degC', '°C') !== means[1]) return undefined;
  const scale = factor === 1 ? '' : `, scale: ${decimal(factor)}`;
  const shift = offset === 0 ? '' : `, offset: ${decimal(offset)}`;
  return `{ at: ${place.at}, as: ${place.as}, means: ${name}${scale}${shift} }`;
}

const isText = (text: string | undefined): text is string => text !== undefined;

/** A message of the inverter as an entry of `receives`. */
export function received(message: FoundMessage): Lines {
  const { id, extended, signals } = message;
  const where = signals.map(whereOf).filter(isText);
  const told = signals.map(toldBy).filter(isText);
  const open = signals
    .filter((found) => whereOf(found) === undefined && toldBy(found) === undefined)
    .map(entryOf)
    .map((line) =>
      isOpen(line)
        ? { open: line.open.replace('from: ?, required: true', 'means: ?') }
        : {
            open: `${line.section}: - { ${line.text} }, which a received frame says with \`means\` or \`where\``,
          },
    );
  const lines = [
    `    - id: ${idText({ id, extended })}`,
    ...(extended ? ['      extended: true'] : []),
    `      title: ${titleOf(message)}`,
    ...(where.length ? [`      where: [${where.join(', ')}]`] : []),
    ...(told.length ? ['      signals:', ...told.map((text) => `        - ${text}`)] : []),
    ...openLines(open, '      '),
  ];
  return { lines, open: open.length };
}
