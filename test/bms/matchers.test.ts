import { describe, expect, test } from 'vitest';
import { drivers } from '../../src/bms/drivers.ts';
import { adverts } from './adverts.ts';

describe('an advert', () => {
  test.each(adverts)('$text, and no other', ({ family, advert }) => {
    const claimed = drivers.filter((driver) => driver.matches(advert)).map(({ id }) => id);
    expect(claimed).toEqual(family === undefined ? [] : [family]);
  });

  test('of every family is among them', () => {
    const seen = new Set(adverts.map(({ family }) => family));
    expect(drivers.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
  });
});
