// The page of `bmsgate demo`, looked at as a person would: on a phone and on a wide screen, by day and by night.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pathOf, tabs } from '../../src/page/router.ts';
import { de } from '../../src/page/words/de.ts';
import { en } from '../../src/page/words/en.ts';
import { answered, watch } from '../house/master.ts';
import { until } from '../house/until.ts';
import { named } from '../modbus/wires.ts';
import { noBrowser, openBrowser } from './chromium.ts';
import { demo } from './program.ts';
import { atFresh, card, heading, logInAs, numberIn, settled, strip, tabLink } from './reading.ts';
import { barriers, overhang, type Size, sizes, themes, type Visit, visit } from './visit.ts';

const combinations = Object.keys(sizes).flatMap((size) =>
  themes.map((theme) => ({ size: size as Size, theme })),
);

const START_MS = 200_000;

/** What is wrong with the screen as it stands; nothing for none. */
const faultsOf = async (page: Page): Promise<string[]> => [
  ...(await barriers(page)),
  ...[await overhang(page)].filter((px) => px !== 'none'),
];
const none = Object.fromEntries(tabs.map((tab) => [tab, []]));

const logIn = (page: Page, password: string): Promise<void> => logInAs(page, 'demo', password);

describe.skipIf(noBrowser)(named('the page of the demo', noBrowser), { timeout: 300_000 }, () => {
  let browser: Browser;
  let shown: Awaited<ReturnType<typeof demo>>;
  beforeAll(async () => {
    [browser, shown] = await Promise.all([openBrowser(), demo()]);
  }, START_MS);
  afterAll(() => Promise.all([browser.close(), shown.stop()]));
  const come = (context: Parameters<typeof visit>[1], more: object = {}): Promise<Visit> =>
    visit(browser, context, { origin: shown.origin, ...more });

  describe.concurrent.each(combinations)('on a screen that is $size and $theme', ({ size, theme }) => {
    test('every screen is reached by its tab, free of barriers and not too wide', async (context) => {
      const reader = await come(context, { size, theme });
      const { page } = reader;
      if (size === 'wide') await logIn(page, shown.password);
      await atFresh(reader);
      const found: Record<string, readonly string[]> = {};
      for (const tab of tabs) {
        await tabLink(page, tab).click();
        await heading(page, en[tab].title).waitFor();
        await settled(page);
        expect(new URL(page.url()).pathname).toBe(pathOf(tab));
        expect(await page.title()).toContain(en[tab].title);
        expect(await tabLink(page, tab).getAttribute('aria-current')).toBe('page');
        found[tab] = await faultsOf(page);
      }
      expect(found).toEqual(none);
      expect(reader.misdeeds()).toEqual([]);
    });
  });

  describe.concurrent('to a reader', () => {
    test('every screen has an address, and the way back leads through those that were seen', async (context) => {
      const reader = await come(context);
      const { page } = reader;
      for (const tab of tabs) {
        await page.goto(pathOf(tab));
        await heading(page, en[tab].title).waitFor();
      }
      await tabLink(page, 'cells').click();
      await heading(page, en.cells.title).waitFor();
      await page.goBack();
      await heading(page, en.settings.title).waitFor();
      for (const path of ['//evil.example/cells', '/nowhere']) {
        const nowhere = await page.goto(`${shown.origin}${path}`);
        expect(nowhere?.status()).toBe(404);
        await heading(page, en.shell.notFound).waitFor();
      }
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('main').getByRole('link', { name: en.shell.toHome }).click();
      await heading(page, en.home.title).waitFor();
      expect(new URL(page.url()).pathname).toBe('/');
      for (const [path, tab] of [
        ['/index.html', 'home'],
        ['/cells//', 'cells'],
      ] as const) {
        expect((await page.goto(path))?.status()).toBe(200);
        await heading(page, en[tab].title).waitFor();
      }
      expect(reader.misdeeds().filter((line) => !line.includes('404'))).toEqual([]);
    });

    test('Home tells what the API and a Modbus master are told', async (context) => {
      const reader = await come(context);
      const { page } = reader;
      await atFresh(reader);
      const ems = watch(shown.tcp, 100);
      context.onTestFinished(ems.stop);
      const measured = card(page, en.home.measured);
      const gauge = async (name: string) =>
        numberIn(
          await measured
            .locator('.gauge')
            .filter({ has: page.getByRole('heading', { name, exact: true }) })
            .locator('.big')
            .textContent(),
        );
      const told = () => answered(ems.sightings).at(-1)?.bank;
      await until('page, master and API agree', 10_000, async () => {
        const before = told();
        const [volts, amps, socText, state] = [
          await gauge(en.home.voltage),
          await gauge(en.home.current),
          await page.locator('.ring-number').textContent(),
          (await (await fetch(`${shown.origin}/api/v1/state`)).json()).live.bank.signals,
        ];
        const after = told();
        if (!before || !after || before.currentA !== after.currentA || before.voltageV !== after.voltageV)
          return false;
        return (
          Math.abs(volts - after.voltageV) < 0.051 &&
          Math.abs(amps - after.currentA) < 0.051 &&
          Math.abs(numberIn(socText) - after.socPct) <= 1 &&
          Math.abs(state.voltage_V - volts) < 0.051 &&
          Math.abs(state.current_A - amps) < 0.051
        );
      });
      await until('page and master agree on the limits', 10_000, async () => {
        const limits = (await card(page, en.home.limits).textContent())?.replaceAll('\u00a0', ' ') ?? '';
        const { cclA, dclA } = told() ?? {};
        return limits.includes(`CCL${cclA} A`) && limits.includes(`DCL${dclA} A`);
      });
      expect(reader.misdeeds()).toEqual([]);
    });

    test('all of it is reached with the keyboard alone, and where one is can be seen', async (context) => {
      const reader = await come(context);
      const { page } = reader;
      await atFresh(reader);
      const here = () =>
        page.evaluate(() => {
          const at = document.activeElement;
          const { outlineStyle, outlineWidth, boxShadow } = at ? getComputedStyle(at) : {};
          const isSeen = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
          return { name: at?.textContent?.trim() ?? '', tag: at?.tagName ?? '', isSeen };
        });
      await page.keyboard.press('Tab');
      expect(await here()).toMatchObject({ name: en.shell.skip, isSeen: true });
      await page.keyboard.press('Enter');
      expect((await here()).tag).toBe('MAIN');
      await page.goto('/');
      await settled(page);
      const seen: string[] = [];
      for (let i = 0; i < 60 && seen.at(-1) !== en.shell.settings; i++) {
        await page.keyboard.press('Tab');
        const { name, isSeen } = await here();
        expect(isSeen, `the focus on "${name}"`).toBe(true);
        seen.push(name);
      }
      expect(seen).toEqual(expect.arrayContaining(tabs.map((tab) => en.shell[tab])));
      for (let i = 0; i < 5; i++) await page.keyboard.press('Shift+Tab');
      expect((await here()).name).toBe(en.shell.cells);
      await page.keyboard.press('Enter');
      await heading(page, en.cells.title).waitFor();
      expect((await here()).name).toBe(en.cells.title);
    });

    test.for([
      ['320 px wide', 320, 100],
      ['of twice the letters', 360, 200],
    ] as const)('a screen %s loses nothing at its edge', async ([, width, pct], context) => {
      const { page } = await come(context, { size: { width, height: 640 } });
      const found: Record<string, string> = {};
      for (const tab of tabs) {
        await page.goto(pathOf(tab));
        await page.evaluate((size) => {
          document.documentElement.style.fontSize = size;
        }, `${pct}%`);
        await heading(page, en[tab].title).waitFor();
        await settled(page);
        found[tab] = await overhang(page);
      }
      expect(found).toEqual(Object.fromEntries(tabs.map((tab) => [tab, 'none'])));
    });

    test('a German browser is spoken to in German, with a comma in its numbers', async (context) => {
      const reader = await come(context, { locale: 'de-DE', size: 'phone' });
      const { page } = reader;
      await page.goto('/');
      await strip(page).getByText(de.freshness.fresh, { exact: true }).waitFor();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
      for (const tab of tabs) {
        await tabLink(page, tab, de.shell).click();
        await heading(page, de[tab].title).waitFor();
      }
      await tabLink(page, 'home', de.shell).click();
      expect(await card(page, de.home.measured).textContent()).toMatch(/\d,\d/);
      expect(reader.misdeeds()).toEqual([]);
    });

    test('who is not logged in is offered nothing that changes anything; an installer is, until they leave', async (context) => {
      const reader = await come(context);
      const { page } = reader;
      await page.goto('/inspector');
      await page.getByText(en.shell.forOperators).first().waitFor();
      const posts: string[] = [];
      page.on('request', (request) => {
        if (request.method() === 'POST') posts.push(new URL(request.url()).pathname);
      });
      await logIn(page, shown.password);
      expect(posts).toEqual(['/api/v1/login']);
      const [cookie] = await page.context().cookies();
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
      await tabLink(page, 'inspector').click();
      await heading(page, en.inspector.title).waitFor();
      expect(await page.getByText(en.shell.forOperators).count()).toBe(0);
      await tabLink(page, 'settings').click();
      await page.getByRole('button', { name: en.session.logout }).click();
      await page.getByLabel(en.session.password, { exact: true }).waitFor();
      expect(reader.misdeeds()).toEqual([]);
    });
  });
});
