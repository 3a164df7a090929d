import { beforeAll, describe, expect, test } from 'vitest';
import { readBox } from '../../src/blackbox/read-box.ts';
import { tapedHouse } from './taped-house.ts';

let text = '';
beforeAll(() => {
  const house = tapedHouse('profile: pylontech-lv, can: can0');
  for (let i = 0; i < 20; i++) {
    house.speak();
    house.until(house.clock() + 1000);
  }
  text = house.box();
});
const problem = (of: string) => {
  const read = readBox(of);
  return 'message' in read ? `${read.line}: ${read.message}` : 'right';
};

describe('a black box', () => {
  test('is read when it is whole', () => {
    expect(problem(text)).toBe('right');
  });

  test('that was cut off anywhere is told with its line, in one sentence, and nothing throws', () => {
    for (let length = 0; length < text.length; length += 61) {
      const said = problem(text.slice(0, length));
      if (text[length - 1] !== '\n')
        expect(said).toMatch(
          /^\d+: (is cut off: the file was not copied as a whole; copy it once more|is damaged)/,
        );
    }
    expect(problem('')).toMatch(/^1: is damaged/);
  });

  test('in which a byte was changed is read or told, and nothing throws', () => {
    for (let at = 1; at < text.length; at += 97) {
      const said = problem(`${text.slice(0, at)}\u0007${text.slice(at + 1)}`);
      expect(said === 'right' || /^\d+: is (damaged|cut off|no start|of another version)/.test(said)).toBe(
        true,
      );
    }
  });

  test.each<[string, (whole: string) => string, string]>([
    [
      'of a later version',
      (t) => t.replace('"bmsgate_black_box":1', '"bmsgate_black_box":2'),
      '1: is of another version; this program reads `"bmsgate_black_box":1`',
    ],
    [
      'without its head',
      (t) => t.slice(t.indexOf('\n') + 1),
      '1: is damaged: it is no line of a black box; copy the file once more from the gateway',
    ],
    [
      'without its start',
      (t) => t.replace(/\n\["start".*/, ''),
      '2: is no start, so nothing can be played; copy the file once more from the gateway',
    ],
    [
      'with a line of something else',
      (t) => t.replace(/\n\["say"/, '\nhello\n["say"'),
      'is damaged: it is no line of a black box; copy the file once more from the gateway',
    ],
  ])('%s is told', (_, change, said) => {
    expect(problem(change(text))).toContain(said);
  });
});
