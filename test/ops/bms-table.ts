// The tables of docs/bms.md, made from the drivers and from what they read in their captures.
import { readdirSync } from 'node:fs';
import type { BmsDriver } from '../../src/bms/driver.ts';
import { drivers } from '../../src/bms/drivers.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { readingNames } from '../../src/model/battery.ts';
import { captured } from '../bms/captures.ts';

/** Best first: printed by the maker, recorded from a unit, told by users, or made by hand after a description. */
const grades = ['vendor', 'capture', 'field', 'inferred'] as const;
type Grade = (typeof grades)[number];

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const capturesOf = ({ id }: BmsDriver): string[] =>
  readdirSync(new URL(`../captures/${id}/`, import.meta.url)).map(
    (file) => `${id}/${file.replace(/\.txt$/, '')}`,
  );
const gradeOf = (text = ''): Grade => grades.find((grade) => grade === text) ?? 'inferred';
/** An empty list or a plain no: it is told, and nothing shows that it would be told rightly. */
const isBare = (value: unknown): boolean =>
  value === false || (Array.isArray(value) && value.every((v) => v === undefined));

/** Each quantity that the family's captures hold, with the best evidence for it. */
function quantities(driver: BmsDriver): Map<string, Grade> {
  const best = new Map<string, Grade>();
  for (const name of capturesOf(driver)) {
    const { headers, entries } = captured(name);
    const grade = gradeOf(headers.evidence);
    for (const { answer } of transcribe(driver, entries).said)
      if (answer.kind === 'part')
        for (const [key, value] of Object.entries(answer.reading)) {
          const before = best.get(key);
          const shown = isBare(value) ? 'inferred' : grade;
          if (!before || grades.indexOf(shown) < grades.indexOf(before)) best.set(key, shown);
        }
  }
  return best;
}

/** A row a quantity, a column a family; `-` is what the family does not tell, or no capture shows. */
export function quantityTable(): string {
  const told = drivers.map(quantities);
  return [
    row(['quantity', ...drivers.map(({ id }) => `\`${id}\``)]),
    row(['---', ...drivers.map(() => '---')]),
    ...Object.entries(readingNames).map(([key, name]) =>
      row([`\`${name}\``, ...told.map((of) => of.get(key) ?? '-')]),
    ),
  ].join('\n');
}

const yes = (is: boolean): string => (is ? 'yes' : '-');

/** A row a family. */
export const familyTable = (): string =>
  [
    row(['`bms:`', 'batteries', 'ways of talking', 'talks by itself', 'password', 'FETs by hand']),
    row(['---', '---', '---', '---', '---', '---']),
    ...drivers.map(({ id, title, dialects }) =>
      row([
        `\`${id}\``,
        title,
        dialects.map((d) => d.id).join(', '),
        yes(dialects.some(({ stream }) => stream)),
        yes(dialects.some(({ login }) => login)),
        yes(dialects.some(({ control }) => control)),
      ]),
    ),
  ].join('\n');

/** The README's table. */
export const readmeTable = (): string =>
  [
    row(['`bms:`', 'batteries']),
    row(['---', '---']),
    ...drivers.map(({ id, title }) => row([`\`${id}\``, title])),
  ].join('\n');
