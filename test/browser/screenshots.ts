// `npm run screenshots`: docs/screens/*.png of the demo and of the first start, on a phone by day and on a wide screen by night.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { sqliteStore } from '../../src/history/sqlite-store.ts';
import { pathOf, type Tab, tabs } from '../../src/page/router.ts';
import { en } from '../../src/page/words/en.ts';
import { DAY, MINUTE_MS, valuesAt } from '../bench/year.ts';
import { watch } from '../house/master.ts';
import { ids } from '../house/room.ts';
import { type Ending, freePort } from '../house/site.ts';
import { setupSite } from '../setup/setup-site.ts';
import { walk } from '../setup/walk.ts';
import { openBrowser } from './chromium.ts';
import { demo } from './program.ts';
import { atFresh, heading, logInAs, settled } from './reading.ts';
import { visit } from './visit.ts';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'screens');
mkdirSync(folder, { recursive: true });

const ends: (() => void | Promise<void>)[] = [];
const ending: Ending = { onTestFinished: (end) => void ends.unshift(end), onTestFailed() {} };
const taken: string[] = [];

async function take(page: Page, name: string): Promise<void> {
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  taken.push(path);
}

/** The demo's history begins with the demo: the day before it, with an hour of which nothing is known. */
function yesterday(temporary: string): void {
  // The other folder is that of the PTY.
  const [made] = readdirSync(temporary).filter((name) => !existsSync(join(temporary, name, 'master')));
  if (!made) throw new Error('the demo has no folder');
  const store = sqliteStore(join(temporary, made, 'history.db'));
  const now = Math.floor(Date.now() / MINUTE_MS);
  const minutes = Array.from({ length: DAY }, (_, i) => now - DAY + i).filter(
    (m) => m < now - 500 || m > now - 440,
  );
  store.writeMinutes(
    minutes.flatMap((minute) =>
      [undefined, 'a', 'b', 'c', 'd'].map((battery) => ({
        ...(battery && { battery }),
        minute,
        coveredMs: MINUTE_MS,
        values: valuesAt(minute, 1),
      })),
    ),
  );
  store.close();
}

/** What a screen shows only after a while. */
const ready: { readonly [T in Tab]?: (page: Page) => Promise<void> } = {
  async inspector(page) {
    const limits = page.getByRole('main').getByText('0x351').first();
    await limits.click();
    await page.getByText('charge_current_limit_A').first().waitFor();
    await page
      .getByText(/every \d/)
      .first()
      .waitFor();
  },
  async history(page) {
    await page.locator('canvas').first().waitFor();
    const told = page.waitForResponse(/\/api\/v1\/history/);
    await page.getByText(en.history.span_day, { exact: true }).click();
    await (await told).finished();
    // As soon as the day is drawn, its axis names hours that the last one had not.
    await page.waitForTimeout(500);
  },
};

const looks = [
  { name: 'phone', size: 'phone', theme: 'light' },
  { name: 'wide', size: 'wide', theme: 'dark' },
] as const;

const browser = await openBrowser();
try {
  const temporary = mkdtempSync(join(tmpdir(), 'bmsgate-screens-'));
  ends.unshift(() => rmSync(temporary, { recursive: true, force: true, maxRetries: 10 }));
  const shown = await demo(temporary);
  ends.unshift(shown.stop);
  const ems = watch(shown.tcp, 1000);
  ends.unshift(ems.stop);
  yesterday(temporary);
  const readers = await Promise.all(
    looks.map(async (look) => ({
      look,
      reader: await visit(browser, ending, { ...look, origin: shown.origin }),
    })),
  );
  for (const { reader } of readers) await logInAs(reader.page, 'demo', shown.password);
  for (const tab of tabs)
    for (const { look, reader } of readers) {
      await atFresh(reader, pathOf(tab));
      await heading(reader.page, en[tab].title).waitFor();
      await settled(reader.page);
      await ready[tab]?.(reader.page);
      await take(reader.page, `${tab}-${look.name}`);
    }
  const site = await setupSite(ending);
  const { page } = await visit(browser, ending, { origin: site.url, size: 'phone' });
  const code = await site.code();
  await page.goto('/');
  const wanted = ['claim', 'find', 'trial'];
  await walk(page, {
    code,
    password: 'cellar door 2026',
    units: ids.map((id) => `JBD-${id}`),
    tcpPort: await freePort(),
    seen: (screen) => (wanted.includes(screen) ? take(page, `setup-${screen}-phone`) : undefined),
  });
} finally {
  for (const end of ends) await end();
  await browser.close();
}
for (const path of taken)
  console.log(`${path.slice(folder.length + 1)} ${Math.round(statSync(path).size / 1000)} kB`);
process.exit();
