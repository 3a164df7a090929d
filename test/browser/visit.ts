// A browser that looks at the page as a person does, and notes whatever the page does that it must not do.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Ending } from '../house/site.ts';

export const sizes = {
  phone: { width: 360, height: 640 },
  wide: { width: 1440, height: 900 },
} as const;
export type Size = keyof typeof sizes;
export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export interface VisitOptions {
  readonly origin: string;
  readonly size?: Size | { readonly width: number; readonly height: number };
  readonly theme?: Theme;
  readonly locale?: string;
}

export interface Visit {
  readonly page: Page;
  /** Requests to others, breaches of the content security policy, errors that nobody caught, and words on the console. */
  readonly misdeeds: () => string[];
  /** From now on the gateway may be away: requests that fail are no misdeed. */
  readonly bear: () => void;
}

const isAbroad = (url: string, origin: string): boolean =>
  !/^(data|blob|about):/.test(url) && new URL(url).origin !== origin;

function note(context: BrowserContext, page: Page, origin: string): Omit<Visit, 'page'> {
  const noted: string[] = [];
  let isAway = false;
  context.on('request', (request) => {
    if (isAbroad(request.url(), origin)) noted.push(`asked ${request.url()}`);
  });
  page.on('pageerror', (error) => noted.push(`threw ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    const isOfTheNet = /^Failed to load resource|net::ERR_/.test(message.text());
    if (message.type() === 'error' || message.type() === 'warning')
      if (!(isAway && isOfTheNet)) noted.push(`${message.type()}: ${message.text()}`);
  });
  return {
    misdeeds: () => [...noted],
    bear() {
      isAway = true;
    },
  };
}

/** One reader with a browser of their own settings, until its test is over. */
export async function visit(
  browser: Browser,
  { onTestFinished }: Pick<Ending, 'onTestFinished'>,
  { origin, size = 'wide', theme = 'light', locale = 'en-GB' }: VisitOptions,
): Promise<Visit> {
  const viewport = typeof size === 'string' ? sizes[size] : size;
  const context = await browser.newContext({
    baseURL: origin,
    viewport,
    colorScheme: theme,
    locale,
    hasTouch: viewport.width < 600,
    reducedMotion: 'reduce',
  });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  return { page, ...note(context, page, origin) };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core finds wrong, one line for each element: the rule, where it is, and what to do. */
export async function barriers(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate((runOnly) => {
    // As its source has put it there.
    const { axe: ours } = globalThis as unknown as { readonly axe: typeof axe };
    return ours.run(document, { runOnly, resultTypes: ['violations'] });
  }, standards);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${help}; ${target.join(' ')}; ${any[0]?.message ?? ''}`),
  );
}

/** How many pixels of the page lie beyond the right edge, and what reaches furthest out. */
export const overhang = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return 'none';
    /** What can be pushed aside in a frame of its own loses nothing. */
    const isFramed = (one: Element): boolean =>
      one.parentElement !== null &&
      (getComputedStyle(one.parentElement).overflowX !== 'visible' || isFramed(one.parentElement));
    const [furthest] = [...document.querySelectorAll('body *')]
      .filter((one) => !isFramed(one))
      .toSorted((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right);
    return `${scrollWidth - clientWidth} px: ${furthest?.outerHTML.slice(0, 200)}`;
  });
