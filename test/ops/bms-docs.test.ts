import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { drivers } from '../../src/bms/drivers.ts';
import { familyTable, quantityTable, readmeTable } from './bms-table.ts';

const page = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const between = (text: string, what: string): string =>
  new RegExp(`<!-- ${what} -->\\n([\\s\\S]*?)\\n<!-- end of ${what} -->`).exec(text)?.[1] ?? '';

describe('the page about batteries', () => {
  test('has the families as their drivers say', () => {
    expect(between(page('docs/bms.md'), 'the families')).toBe(familyTable());
  });

  test('has every quantity with the best evidence that a capture gives for it', () => {
    expect(between(page('docs/bms.md'), 'the quantities')).toBe(quantityTable());
  });

  test.each(drivers.map(({ id }) => id))('has a section on %s', (id) => {
    expect(page('docs/bms.md')).toMatch(new RegExp(`^## \`${id}\``, 'm'));
  });

  test('the README lists the families', () => {
    expect(between(page('README.md'), 'the batteries')).toBe(readmeTable());
  });
});
