// The German of the gateway's own sentences: nothing that it says is without, and no number is lost.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alarmNames } from '../../src/model/alarms.ts';
import { reasonText } from '../../src/model/reason-text.ts';
import { de } from '../../src/page/words/de.ts';
import { sayings as daily, german } from '../../src/page/words/gateway-de/all.ts';
import { complaints } from '../../src/page/words/gateway-de/complaints.ts';
import type { Kinds } from '../../src/page/words/gateway-places.ts';
import { speaker } from '../../src/page/words/gateway-said.ts';
import { said as filled } from '../../src/page/words/said.ts';
import { complained } from './gateway-complaints.ts';
import { said } from './gateway-everything.ts';
import { saidOnAnyDay } from './gateway-makers.ts';

const words = { ...de, said: filled };
const speak = german(words);
/** Once what is said of files is there too. */
const speakAll = german(words, complaints);

/** Numbers as they are meant, whatever the language writes them like. */
const numbersIn = (text: string): string[] =>
  (text.match(/\d+(?:[.,]\d+)?/g) ?? []).map((n) => n.replace(',', '.')).toSorted();

/** Without commands, and what another program said of itself. */
const bare = (german: string): string =>
  german.replaceAll(/`[^`]*`|„[^“]*“|(sudo|ip link) [^,;]*|\([A-Z][^)]*\)/g, '');
const ENGLISH = /\b(the|is|it|are|of|and|with|has|does|not|look|check|set|this|that|battery|inverter|wire)\b/;

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

  test('is said alike where there are German sentences about files', () => {
    expect(said.filter((sentence) => speakAll(sentence) !== speak(sentence))).toEqual([]);
  });

  test('on any day of any bank has a German sentence with its numbers and its batteries', () => {
    saidOnAnyDay((sentence) => {
      const german = speak(sentence);
      expect(german, sentence).toBeDefined();
      expect(numbersIn(german ?? ''), sentence).toEqual(numbersIn(sentence));
      for (const [id] of sentence.matchAll(/\b[abcd][1-9]\b/g)) expect(german).toContain(id);
    });
  });
});

describe('what is wrong with a file', () => {
  test('has a German sentence', () => {
    expect(complained.length).toBeGreaterThan(100);
    expect(complained.filter((sentence) => speakAll(sentence) === undefined)).toEqual([]);
  });

  test('keeps in German what stands in the file: numbers, and all that is between backticks', () => {
    const kept = (text: string) => [...numbersIn(text), ...(text.match(/`[^`]*`/g) ?? [])].toSorted();
    const unlike = complained.filter(
      (sentence) => kept(speakAll(sentence) ?? '').join() !== kept(sentence).join(),
    );
    expect(unlike).toEqual([]);
  });

  test('leaves no English behind in the German one', () => {
    const german = complained.map((sentence) => speakAll(sentence) ?? '');
    expect(german.filter((sentence) => ENGLISH.test(bare(sentence)))).toEqual([]);
  });

  test('is said line by line: a line that is not known stays as it is', () => {
    const of = 'inverter `house` is not served: gateway.yaml:9:27: ';
    const lines = `${of}my own.yaml:3:1: unknown key \`titel\`\nmine.yaml:7:5: the cellar is under water`;
    expect(speakAll(lines)).toBe(
      'Wechselrichter `house` wird nicht bedient: gateway.yaml:9:27: my own.yaml:3:1: unbekannter Schlüssel `titel`\nmine.yaml:7:5: the cellar is under water',
    );
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

/** What other programs say: with our own separators, places, quotes, another direction, and at length. */
const foreign = [
  'write; it was closed; try again',
  "EACCES: permission denied, open '/x'",
  '{age} "{why}" „x“ $& $1',
  '\u202Ecba\u202C',
  'x'.repeat(700),
];

/** What may stand in a place of a kind. */
const anyOf: { readonly [K in keyof Kinds]: fc.Arbitrary<string> } = {
  word: id,
  number,
  unknown: fc.oneof(number, fc.constant('–')),
  part: fc.oneof(id, fc.constant('the body')),
  state: fc.constantFrom('off', 'missing'),
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
    fc.constantFrom(...foreign),
  ),
  typed: fc.tuple(number, fc.constantFrom('', ' V')).map((both) => both.join('')),
  path: fc.constantFrom('mine.yaml', '/etc/my own/gateway.yaml'),
  quoted: fc.oneof(id, fc.constant('b 2')),
  ticks: fc.array(id, { minLength: 1, maxLength: 3 }).map((all) => all.map((one) => `\`${one}\``).join(', ')),
  item: fc.constantFrom('`a`', 'entry 3'),
  stands: fc.constantFrom('empty', 'a map', 'the text `b`', '`5`'),
  form: fc.constantFrom('a text', 'a number or `true` or `false`', '`invalid`'),
  windows: fc.constantFrom('0x00 to 0x0F', '0x00 to 0x0F, 0x20 to 0x2F'),
  settings: short.map((one) => `${one} and ${one}`),
  remedies: short.map((one) => `${one}, or ${one}`),
  span: fc.constantFrom('2 h 3 min', '4 d 1 h', '7 s'),
  rest: fc.oneof(
    id.map((word) => `${word} 3.5 of it`),
    fc.constantFrom(...foreign),
  ),
};

describe('a sentence with any values in it', () => {
  const sayings = { ...daily, ...complaints };
  const open = Object.keys(sayings).filter((english) => english.includes('{'));

  /** Each with the pattern that it was made from. */
  const sentence = fc.constantFrom(...open).chain((pattern) => {
    const places = [...pattern.matchAll(/\{(\w+)(?::(\w+))?\}/g)];
    const values = places.map(([, , kind = 'word']) => anyOf[kind as keyof Kinds]);
    return fc.tuple(...values).map((all) => {
      let nth = 0;
      return { pattern, english: pattern.replaceAll(/\{\w+(?::\w+)?\}/g, () => all[nth++] ?? '') };
    });
  });

  test('is said by its own German sentence and by no other that fits it too', () => {
    const patterns = Object.keys(sayings);
    const which = speaker(Object.fromEntries(patterns.map((pattern, nth) => [pattern, `<${nth}>`])), words);
    fc.assert(
      fc.property(sentence, ({ pattern, english }) => {
        expect(which(english), `${english} of ${pattern}`).toBe(`<${patterns.indexOf(pattern)}>`);
      }),
      { numRuns: 5000 },
    );
  });

  test('is said in German with the same numbers and ids', () => {
    fc.assert(
      fc.property(sentence, ({ english }) => {
        const german = speakAll(english);
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
    'b2 is lost',
    'hci0 is constructor',
  ])('`%s` is left as it is', (sentence) => expect(speakAll(sentence)).toBeUndefined());

  test('is not searched for long, whatever it is made of', () => {
    const nasty = [
      'battery ',
      'a; '.repeat(600),
      ': '.repeat(900),
      'for coils 0x01, '.repeat(120),
      'x'.repeat(1e6),
    ];
    for (const tail of nasty) speakAll(`battery a does not count: ${tail}`);
    expect(speakAll(`CAN unavailable on can0: ${'battery a: '.repeat(150)}`)).toBeDefined();
  });
});
