// What stands on the page, found as a reader finds it: by role, name and word.
import type { Locator, Page } from 'playwright-core';
import type { Tab } from '../../src/page/router.ts';
import { en } from '../../src/page/words/en.ts';
import type { Visit } from './visit.ts';

export const strip = (page: Page): Locator => page.getByRole('banner');

export const tabLink = (
  page: Page,
  tab: Tab,
  words: Record<Tab | 'navigation', string> = en.shell,
): Locator =>
  page.getByRole('navigation', { name: words.navigation }).getByRole('link', { name: words[tab] });

export const heading = (page: Page, name: string): Locator =>
  page.getByRole('heading', { level: 1, name, exact: true });

/** A part of a screen, by its heading. */
export const card = (page: Page, name: string): Locator =>
  page
    .getByRole('main')
    .locator('section')
    .filter({ has: page.getByRole('heading', { name, exact: true }) })
    .first();

/** The page with a fresh bank on it. */
export async function atFresh({ page }: Pick<Visit, 'page'>, path = '/'): Promise<void> {
  await page.goto(path);
  await strip(page).getByText(en.freshness.fresh, { exact: true }).waitFor();
}

/** Until nothing is on its way any more that a screen waits for. */
export const settled = (page: Page): Promise<void> =>
  page.locator('.spinner').first().waitFor({ state: 'detached' });

/** The first number of a text, in the English way of writing. */
export const numberIn = (text: string | null): number => {
  const [found = 'NaN'] = /[-−]?\d[\d,]*(\.\d+)?/.exec(text ?? '') ?? [];
  return Number(found.replace('−', '-').replaceAll(',', ''));
};
