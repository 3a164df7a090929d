// The page of a gateway with batteries on the virtual air, whose processes are killed, whose batteries fall silent, and whose
// reader's clock is wrong.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pathOf } from '../../src/page/router.ts';
import { en } from '../../src/page/words/en.ts';
import { childrenOf } from '../house/process.ts';
import { type Ending, freePort, type Site, site } from '../house/site.ts';
import { until } from '../house/until.ts';
import { named } from '../modbus/wires.ts';
import { noBrowser, openBrowser } from './chromium.ts';
import { card, heading, numberIn, strip, tabLink } from './reading.ts';
import { type Visit, visit } from './visit.ts';

const PASSWORD = 'a cellar with four batteries';
/** The ages of the ladder, shortened as an installer may. */
const freshness = '{ late: 8s, ramp: 3s, lost: 20s }';
const START_MS = 200_000;
const DAYS_3_MS = 3 * 86_400_000;

function officeOf({ gateway }: Site): number {
  const office = childrenOf(gateway().pid).find(({ command }) => command.includes('office.ts'));
  if (!office) throw new Error('the gateway has no office');
  return office.pid;
}

const banner = (page: Page) => page.getByRole('alert').getByText(en.shell.lost);
const struck = (page: Page) => page.getByRole('main').locator('s');
const standing = (page: Page, word: string) => strip(page).getByText(word, { exact: true });

/** The page has been told three times what is new. */
const threeMessages = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const stream = new EventSource('/api/v1/live');
        let heard = 0;
        stream.addEventListener('live', () => {
          if (++heard < 3) return;
          stream.close();
          resolve();
        });
      }),
  );

/** The page goes on by itself, for who it was before. */
async function goesOn(page: Page): Promise<void> {
  await banner(page).waitFor({ state: 'detached' });
  await standing(page, en.freshness.fresh).waitFor();
  expect(await page.getByText(en.session.ended).count()).toBe(0);
  expect(await struck(page).count()).toBe(0);
}

describe.skipIf(noBrowser)(named('the page of a house', noBrowser), { timeout: 600_000 }, () => {
  let browser: Browser;
  let here: Site;
  let reader: Visit;
  const ends: (() => void | Promise<void>)[] = [];

  beforeAll(async () => {
    const state = mkdtempSync(join(tmpdir(), 'bmsgate-page-'));
    ends.push(() => rmSync(state, { recursive: true, force: true, maxRetries: 10 }));
    const ending: Ending = { onTestFinished: (end) => void ends.unshift(end), onTestFailed() {} };
    const web = await freePort();
    const more = `web: { listen: "127.0.0.1:${web}", accounts: ${join(state, 'accounts.json')} }`;
    [browser, here] = await Promise.all([openBrowser(), site(ending, { freshness, more })]);
    reader = await visit(browser, ending, { origin: `http://127.0.0.1:${web}` });
    await here.gateway().hears(/the page is served at/, 30_000);
  }, START_MS);
  afterAll(async () => {
    for (const end of ends) await end();
    await browser.close();
  });

  test('is nobody’s until somebody claims it with the code of the journal', async () => {
    const { page } = reader;
    await page.goto('/');
    await heading(page, en.session.claim).waitFor();
    const { text } = await here.gateway().hears(/claim it with the code \d{6}/, 10_000);
    const code = /code (\d{6})/.exec(text)?.[1] ?? '';
    const claim = async (typed: string) => {
      await page.getByLabel(en.session.code).fill(typed);
      await page.getByLabel(en.session.newPassword).fill(PASSWORD);
      await page.getByRole('button', { name: en.session.claimDo }).click();
    };
    await claim(code === '123456' ? '654321' : '123456');
    await page.getByText('that is not the code').waitFor();
    await claim(code);
    await standing(page, en.freshness.fresh).waitFor();
    expect(reader.misdeeds().filter((line) => !line.includes('403'))).toEqual([]);
  });

  test('a wrong clock in the browser makes nothing old', async (context) => {
    const page = await reader.page.context().newPage();
    context.onTestFinished(() => page.close());
    await page.goto('/');
    await standing(page, en.freshness.fresh).waitFor();
    for (const days of [DAYS_3_MS, -DAYS_3_MS]) {
      await page.clock.setFixedTime(Date.now() + days);
      await threeMessages(page);
      expect(await standing(page, en.freshness.fresh).count()).toBe(1);
      expect(await struck(page).count()).toBe(0);
      expect(await banner(page).count()).toBe(0);
    }
  });

  test('an office that is killed leaves a banner, struck numbers and no control; its heir knows who one is', async () => {
    const { page } = reader;
    await card(page, en.home.measured).waitFor();
    reader.bear();
    process.kill(officeOf(here), 'SIGKILL');
    await banner(page).waitFor();
    expect(await struck(page).count()).toBeGreaterThan(4);
    await goesOn(page);
  });

  test('batteries that fall silent are struck through, rung by rung as the inverters are told, and come back', async () => {
    const { page } = reader;
    await tabLink(page, 'inverter').click();
    await page.getByText(en.inverter.watchdog).first().waitFor();
    here.room.hideAll();
    const countdown = page.locator('.ladder-next').first();
    const counted: number[] = [];
    await until('the bank is stale on the page', 20_000, async () => {
      const text = (await countdown.textContent()) ?? '';
      if (text.includes(`: ${en.inverter.step_late} `)) counted.push(numberIn(text));
      return (await standing(page, en.freshness.stale).count()) > 0;
    });
    // The last sample may still have come meanwhile.
    const down = counted.slice(counted.lastIndexOf(Math.max(...counted)));
    expect(new Set(down).size, counted.join(' ')).toBeGreaterThan(2);
    expect(down).toEqual(down.toSorted((a, b) => b - a));
    await here.ems.sees('zero limits', 20_000, ({ cclA, dclA, isStale }) => isStale && cclA + dclA === 0);
    await tabLink(page, 'home').click();
    await card(page, en.home.measured).waitFor();
    expect(await struck(page).count()).toBeGreaterThan(4);
    expect(await card(page, en.home.measured).locator('.big s').count()).toBe(4);
    await standing(page, en.freshness.lost).waitFor();
    expect(await banner(page).count()).toBe(0);
    here.room.showAll();
    await standing(page, en.freshness.fresh).waitFor();
    expect(await struck(page).count()).toBe(0);
  });

  test('wires that hang are told by a page that is served all the same, and on no screen anything looks live', async () => {
    const { page } = reader;
    await standing(page, en.freshness.fresh).waitFor();
    here.gateway().signal('SIGSTOP');
    try {
      await page.getByRole('alert').getByText(en.shell.still).waitFor();
      for (const tab of ['home', 'cells', 'inverter'] as const) {
        await page.evaluate((path) => {
          history.pushState(null, '', path);
          dispatchEvent(new PopStateEvent('popstate'));
        }, pathOf(tab));
        await heading(page, en[tab].title).waitFor();
        expect(await struck(page).count()).toBeGreaterThan(2);
        expect(await page.locator('main [data-age=fresh], main [data-age=late]').count()).toBe(0);
      }
      const main = page.getByRole('main');
      expect(await main.getByText(en.parts.unknown).count()).toBeGreaterThan(0);
      expect(await main.getByText(/is told the truth/).count()).toBe(0);
    } finally {
      here.gateway().signal('SIGCONT');
    }
    await tabLink(page, 'home').click();
    await card(page, en.home.measured).waitFor();
    await standing(page, en.freshness.fresh).waitFor();
    expect(await struck(page).count()).toBe(0);
  });

  test('a gateway that is killed is waited for, and shown again when it is back', async () => {
    const { page } = reader;
    const dead = here.gateway();
    dead.signal('SIGKILL');
    await banner(page).waitFor();
    expect(await struck(page).count()).toBeGreaterThan(4);
    await dead.exited;
    here.startAgain();
    await goesOn(page);
    expect(reader.misdeeds().filter((line) => !/40[13]/.test(line))).toEqual([]);
  });
});
