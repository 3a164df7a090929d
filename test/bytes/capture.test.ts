import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Capture, captureText, looksLikeCapture, parseCapture } from '../../src/bytes/capture.ts';

const entries = (text: string) => {
  const parsed = parseCapture(text);
  return 'entries' in parsed ? parsed.entries : parsed;
};

describe('a capture is text', () => {
  test('with headers, comments, times, units and arrows', () => {
    expect(
      parseCapture(
        [
          '# bmsgate capture 1',
          '# bms: jbd',
          '# address: A4:C1:38:00:00:01',
          '# Written in the garage: cold.',
          '0.5 a > dd a5 # we ask',
          '0.55 a < dd 03',
          '',
        ].join('\r\n'),
      ),
    ).toEqual({
      headers: { bms: 'jbd', address: 'A4:C1:38:00:00:01' },
      entries: [
        { seconds: 0.5, unit: 'a', from: 'us', bytes: Uint8Array.of(0xdd, 0xa5) },
        { seconds: 0.55, unit: 'a', from: 'battery', bytes: Uint8Array.of(0xdd, 3) },
      ],
    });
  });

  test('without times and units, and without its first line', () => {
    expect(entries('> DDA5\n< dd 03')).toEqual([
      { from: 'us', bytes: Uint8Array.of(0xdd, 0xa5) },
      { from: 'battery', bytes: Uint8Array.of(0xdd, 3) },
    ]);
  });

  test('where a line goes on with the time and unit of the line before', () => {
    expect(entries('1 a < 01\n< 02\nb < 03\n2 < 04')).toMatchObject([
      { seconds: 1, unit: 'a' },
      { seconds: 1, unit: 'a' },
      { seconds: 1, unit: 'b' },
      { seconds: 2, unit: 'b' },
    ]);
  });

  test.each([
    ['# x\n\ndd 03', 3, 'has no > (we sent) and no <'],
    ['< 01\n< 0', 2, 'has no whole hex bytes'],
    ['<', 1, 'has no whole hex bytes'],
    ['< dd xx', 1, 'has no whole hex bytes'],
    ['a b < 01', 1, 'more before the arrow'],
    ['1 a b < 01', 1, 'more before the arrow'],
    ['# bmsgate capture 2\n< 01', 1, 'another version'],
    ['# bmsgate capture 12', 1, 'another version'],
  ])('%j is wrong in line %i', (text, line, message) => {
    expect(parseCapture(text)).toEqual({ line, message: expect.stringContaining(message) });
  });

  test('is told from other files by its first line', () => {
    expect(looksLikeCapture('# bmsgate capture 1\n')).toBe(true);
    expect(looksLikeCapture('seconds: 1\n# bmsgate capture 1\n')).toBe(false);
  });

  test('comes back as it was written', () => {
    const entry = fc.record({
      seconds: fc.nat(1e8).map((ms) => ms / 1000),
      unit: fc.stringMatching(/^[^\s#<>][^\s]{0,8}$/),
      from: fc.constantFrom('us' as const, 'battery' as const),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }),
    });
    const headers = fc.dictionary(fc.stringMatching(/^[a-z][a-z_-]{0,9}$/), fc.stringMatching(/^[!-~]+$/), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(fc.record({ headers, entries: fc.array(entry) }), (capture: Capture) => {
        expect(parseCapture(captureText(capture))).toEqual(capture);
      }),
    );
  });

  test('never throws, whatever is in the file', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseCapture(text)).toBeTypeOf('object');
      }),
    );
  });
});

test('a name from the air stays in its line, whatever it holds', () => {
  const name = 'JBD\n0.1 < dd 03 00\u001b[2J\u2028x';
  const text = captureText({ headers: { bms: 'jbd', name }, entries: [] });
  expect(text.split('\n')).toEqual([
    '# bmsgate capture 1',
    '# bms: jbd',
    '# name: JBD 0.1 < dd 03 00 [2J x',
    '',
  ]);
  expect(entries(text)).toEqual([]);
});
