// Somebody sets the clock of the gateway while its page is open: NTP that comes late, or a hand that slips. Nobody who looks is to
// be misled by it, and nobody is to be sent to the login.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Tab, tabs } from '../../src/page/router.ts';
import { en } from '../../src/page/words/en.ts';
import { childrenOf } from '../house/process.ts';
import { type Ending, freePort, type Site, site } from '../house/site.ts';
import { until } from '../house/until.ts';
import { named } from '../modbus/wires.ts';
import { noBrowser, openBrowser } from './chromium.ts';
import { card, heading, settled, strip, tabLink } from './reading.ts';
import { barriers, overhang, type Visit, visit } from './visit.ts';

const PASSWORD = 'a cellar with four batteries';
/** The ages of the ladder, shortened as an installer may. */
const freshness = '{ late: 8s, ramp: 3s, lost: 14s }';
const START_MS = 200_000;
const DAYS_3_MS = 3 * 86_400_000;
/** An age stands in whole seconds, and is told anew once a second. */
const MOST_OFF_MS = 3000;
const root = join(import.meta.dirname, '..', '..');

/** For every process of the gateway: the virtual air, and a wall clock that can be set. */
const preloads = ['--require test/rig/hci-unix.js', '--import test/house/wall-clock.ts']
  .map((words) => words.replace('test/', `${join(root, 'test')}/`))
  .join(' ');

const standing = (page: Page, word: string) => strip(page).getByText(word, { exact: true });
const struck = (page: Page) => page.getByRole('main').locator('s');
const banner = (page: Page) => page.getByRole('alert').getByText(en.shell.lost);

/** What stands on a screen, in one line. */
async function textOf(page: Page, tab: Tab): Promise<string> {
  await tabLink(page, tab).click();
  await heading(page, en[tab].title).waitFor();
  await settled(page);
  return (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
}

/** What speaks of days by right: the sentence about the clock, and the spans of the history to choose from. */
const ofDays = [/the clock was set \w+ by 3 d/g, /1 h 24 h 7 d 30 d 1 y/g];

/** Nothing here has lasted for days, is days ago or to come, or took less than no time. */
const strangeTimes = (text: string): string[] =>
  ofDays
    .reduce((rest, known) => rest.replace(known, ''), text)
    .match(/.{0,30}(?:\d d\b|[-−]\d+ (?:ms|s|min|h|d)\b)/g) ?? [];

/** Of all screens. */
async function allStrange(page: Page): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const tab of tabs) found[tab] = strangeTimes(await textOf(page, tab));
  return found;
}
const none = Object.fromEntries(tabs.map((tab) => [tab, []]));

/** When the data was measured by what the strip calls its age: between these two moments of this process, ms. */
async function measuredAt(page: Page): Promise<readonly [earliestMs: number, latestMs: number]> {
  const fromMs = performance.now();
  const text = await strip(page).getByText(/ old$/).first().textContent();
  const ageMs = 1000 * Number(/(\d+)\s*s old/.exec(text ?? '')?.[1] ?? Number.NaN);
  return [fromMs - ageMs, performance.now() - ageMs];
}

describe.skipIf(noBrowser)(named('a clock that is set', noBrowser), { timeout: 600_000 }, () => {
  let browser: Browser;
  let here: Site;
  let reader: Visit;
  let set: (byMs: number) => void;
  const ends: (() => void | Promise<void>)[] = [];

  beforeAll(async () => {
    const state = mkdtempSync(join(tmpdir(), 'bmsgate-clock-'));
    ends.push(() => rmSync(state, { recursive: true, force: true, maxRetries: 10 }));
    const ending: Ending = { onTestFinished: (end) => void ends.unshift(end), onTestFailed() {} };
    const clock = join(state, 'clock');
    set = (byMs) => writeFileSync(clock, String(byMs));
    const web = await freePort();
    const more = [
      `web: { listen: "127.0.0.1:${web}", accounts: ${join(state, 'accounts.json')} }`,
      `history: { path: ${join(state, 'history.db')} }`,
    ].join('\n');
    const env = { WALL_CLOCK: clock, NODE_OPTIONS: preloads };
    [browser, here] = await Promise.all([openBrowser(), site(ending, { freshness, more, env })]);
    reader = await visit(browser, ending, { origin: `http://127.0.0.1:${web}` });
    await here.gateway().hears(/the page is served at/, 30_000);
  }, START_MS);
  afterAll(async () => {
    for (const end of ends) await end();
    await browser.close();
  });

  test('an address that is nowhere says so to who is not known yet, and leads to the claim', async () => {
    const { page } = reader;
    expect((await page.goto('/nowhere'))?.status()).toBe(404);
    await heading(page, en.shell.notFound).waitFor();
    expect([await barriers(page), await overhang(page)]).toEqual([[], 'none']);
    await page.getByRole('link', { name: en.shell.toHome }).click();
    await heading(page, en.session.claim).waitFor();
    const { text } = await here.gateway().hears(/claim it with the code \d{6}/, 10_000);
    await page.getByLabel(en.session.code).fill(/code (\d{6})/.exec(text)?.[1] ?? '');
    await page.getByLabel(en.session.newPassword).fill(PASSWORD);
    await page.getByRole('button', { name: en.session.claimDo }).click();
    await standing(page, en.freshness.fresh).waitFor();
  });

  test.for([
    ['forward by three days', DAYS_3_MS],
    ['back by three days', 0],
    ['back by three more', -DAYS_3_MS],
  ] as const)(
    '%s: what is fresh stays fresh, what grows old goes on growing old, and it is told',
    async ([, to]) => {
      const { page } = reader;
      await tabLink(page, 'home').click();
      await card(page, en.home.measured).waitFor();
      await standing(page, en.freshness.fresh).waitFor();
      const before = here.gateway().said(/the clock was set/).length;
      here.room.units.a.hide();
      // It is stale as the clock is set, and lost only then: two events that the clock is set under.
      await standing(page, en.freshness.stale).waitFor();
      const [earliestMs, latestMs] = await measuredAt(page);
      set(to);
      await until('the step is told', 20_000, () => here.gateway().said(/the clock was set/).length > before);
      expect(await banner(page).count()).toBe(0);
      expect(await standing(page, en.freshness.fresh).count()).toBe(0);
      const [nowEarliestMs, nowLatestMs] = await measuredAt(page);
      expect(nowLatestMs).toBeGreaterThan(earliestMs - MOST_OFF_MS);
      expect(nowEarliestMs).toBeLessThan(latestMs + MOST_OFF_MS);
      await standing(page, en.freshness.lost).waitFor();
      expect(await allStrange(page)).toEqual(none);

      here.room.showAll();
      await standing(page, en.freshness.fresh).waitFor();
      await tabLink(page, 'home').click();
      await card(page, en.home.measured).waitFor();
      expect(await struck(page).count()).toBe(0);
      expect(await allStrange(page)).toEqual(none);
      const events = await textOf(page, 'events');
      expect(events).toContain(en.eventKind.clock_stepped);
      expect(events).toMatch(to > 0 ? /the clock was set forward by 3 d/ : /the clock was set back by 3 d/);
      expect(await page.getByText(en.session.ended).count()).toBe(0);
      expect(reader.misdeeds().filter((line) => !/40[134]/.test(line))).toEqual([]);
    },
  );

  test('while the history is looked at, its window is at the new date at once', async () => {
    const { page } = reader;
    await textOf(page, 'history');
    const window = page.locator('.history-walk p');
    const before = await window.textContent();
    set(0);
    await until('another date', 10_000, async () => (await window.textContent()) !== before);
  });

  test('and when the office is replaced after all that, the login stands, and each event lasted as long as it did', async () => {
    const { page } = reader;
    reader.bear();
    const office = childrenOf(here.gateway().pid).find(({ command }) => command.includes('office.ts'));
    process.kill(office?.pid ?? 0, 'SIGKILL');
    await banner(page).waitFor();
    await banner(page).waitFor({ state: 'detached' });
    await standing(page, en.freshness.fresh).waitFor();
    expect(await page.getByText(en.session.ended).count()).toBe(0);
    expect(await allStrange(page)).toEqual(none);
    const answer = await page.request.get('/api/v1/events?most=500');
    const events: readonly { kind: string; began_ms: number; ended_ms?: number }[] = await answer.json();
    const lasted = events.flatMap(({ kind, began_ms, ended_ms }) =>
      ended_ms !== undefined && /_(late|stale|lost)$/.test(kind) ? [(ended_ms - began_ms) / 1000] : [],
    );
    expect(lasted.length).toBeGreaterThan(9);
    expect(Math.min(...lasted)).toBeGreaterThan(0.5);
    expect(Math.max(...lasted)).toBeLessThan(120);
  });
});
