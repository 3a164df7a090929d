// The first start as a person sees it: a browser, a phone's screen, and batteries on the air.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFailed, onTestFinished, test } from 'vitest';
import { watch } from '../house/master.ts';
import { ids } from '../house/room.ts';
import { freePort } from '../house/site.ts';
import { setupSite } from './setup-site.ts';
import { walk } from './walk.ts';

const CHROMIUM = '/usr/bin/chromium';
const built = join(import.meta.dirname, '../../dist/page/index.html');
const canLook = existsSync(CHROMIUM) && existsSync(built);
const axe = join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js');

describe.skipIf(!canLook)(
  'the wizard (needs chromium, and a page that was built)',
  { timeout: 300_000 },
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      });
    });
    afterAll(() => browser.close());

    test.each([
      { width: 360, height: 640, colorScheme: 'light' },
      { width: 1440, height: 900, colorScheme: 'dark' },
    ] as const)(
      'leads to a gateway that runs, at $width × $height, $colorScheme',
      async ({ colorScheme, ...viewport }) => {
        const site = await setupSite({ onTestFinished, onTestFailed });
        // The page brings its own rules of what may be loaded; axe comes from outside of it.
        const context = await browser.newContext({ viewport, colorScheme, locale: 'en', bypassCSP: true });
        onTestFinished(() => context.close());
        const page = await context.newPage();
        const foreign: string[] = [];
        page.on('request', (request) => {
          if (!request.url().startsWith(site.url)) foreign.push(request.url());
        });
        const troubles: string[] = [];
        page.on('pageerror', ({ message }) => troubles.push(message));
        const tcpPort = await freePort();
        const ems = watch(tcpPort);
        onTestFinished(ems.stop);

        const seen = async (screen: string) => {
          if (screen === 'home' || screen === 'done') return;
          await page.addScriptTag({ path: axe });
          const found = await page.evaluate(async () => {
            // axe brought itself as a global.
            const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
            return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
          });
          expect([screen, found]).toEqual([screen, []]);
          const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
          expect([screen, isWide]).toEqual([screen, false]);
        };
        const code = await site.code();
        await page.goto(site.url);
        const units = ids.map((id) => `JBD-${id}`);
        await walk(page, { code, password: 'cellar door 2026', units, tcpPort, seen });

        await ems.sees('the bank', 30_000, ({ packsOnline }) => packsOnline === 4);
        expect(readFileSync(site.config, 'utf8')).toContain('strings: [[a, b], [c, d]]');
        expect([foreign, troubles]).toEqual([[], []]);
      },
    );
  },
);

interface Axe {
  readonly run: () => Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  }>;
}
