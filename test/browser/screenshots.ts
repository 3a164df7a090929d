// `npm run screenshots`: docs/screens/*.png of the demo and of the first start, on a phone by day and on a wide screen by night.

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { pathOf, tabs } from '../../src/page/router.ts';
import { en } from '../../src/page/words/en.ts';
import { ids } from '../house/room.ts';
import type { Ending } from '../house/site.ts';
import { freePort } from '../house/site.ts';
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

const looks = [
  { name: 'phone', size: 'phone', theme: 'light' },
  { name: 'wide', size: 'wide', theme: 'dark' },
] as const;

const browser = await openBrowser();
try {
  const shown = await demo();
  ends.unshift(shown.stop);
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
