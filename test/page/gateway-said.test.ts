// The German of the gateway's own sentences: nothing that it says is without, nothing in the book is said no more, no number is lost.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alarmNames } from '../../src/model/alarms.ts';
import { reasonText } from '../../src/model/reason-text.ts';
import { de } from '../../src/page/words/de.ts';
import { rooms, sayings } from '../../src/page/words/gateway-de/all.ts';
import type { kinds } from '../../src/page/words/gateway-places.ts';
import { speaker } from '../../src/page/words/gateway-said.ts';
import * as hands from './gateway-hands.ts';
import * as bank from './gateway-makers.ts';
import * as not from './not-on-the-page.ts';
import { HOLE, sourcesOf, type Written, writtenIn } from './written-sentences.ts';

const speak = speaker(sayings);

/** Numbers as they are meant, whatever the language writes them like. */
const numbersIn = (text: string): string[] =>
  (text.match(/\d+(?:[.,]\d+)?/g) ?? []).map((n) => n.replace(',', '.')).toSorted();

/** Without commands, and what another program said of itself. */
const bare = (german: string): string =>
  german.replaceAll(/`[^`]*`|„[^“]*“|(sudo|ip link) [^,;]*|\([A-Z][^)]*\)/g, '');
const ENGLISH = /\b(the|is|it|are|of|and|with|has|does|not|look|check|set|this|that|battery|inverter|wire)\b/;

const said: readonly string[] = [
  ...new Set(
    [
      bank.saidInScenarios,
      bank.saidOfAlarms,
      bank.saidOfRungs,
      bank.saidOfExceeding,
      bank.saidOfBlocked,
      bank.saidOfFlapping,
      ...Object.values(hands),
    ].flatMap((make) => [...make()]),
  ),
];

describe('what the gateway really says', () => {
  test('has a German sentence', () => {
    expect(said.length).toBeGreaterThan(900);
    expect(said.filter((sentence) => speak(sentence) === undefined)).toEqual([]);
  });

  test('has the same numbers in it', () => {
    const unlike = said.filter(
      (sentence) => numbersIn(speak(sentence) ?? '').join() !== numbersIn(sentence).join(),
    );
    expect(unlike).toEqual([]);
  });

  test('leaves no English behind in the German one', () => {
    const english = said
      .map((sentence) => speak(sentence) ?? '')
      .filter((german) => ENGLISH.test(bare(german)));
    expect(english).toEqual([]);
  });

  test('on any day of any bank has a German sentence with its numbers and its batteries', () => {
    bank.saidOnAnyDay((sentence) => {
      const german = speak(sentence);
      expect(german, sentence).toBeDefined();
      expect(numbersIn(german ?? ''), sentence).toEqual(numbersIn(sentence));
      for (const [id] of sentence.matchAll(/\b[abcd][1-9]\b/g)) expect(german).toContain(id);
    });
  });
});

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
  'src/config/configuration.ts',
  'src/config/read-configuration.ts',
  'src/config/secrets.ts',
  'src/gateway.ts',
  'src/history/keeper.ts',
  'src/history/sqlite.ts',
  'src/modbus/serial.ts',
  'src/model/errors.ts',
  'src/model/serial-trouble.ts',
  'src/model/tcp-trouble.ts',
  'src/mqtt/trouble.ts',
  'src/profile/telling.ts',
];
const written = sourcesOf(talkative).flatMap(writtenIn);

const withHoles = (text: string): string => text.replaceAll(HOLE, '{}');
const COMMAND = /^(sudo|ip) /;
const SQL = /^\n?(SELECT|PRAGMA)/;
/** The name of a driver, as its maker writes it; the description of a route. */
const isTitle = ({ file, text }: Written): boolean =>
  /^[A-Z]/.test(text) && (file.startsWith('src/bms') || file.startsWith('src/web'));

function needsGerman({ file, text }: Written): boolean {
  const words = text.replaceAll(HOLE, ' ').match(/[A-Za-z]{2,}/g) ?? [];
  if (words.length < 3 || !text.trim().includes(' ') || not.files.includes(file)) return false;
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
    expect(Object.values(rooms).flatMap((room) => Object.keys(room)).length).toBe(patterns.length);
  });

  test('has the same places in both languages, each of a kind', () => {
    const namesIn = (text: string) => [...text.matchAll(PLACE)].map(([, name]) => name).toSorted();
    expect(patterns.filter(([en, german]) => namesIn(en).join() !== namesIn(german).join())).toEqual([]);
  });

  test('is written in the sources, or said by the gateway', () => {
    const byFile = Map.groupBy(written, ({ file }) => file);
    const forms = [...byFile.values()].map((texts) => sentencesOf(texts.map(({ text }) => text)));
    const unwritten = patterns.filter(([en]) => {
      const text = en.replaceAll(PLACE, HOLE);
      return !forms.some((form) => form.test(text));
    });
    const unsaid = unwritten.filter(([en]) => {
      const { [en]: _, ...others } = sayings;
      const without = speaker(others);
      return said.every((sentence) => without(sentence) === speak(sentence));
    });
    expect(unsaid.map(([en]) => en)).toEqual([]);
  });
});

const id = fc.stringMatching(/^[a-z]{1,6}-?[0-9]{0,3}$/);
const number = fc
  .tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 0, max: 3 }))
  .map(([n, digits]) => String(Number((n / 10 ** digits).toFixed(digits))));
const reason = fc
  .record({
    rule: fc.constantFrom(
      ...Object.keys(de.rule).filter((rule) => rule !== 'other' && rule !== 'protection'),
    ),
    cell: fc.option(fc.integer({ min: 1, max: 32 }), { nil: undefined }),
    measured: fc.double({ min: -50, max: 100, noNaN: true }),
  })
  .map(({ rule, cell, measured }) => {
    const shown = de.rule[rule as keyof typeof de.rule];
    const has = (place: string) => shown.includes(`{${place}}`);
    return reasonText({
      rule,
      value: 0,
      ...(has('pack') && { pack: 'b2' }),
      ...(has('cell') && { cell: cell ?? 3 }),
      ...(has('measured') && { measured }),
    });
  });
const short = fc.constantFrom('lost', 'voltage', 'forget', 'viewer', 'it is not open');

/** What may stand in a place of a kind. */
const anyOf: { readonly [K in keyof typeof kinds]: fc.Arbitrary<string> } = {
  word: id,
  number,
  unknown: fc.oneof(number, fc.constant('–')),
  part: fc.oneof(id, fc.constant('the body')),
  measure: fc.tuple(number, fc.constantFrom('V', 'A', '%', '°C')).map((both) => both.join(' ')),
  names: fc.array(id, { minLength: 1, maxLength: 4 }).map((all) => all.join(', ')),
  measured: fc.tuple(id, id, number).map(([a, b, n]) => `${a}, ${b}, ${n} V`),
  alarm: fc.constantFrom(...alarmNames).map((name) => name.replaceAll('_', ' ')),
  reason,
  said: short,
  listed: fc.array(short, { minLength: 1, maxLength: 3 }).map((all) => all.join(', ')),
  asked: number.map((n) => `for coils 0x0100, ${n} times a minute; and ${n} more`),
  why: fc.oneof(
    short,
    id.map((word) => `EIO: ${word} 17`),
  ),
  span: fc.constantFrom('2 h 3 min', '4 d 1 h', '7 s'),
  rest: id.map((word) => `${word} 3.5 of it`),
};

describe('a sentence with any values in it', () => {
  const open = Object.keys(sayings).filter((english) => english.includes('{'));

  test('is said in German with the same numbers and ids', () => {
    const sentence = fc.constantFrom(...open).chain((english) => {
      const places = [...english.matchAll(/\{(\w+)(?::(\w+))?\}/g)];
      const values = places.map(([, , kind = 'word']) => anyOf[kind as keyof typeof kinds]);
      return fc.tuple(...values).map((all) => {
        let nth = 0;
        return english.replaceAll(/\{\w+(?::\w+)?\}/g, () => all[nth++] ?? '');
      });
    });
    fc.assert(
      fc.property(sentence, (english) => {
        const german = speak(english);
        expect(german, english).toBeDefined();
        expect(numbersIn(german ?? ''), `${english} → ${german}`).toEqual(numbersIn(english));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a sentence that the gateway does not say', () => {
  test.each([
    '',
    'b2',
    'battery b2 sings',
    'battery b 2 late',
    'protection: thirst of battery a',
    '; ; ;',
    'constructor',
  ])('`%s` is left as it is', (sentence) => expect(speak(sentence)).toBeUndefined());

  test('is not searched for long, whatever it is made of', () => {
    const nasty = [
      'battery ',
      'a; '.repeat(600),
      ': '.repeat(900),
      'for coils 0x01, '.repeat(120),
      'x'.repeat(1e6),
    ];
    for (const tail of nasty) speak(`battery a does not count: ${tail}`);
    expect(speak(`CAN unavailable on can0: ${'battery a: '.repeat(150)}`)).toBeDefined();
  });
});
