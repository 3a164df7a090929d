import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problemText } from '../../src/model/errors.ts';
import { duration, readDocument, z } from '../../src/profile/document.ts';
import { cpuMsOf } from '../cpu.ts';

const site = z.strictObject({
  batteries: z
    .array(z.strictObject({ id: z.string(), address: z.string(), cells: z.int().min(4).max(32) }))
    .min(1),
  lost: z.enum(['hold', 'silent', 'exception']).default('hold'),
  poll: duration.optional(),
  link: z
    .union([z.strictObject({ can: z.string() }), z.strictObject({ serial: z.string(), baud: z.int() })])
    .optional(),
  unknown: z.union([z.number(), z.literal('invalid')]).optional(),
});

const told = (text: string): string[] => {
  const result = readDocument('site.yaml', text, site);
  return 'problems' in result ? result.problems.map(problemText) : [];
};

const battery = '  - { id: a, address: x, cells: 16 }\n';

describe('a document that cannot be taken says where and what to do', () => {
  test.each([
    ['no YAML', 'batteries: [1, 2\nlost: hold\n', 'site.yaml:2:1: this is not YAML: '],
    [
      'a key given twice',
      `batteries:\n${battery}lost: hold\nlost: silent\n`,
      'site.yaml:4:1: key `lost` is given twice; keep one of them',
    ],
    [
      'a second document',
      `batteries:\n${battery}---\nbatteries:\n${battery}`,
      'site.yaml:3:1: a second document begins here; keep one of them',
    ],
    [
      'a misspelt key',
      'batteries:\n  - id: a\n    adress: x\n    address: x\n    cells: 16\n',
      'site.yaml:3:5: unknown key `adress`; did you mean `address`?',
    ],
    [
      'a key nobody knows',
      `batteries:\n${battery}colour: red\n`,
      'site.yaml:3:1: unknown key `colour`; known here: batteries, lost, poll, link, unknown',
    ],
    [
      'a wrong type',
      'batteries:\n  - { id: a, address: x, cells: "x16" }\n',
      'site.yaml:2:33: `cells` is the text `x16`; write a number',
    ],
    [
      'a number out of its range',
      'batteries:\n  - { id: a, address: x, cells: 99 }\n',
      'site.yaml:2:33: `cells` is `99`; write at most 32',
    ],
    [
      'a fraction where only whole numbers go',
      'batteries:\n  - { id: a, address: x, cells: 1.5 }\n',
      'site.yaml:2:33: `cells` is `1.5`; write a whole number',
    ],
    [
      'a missing key',
      'batteries:\n  - { id: a, cells: 16 }\n',
      'site.yaml:2:5: `address` is missing; add it: a text',
    ],
    ['an empty list', 'batteries: []\n', 'site.yaml:1:12: `batteries` is a list; give it at least 1 entries'],
    [
      'a word that is none of the choices',
      `batteries:\n${battery}lost: silend\n`,
      'site.yaml:3:7: `lost` is the text `silend`; write one of `hold`, `silent`, `exception`; did you mean `silent`?',
    ],
    [
      'a time span without a unit',
      `batteries:\n${battery}poll: 2\n`,
      'site.yaml:3:7: this is no time span; write one like `500ms`, `2s`, `10m`, `1h` or `400d`',
    ],
    [
      'a mistake inside one of two forms',
      `batteries:\n${battery}link: { serial: /dev/x, baud: fast }\n`,
      'site.yaml:3:31: `baud` is the text `fast`; write a number',
    ],
    [
      'neither of two forms',
      `batteries:\n${battery}link: 5\n`,
      'site.yaml:3:7: `link` is `5`; write a map (`key: value`)',
    ],
    [
      'an alias',
      'batteries: &b\n  - { id: a, address: x, cells: 16 }\nlink: *b\n',
      'site.yaml:3:7: aliases (`*name`) are not taken here; write the value out',
    ],
    [
      'no map',
      '- a\n',
      'site.yaml:1:1: the document is not a map; begin it with lines of the form `key: value`',
    ],
    [
      'nothing at all',
      '',
      'site.yaml:1:1: the document is not a map; begin it with lines of the form `key: value`',
    ],
    [
      'infinity',
      'batteries:\n  - { id: a, address: x, cells: .inf }\n',
      'site.yaml:2:33: `cells` is `Infinity`; write a number',
    ],
  ])('%s', (_, text, sentence) => expect(told(text)[0]).toContain(sentence));

  test('a bomb, a tower of brackets and two megabytes are refused, not swallowed', () => {
    expect(told(`a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n`)[0]).toContain('aliases');
    expect(told('['.repeat(100_000))[0]).toContain('too deep');
    expect(told(' '.repeat(1024 * 1024 + 1))).toEqual([
      'site.yaml:1:1: the file is larger than 1 MB; split it or take out what is not needed',
    ]);
  });

  test.each([
    ['brackets that close nothing', `id: x\n${'}'.repeat(300_000)}`],
    ['quotes that nobody closes', `id: x\n${'"\n'.repeat(150_000)}`],
    ['a thousand entries with an unknown key', `batteries: [${'{ foo: 1 },'.repeat(5000)}]\n`],
  ])('%s are refused with no more than a person reads, and nobody waits long', (_, text) => {
    expect(cpuMsOf(() => expect(told(text)).toHaveLength(20))).toBeLessThan(30_000);
  });

  test('text that is no UTF-8 is shown its place', () => {
    expect(told('lost: hold # se\uFFFD\n')[0]).toBe(
      'site.yaml:1:16: these bytes are no UTF-8; save the file as UTF-8',
    );
  });

  test('a key that JavaScript would lose is refused, not left out', () => {
    expect(told('lost: hold\n__proto__: { batteries: [] }\n')[0]).toBe(
      'site.yaml:2:1: a key cannot be called `__proto__`; call it otherwise',
    );
  });

  test('all mistakes are told at once, from the top down', () => {
    expect(
      told('lost: hodl\nbatteries:\n  - { id: 1, address: x, cells: 16 }\n').map((p) => p.split(': ')[0]),
    ).toEqual(['site.yaml:1:7', 'site.yaml:3:11']);
  });

  test('a reader that finds a mistake of its own can point at it', () => {
    const result = readDocument('site.yaml', `batteries:\n${battery}`, site);
    if ('problems' in result) throw new Error('refused');
    expect(result.problemAt(['batteries', 0, 'address'], 'is taken')).toMatchObject({ line: 2, column: 23 });
    expect(result.problemAt(['batteries', 0, 'address'], 'is taken', 'key')).toMatchObject({
      line: 2,
      column: 14,
    });
    expect(result.problemAt(['batteries', 0, 'name', 'x'], 'is missing')).toMatchObject({
      line: 2,
      column: 5,
    });
  });
});

describe('a document that is right', () => {
  test('comes with its defaults, and time spans as milliseconds', () => {
    expect(readDocument('site.yaml', `batteries:\n${battery}poll: 2s\n`, site)).toMatchObject({
      value: { lost: 'hold', poll: 2000 },
    });
  });

  test.each([
    ['500ms', 500],
    ['2s', 2000],
    ['10m', 600_000],
    ['1h', 3_600_000],
    ['400d', 34_560_000_000],
    ['0.5s', 500],
  ])('%s is %d ms', (text, ms) => expect(duration.parse(text)).toBe(ms));
});

test('no text whatever makes the reader throw', () => {
  const pieces = fc.array(
    fc.constantFrom(
      'batteries',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      '&a',
      '*a',
      '!!x',
      '0x1',
      '\t',
      '%',
      '---',
      '|',
      '?',
      '<<',
      ',',
      '#',
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        pieces.map((p) => p.join('')),
      ),
      (text) => {
        const result = readDocument('f', text, site);
        return (
          'problems' in result &&
          result.problems.every((p) => p.line >= 1 && p.column >= 1 && p.message.length > 0)
        );
      },
    ),
    { numRuns: 500 },
  );
});

test('a megabyte of keys is refused before anybody misses the answer', () => {
  const flood = Array.from({ length: 60_000 }, (_, i) => `key${i}: ${i}\n`).join('');
  const problems = told(flood);
  expect(problems).toHaveLength(20);
  expect(problems).toContain(
    'site.yaml:1:1: unknown key `key0`; known here: batteries, lost, poll, link, unknown',
  );
});
