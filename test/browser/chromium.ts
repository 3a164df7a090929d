// Debian's chromium, and whether the page can be looked at here. Where it must be (MUST_BROWSE), a missing browser is a failure and
// not a skip.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const page = join(import.meta.dirname, '..', '..', 'dist', 'page', 'index.html');

const lack = !existsSync(page)
  ? 'dist/page is missing; npm run build'
  : !existsSync(CHROMIUM)
    ? 'chromium is not installed'
    : undefined;

/** Why nothing can be looked at. */
export const noBrowser = process.env.MUST_BROWSE ? undefined : lack;
if (noBrowser) console.warn(`the page is not looked at: ${noBrowser}`);

/** It must not speak to anybody of its own accord. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: quiet });
