// The page of `bmsgate demo`, looked at as a person would: on a phone and on a wide screen, by day and by night.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Live } from '../../src/model/api/live.ts';
import { pathOf, type Tab, tabs } from '../../src/page/router.ts';
import { de } from '../../src/page/words/de.ts';
import { en } from '../../src/page/words/en.ts';
import { answered, watch } from '../house/master.ts';
import { until } from '../house/until.ts';
import { named } from '../modbus/wires.ts';
import { noBrowser } from './installed.ts';
import { demo } from './program.ts';
import { barriers, openBrowser, overhang, type Size, sizes, themes, type Visit, visit } from './visit.ts';

const combinations = Object.keys(sizes).flatMap((size) =>
  themes.map((theme) => ({ size: size as Size, theme })),
);

const strip = (page: Page) => page.getByRole('banner');
const tabLink = (page: Page, tab: Tab, words = en.shell) =>
  page.getByRole('navigation', { name: words.navigation }).getByRole('link', { name: words[tab] });
const heading = (page: Page, tab: Tab, words: { readonly [T in Tab]: { readonly title: string } } = en) =>
  page.getByRole('heading', { level: 1, name: words[tab].title, exact: true });

/** The page with the bank on it. */
async function atHome({ page }: Visit, path = '/'): Promise<void> {
  await page.goto(path);
  await strip(page).getByText(en.freshness.fresh).waitFor();
}

describe.skipIf(noBrowser)(
  named('the page of the demo', noBrowser),
  { concurrent: true, timeout: 300_000 },
  () => {
    let browser: Browser;
    let shown: Awaited<ReturnType<typeof demo>>;
    beforeAll(async () => {
      [browser, shown] = await Promise.all([openBrowser(), demo()]);
    });
    afterAll(() => Promise.all([browser.close(), shown.stop()]));

    test.each(combinations)(
      'every screen is reached by its tab, is free of barriers, and keeps to itself ($size, $theme)',
      async ({ size, theme }, context) => {
        const reader = await visit(browser, context, { origin: shown.origin, size, theme });
        const { page } = reader;
        await atHome(reader);
        const found: Record<string, readonly string[]> = {};
        for (const tab of tabs) {
          await tabLink(page, tab).click();
          await heading(page, tab).waitFor();
          expect(new URL(page.url()).pathname).toBe(pathOf(tab));
          expect(await page.title()).toContain(en[tab].title);
          expect(await tabLink(page, tab).getAttribute('aria-current')).toBe('page');
          await page.waitForLoadState('networkidle').catch(() => {});
          found[tab] = [...(await barriers(page)), ...[await overhang(page)].filter((px) => px !== 'none')];
        }
        expect(found).toEqual(Object.fromEntries(tabs.map((tab) => [tab, []])));
        expect(reader.misdeeds()).toEqual([]);
      },
    );
  },
);
