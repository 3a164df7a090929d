// What the page costs: bytes of its first load, the household of 16 packs with readers on `/live`, the RTU answers beside five of
// them, and what one update takes of a browser. Budgets: design, section 9, and reference/web-page.md.
import { setTimeout as rest } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { noBrowser, openBrowser } from '../browser/chromium.ts';
import { watch } from '../house/master.ts';
import { freePort } from '../house/site.ts';
import { noMosquitto, startBroker } from '../mqtt/mosquitto.ts';
import { budgetsOf, costs, untilFresh, withSum } from './footprint.ts';
import { ended } from './gateway.ts';
import { liveReader } from './live-reader.ts';
import { judgedRow, type Part, type Row, spreadOf } from './row.ts';
import { HOUSEHOLD, type House, openHouse, PACKS, PART } from './web-house.ts';
import { allOnlookers, rtuBeside } from './web-rtu.ts';

const FIRST_LOAD_KB = 200;
const SETTLE_MS = 10_000;
/** The budgets are for so many. */
const FIVE = 5;
/** Of one core, for ten readers. */
const TEN_READERS_PCT = 5;

/** Kilobytes that came over the network for what `look` does, the stream left out. */
async function kilobytesOf(page: Page, cdp: CDPSession, look: () => Promise<unknown>): Promise<number> {
  let bytes = 0;
  const streams = new Set<string>();
  cdp.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.mimeType === 'text/event-stream') streams.add(requestId);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!streams.has(requestId)) bytes += encodedDataLength;
  });
  await cdp.send('Network.enable');
  await look();
  await page.waitForTimeout(1000);
  return bytes / 1000;
}

const firstLoadRow = (what: string, kilobytes: number): Row =>
  judgedRow(
    { part: PART, what, unit: 'kB' },
    [kilobytes],
    `≤ ${FIRST_LOAD_KB} kB`,
    ({ max }) => max <= FIRST_LOAD_KB,
  );

const METRICS = {
  ScriptDuration: 'one update in a browser, scripts',
  TaskDuration: 'one update in a browser, all that its main thread does',
} as const;

/** Milliseconds of the browser's main thread from one second to the next, which brings one update. */
async function updates(cdp: CDPSession, seconds: number): Promise<Row[]> {
  await cdp.send('Performance.enable');
  const read = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, value * 1000]));
  };
  const seen = [await read()];
  for (let i = 0; i < seconds; i++) {
    await rest(1000);
    seen.push(await read());
  }
  return Object.entries(METRICS).map(([name, what]) => {
    const values = seen.map((metrics) => metrics.get(name) ?? Number.NaN);
    const each = values.slice(1).map((value, i) => value - (values[i] ?? Number.NaN));
    return { part: PART, what, load: `${PACKS} packs, Home`, unit: 'ms', ...spreadOf(each) };
  });
}

async function* inABrowser(browser: Browser, { origin }: House, isQuick: boolean): AsyncGenerator<Row> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const cdp = await page.context().newCDPSession(page);
  const home = page.getByRole('banner').getByText('fresh', { exact: true });
  const kilobytes = await kilobytesOf(page, cdp, async () => {
    await page.goto(origin);
    await home.waitFor();
  });
  yield firstLoadRow('first load, Home with a live bank', kilobytes);
  yield* await updates(cdp, isQuick ? 10 : 60);
  await page.close();
}

async function costRows({ origin }: House, pid: number, readers: number, isQuick: boolean): Promise<Row[]> {
  const open = Array.from({ length: readers }, () => liveReader(origin));
  await rest(isQuick ? 2000 : SETTLE_MS);
  const found = withSum(await costs(pid, isQuick ? 10_000 : 60_000));
  const heard = open.map(({ stop }) => stop());
  const least = Math.min(...heard);
  return found.map(({ who, cpuPct, rssMB, pssMB }) => ({
    part: PART,
    what: `${who}, ${readers} readers`,
    load: HOUSEHOLD,
    cpuPct,
    rssMB,
    pssMB,
    ...(readers === FIVE && (who === 'wires' || who === 'all') && budgetsOf(who, cpuPct, rssMB)),
    ...(readers > 0 && who === 'office' && { note: `each heard ${least} messages or more` }),
  }));
}

/** What ten readers take of a core beside none. */
function tenReaders(rows: readonly Row[]): Row {
  const of = (readers: number) =>
    rows.find(({ what }) => what === `office, ${readers} readers`)?.cpuPct ?? Number.NaN;
  const cpuPct = of(10) - of(0);
  return {
    part: PART,
    what: 'office, what ten readers add',
    cpuPct,
    budget: `< ${TEN_READERS_PCT} %`,
    isMet: cpuPct < TEN_READERS_PCT,
  };
}

async function* withHouse(house: House, isQuick: boolean, say: (text: string) => void): AsyncGenerator<Row> {
  const gateway = await openHouse(house);
  const child = gateway.start();
  const ems = watch(house.tcp, 1000);
  try {
    await untilFresh(ems, PACKS);
    const rows: Row[] = [];
    for (const readers of [0, FIVE, 10]) {
      say(`web, ${readers} readers`);
      rows.push(...(await costRows(house, child.pid ?? -1, readers, isQuick)));
    }
    yield* rows;
    yield tenReaders(rows);
    if (noBrowser) yield { part: PART, what: 'in a browser', missing: 'apt-get install chromium' };
    else {
      say('web, in a browser');
      const browser = await openBrowser();
      yield* inABrowser(browser, house, isQuick);
      await browser.close();
    }
  } finally {
    ems.stop();
    await ended(child);
    await gateway.clear();
  }
}

export const web: Part = async function* ({ isQuick, say }) {
  if (noMosquitto) return yield { part: PART, what: 'the household', missing: 'apt-get install mosquitto' };
  const ends: (() => Promise<void>)[] = [];
  try {
    const { port: broker } = await startBroker({ onTestFinished: (clean) => void ends.push(clean) });
    const newHouse = async (): Promise<House> => ({
      origin: `http://127.0.0.1:${await freePort()}`,
      tcp: await freePort(),
      broker,
    });
    yield* withHouse(await newHouse(), isQuick, say);
    for (const onlookers of allOnlookers) {
      say(`web, RTU beside ${onlookers.name}`);
      yield await rtuBeside(onlookers, await newHouse(), isQuick);
    }
  } finally {
    for (const end of ends) await end();
  }
};
