import { beforeEach, describe, expect, test } from 'vitest';
import {
  durationText,
  numberText,
  powerText,
  quantityText,
  temperatureText,
  wholePct,
} from '../../src/page/format.ts';
import { csvText } from '../../src/page/parts/csv.ts';
import { language, localeOf, spokenOf, temperatureUnit } from '../../src/page/preferences.ts';
import { address, isNowhere, tabOf } from '../../src/page/router.ts';
import { swipedTo } from '../../src/page/shell/stroke.ts';

beforeEach(() => {
  language.value = 'en';
  temperatureUnit.value = 'C';
});

const bare = (text: string) => text.replaceAll('\u00a0', ' ');

describe('a state of charge', () => {
  test('is full when it is, and no more than the inverters are told', () => {
    expect([100, 99.99, 99.5, 0.4, undefined].map(wholePct)).toEqual([100, 99, 99, 0, undefined]);
    expect(wholePct(0.57 * 100)).toBe(57);
  });
});

describe('a number', () => {
  test('is written as the reader writes it', () => {
    expect(bare(quantityText(53.1, 'V', 1))).toBe('53.1 V');
    language.value = 'de';
    expect(bare(quantityText(53.1, 'V', 1))).toBe('53,1 V');
    expect(bare(quantityText(1234.5, 'Ah', 1))).toBe('1.234,5 Ah');
  });

  test('that is unknown is a dash, never a zero', () => {
    expect(
      [undefined, null, Number.NaN, Number.POSITIVE_INFINITY].map((v) => quantityText(v, 'V', 1)),
    ).toEqual(['–', '–', '–', '–']);
    expect(temperatureText(undefined)).toBe('–');
    expect(powerText(undefined)).toBe('–');
    expect(durationText(undefined)).toBe('–');
  });

  test('has a true minus, and none before a zero', () => {
    expect(numberText(-12.34, 1)).toBe('−12.3');
    expect(numberText(-0.04, 1)).toBe('0.0');
  });

  test('of a power is in kW from 1000 W on', () => {
    expect([950, -999, 1000, -2540].map((w) => bare(powerText(w)))).toEqual([
      '950 W',
      '−999 W',
      '1.00 kW',
      '−2.54 kW',
    ]);
  });

  test('of a temperature is in the chosen unit', () => {
    temperatureUnit.value = 'F';
    expect(bare(temperatureText(25, 1))).toBe('77.0 °F');
  });
});

test('a duration is as short as one reads it', () => {
  expect(
    [0, 7400, 119_000, 120_000, 7_199_000, 10_800_000, 12_000_000, 187_200_000].map(durationText),
  ).toEqual(['0 s', '7 s', '119 s', '2 min', '1 h 59 min', '3 h', '3 h 20 min', '2 d 4 h']);
});

test('the browser’s first language that the page speaks is taken', () => {
  expect(spokenOf(['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(spokenOf(['fr'])).toBe('en');
});

test('each screen has its address', () => {
  expect(['/', '/index.html', '/cells', '/cells/', '/nowhere', ''].map(tabOf)).toEqual([
    'home',
    'home',
    'cells',
    'cells',
    undefined,
    'home',
  ]);
});

test('an address is a screen, a way in, or nowhere', () => {
  const found = ['/', '/cells/', '/login', '/setup/', '/nowhere', '/login/x'].map((path) => {
    address.value = { path, search: '' };
    return isNowhere.value;
  });
  expect(found).toEqual([false, false, false, false, true, true]);
});

describe('a swipe', () => {
  test('goes to the neighbour, and ends at the ends', () => {
    expect(swipedTo('home', { dx: -120, dy: 10, ms: 200 })).toBe('cells');
    expect(swipedTo('cells', { dx: 120, dy: 10, ms: 200 })).toBe('home');
    expect(swipedTo('home', { dx: 120, dy: 10, ms: 200 })).toBeUndefined();
  });

  test('that is short, slow or steep is none', () => {
    expect(swipedTo('home', { dx: -50, dy: 0, ms: 200 })).toBeUndefined();
    expect(swipedTo('home', { dx: -120, dy: 0, ms: 900 })).toBeUndefined();
    expect(swipedTo('home', { dx: -120, dy: 90, ms: 200 })).toBeUndefined();
  });
});

test('a CSV leaves the unknown empty, quotes what must be and lets no formula through', () => {
  expect(
    csvText(
      ['a', 'b'],
      [
        [1, null],
        ['x,"y"', '=1+1'],
        [-2, undefined],
      ],
    ),
  ).toBe(`a,b\r\n1,\r\n"x,""y""",'=1+1\r\n-2,\r\n`);
});

test('dates are written as where the reader lives, the day before the month where nothing says otherwise', () => {
  expect(localeOf('en', ['de-DE', 'en-US'])).toBe('en-US');
  expect(localeOf('en', ['de-DE'])).toBe('en-GB');
  expect(localeOf('de', ['en-GB', 'de-AT'])).toBe('de-AT');
  expect(localeOf('de', ['en-GB'])).toBe('de');
});
