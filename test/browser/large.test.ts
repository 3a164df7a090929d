// Banks of many cells and of many batteries on a phone, and an office that is killed while somebody only looks.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../src/page/words/en.ts';
import { idOf } from '../bench/packs.ts';
import { childrenOf } from '../house/process.ts';
import { named } from '../modbus/wires.ts';
import { noBrowser, openBrowser } from './chromium.ts';
import { packsInARow, type Shown } from './program.ts';
import { atFresh, card, heading, settled, strip, tabLink } from './reading.ts';
import { barriers, overhang, visit } from './visit.ts';

const START_MS = 300_000;
const CELLS = 16;

describe.skipIf(noBrowser)(named('the page of a large bank', noBrowser), { timeout: 300_000 }, () => {
  let browser: Browser;
  const shown = new Map<number, Shown>();
  const bankOf = (packs: number): Shown => {
    const bank = shown.get(packs);
    if (!bank) throw new Error(`no bank of ${packs} packs was started`);
    return bank;
  };
  beforeAll(async () => {
    browser = await openBrowser();
    for (const packs of [4, 32]) shown.set(packs, await packsInARow(packs));
  }, START_MS);
  afterAll(() => Promise.all([browser.close(), ...[...shown.values()].map(({ stop }) => stop())]));

  test.for([4, 32])(
    'of %i batteries with 16 cells each shows every cell, and fits a phone',
    async (packs, context) => {
      const reader = await visit(browser, context, { origin: bankOf(packs).origin, size: 'phone' });
      const { page } = reader;
      await atFresh(reader);
      const ids = Array.from({ length: packs }, (_, no) => idOf(no));
      const listed = await card(page, en.home.batteries).textContent();
      expect(ids.filter((id) => !listed?.includes(id))).toEqual([]);
      expect([await barriers(page), await overhang(page)]).toEqual([[], 'none']);
      await tabLink(page, 'cells').click();
      await heading(page, en.cells.title).waitFor();
      await settled(page);
      expect([await barriers(page), await overhang(page)]).toEqual([[], 'none']);
      await page.getByText(en.cells.table, { exact: true }).click();
      const rows = page
        .getByRole('main')
        .getByRole('row')
        .filter({ hasText: /\d\.\d{3}/ });
      await rows.first().waitFor();
      expect(await rows.count()).toBe(packs * CELLS);
      expect(reader.misdeeds()).toEqual([]);
    },
  );

  test('goes on without a reload when its office was killed', async (context) => {
    const { origin, pid } = bankOf(32);
    const reader = await visit(browser, context, { origin });
    const { page } = reader;
    await atFresh(reader);
    await page.evaluate(() => {
      document.documentElement.dataset.seen = 'before';
    });
    const office = childrenOf(pid).find(({ command }) => command.includes('office.js'));
    if (!office) throw new Error('the gateway has no office');
    reader.bear();
    process.kill(office.pid, 'SIGKILL');
    await page.getByRole('alert').getByText(en.shell.lost).waitFor();
    expect(await page.getByRole('main').locator('s').count()).toBeGreaterThan(4);
    await page.getByRole('alert').getByText(en.shell.lost).waitFor({ state: 'detached' });
    await strip(page).getByText(en.freshness.fresh, { exact: true }).waitFor();
    expect(await page.getByRole('main').locator('s').count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.dataset.seen)).toBe('before');
  });
});
