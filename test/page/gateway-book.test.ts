// The book of German sentences and the sources: nothing that is written for the page is without, nothing in the book is written no more.
import { describe, expect, test } from 'vitest';
import { de } from '../../src/page/words/de.ts';
import { sayings as daily, german, rooms } from '../../src/page/words/gateway-de/all.ts';
import { complaintRooms, complaints } from '../../src/page/words/gateway-de/complaints.ts';
import { speaker } from '../../src/page/words/gateway-said.ts';
import { said as filledIn } from '../../src/page/words/said.ts';
import { complained } from './gateway-complaints.ts';
import { said as saidDaily } from './gateway-everything.ts';
import * as not from './not-on-the-page.ts';
import { HOLE, sourcesOf, type Written, writtenIn } from './written-sentences.ts';

const words = { ...de, said: filledIn };
const speak = german(words, complaints);
const sayings = { ...daily, ...complaints };
const said = [...saidDaily, ...complained];

/** Where the sentences are written that come to the page. */
const talkative = [
  'src/bank',
  'src/events',
  'src/wires',
  'src/ble',
  'src/bms',
  'src/office',
  'src/alerts',
  'src/web',
  'src/firststart',
  'src/commands/doctor',
  'src/can/bus.ts',
  'src/can/interface-state.ts',
  'src/can/socketcan.ts',
  'src/child.ts',
  'src/config',
  'src/profile',
  'src/gateway.ts',
  'src/history/keeper.ts',
  'src/history/sqlite.ts',
  'src/modbus/serial.ts',
  'src/model',
  'src/mqtt/trouble.ts',
  'src/read-aside.ts',
];
const isSilent = (file: string): boolean =>
  not.files.some((one) => (one.endsWith('/') ? file.startsWith(one) : file === one));
const written = sourcesOf(talkative)
  .filter((file) => !isSilent(file))
  .flatMap(writtenIn);

const withHoles = (text: string): string => text.replaceAll(HOLE, '{}');
const COMMAND = /^(sudo|ip) /;
const SQL = /^\n?(SELECT|PRAGMA)/;
/** The name of a driver, as its maker writes it; the description of a route. */
const isTitle = ({ file, text }: Written): boolean =>
  /^[A-Z]/.test(text) && (file.startsWith('src/bms') || file.startsWith('src/web'));

function needsGerman({ file, text }: Written): boolean {
  const words = text.replaceAll(HOLE, ' ').match(/[A-Za-z]{2,}/g) ?? [];
  if (words.length < 3 || !text.trim().includes(' ')) return false;
  const shown = withHoles(text);
  if (not.parts.includes(shown) || not.elsewhere.includes(shown) || Object.hasOwn(de.rule, text))
    return false;
  return !isTitle({ file, text }) && !COMMAND.test(text) && !SQL.test(text);
}

const fillings = [
  '7.5',
  'b2',
  'a, b',
  'charge',
  'SoC',
  'forget',
  'hci1 or hci2',
  'lost',
  'viewer',
  'unit 7',
  'register 0x03',
  '2 h 3 min',
  'frame type 02',
  '',
  '`a`, `b`',
  'a text',
  'byte 1 of 0x351',
];

/** The text with its holes filled in many ways: one of them is of the right kinds. */
function* filled(text: string): Generator<string> {
  const pieces = text.split(HOLE);
  const holes = pieces.length - 1;
  const choices = holes > 3 ? fillings.slice(0, 2) : fillings;
  for (let nth = 0; nth < choices.length ** holes; nth++)
    yield pieces
      .map((piece, i) =>
        i === holes ? piece : piece + choices[Math.floor(nth / choices.length ** i) % choices.length],
      )
      .join('');
}

describe('what is written in the rooms of the gateway', () => {
  test('has a German sentence, or is no sentence for the page', () => {
    const english = written
      .filter(needsGerman)
      .filter(({ text }) => ![...filled(text)].some((sentence) => speak(sentence) !== undefined));
    expect(english.map(({ file, text }) => `${file}: ${withHoles(text)}`)).toEqual([]);
  });

  test('is still all that is said not to need one', () => {
    const there = new Set(written.map(({ text }) => withHoles(text)));
    expect([...not.parts, ...not.elsewhere].filter((text) => !there.has(text))).toEqual([]);
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A sentence of this file: its templates and their clauses, each hole filled with a value or with a text of the same file. */
function sentencesOf(texts: readonly string[]): RegExp {
  const behind = (text: string, by: string) => text.slice(text.indexOf(by) + by.length);
  const clauses = texts.flatMap((text) => [
    text,
    ...text.split('; '),
    behind(text, '; '),
    behind(text, ': '),
  ]);
  const fragments = texts.map((text) => escaped(text).replaceAll(HOLE, `${HOLE}?`));
  const hole = `(?:${HOLE}|${fragments.join('|')})?`;
  const wholes = [...new Set(clauses)].filter((text) => text.replaceAll(HOLE, '') !== '');
  return new RegExp(`^(?:${wholes.map((text) => text.split(HOLE).map(escaped).join(hole)).join('|')})$`);
}

describe('what the book has a German sentence for', () => {
  const PLACE = /\{(\w+)(?::(\w+))?\}/g;
  const patterns = Object.entries(sayings);

  test('is there once', () => {
    expect(Object.values({ ...rooms, ...complaintRooms }).flatMap((room) => Object.keys(room)).length).toBe(
      patterns.length,
    );
  });

  test('has the same places in both languages, each of a kind', () => {
    const namesIn = (text: string) => [...text.matchAll(PLACE)].map(([, name]) => name).toSorted();
    expect(patterns.filter(([en, german]) => namesIn(en).join() !== namesIn(german).join())).toEqual([]);
  });

  test('is written in the sources, or said by the gateway', () => {
    const byFile = Map.groupBy(written, ({ file }) => file);
    const forms = [...byFile.values()].map((texts) => sentencesOf(texts.map(({ text }) => text)));
    // Each German sentence is its number and what stands in its places: which one was said can be read from it.
    const marked = speaker(
      Object.fromEntries(
        patterns.map(([en], nth) => [
          en,
          `<${nth}>${[...en.matchAll(PLACE)].map(([, name]) => `{${name}}`)}`,
        ]),
      ),
      words,
    );
    const used = new Set(
      said.flatMap((sentence) => [...(marked(sentence) ?? '').matchAll(/<(\d+)>/g)].map(([, nth]) => nth)),
    );
    const unsaid = patterns.filter(
      ([en], nth) => !used.has(String(nth)) && !forms.some((form) => form.test(en.replaceAll(PLACE, HOLE))),
    );
    expect(unsaid.map(([en]) => en)).toEqual([]);
  });
});
