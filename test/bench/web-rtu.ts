// RTU answers beside those who look at the page: nobody, five connections that take all that comes, and five browsers.
import { setTimeout as rest } from 'node:timers/promises';
import { noBrowser, openBrowser } from '../browser/chromium.ts';
import { liveReader } from './live-reader.ts';
import { judgedRow, type Row } from './row.ts';
import { askSlave, type RtuTimes } from './rtu-master.ts';
import { HOUSEHOLD, type House, openHouse, PART } from './web-house.ts';

interface Onlookers {
  readonly name: string;
  /** Why they cannot be had here. */
  readonly missing?: string | undefined;
  /** Gives how they leave. */
  readonly look: (origin: string) => Promise<() => unknown>;
}

/** What is measured is an hour of it, not its first seconds. */
const SETTLE_MS = 10_000;
/** The inspector is for operators; this is what a household looks at. */
const SCREENS = ['/', '/cells', '/inverter', '/history', '/events'];

const readers = (n: number): Onlookers => ({
  name: `${n} readers`,
  async look(origin) {
    const open = Array.from({ length: n }, () => liveReader(origin));
    return () => open.map(({ stop }) => stop());
  },
});

/** A process, a profile and a window each. */
const browsers: Onlookers = {
  name: `${SCREENS.length} browsers, a screen each`,
  missing: noBrowser && 'apt-get install chromium',
  async look(origin) {
    const open = await Promise.all(SCREENS.map(() => openBrowser()));
    await Promise.all(
      open.map(async (browser, n) => {
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
        await page.goto(`${origin}${SCREENS[n]}`);
        await page.getByRole('banner').getByText('fresh', { exact: true }).waitFor();
      }),
    );
    return () => Promise.all(open.map((browser) => browser.close()));
  },
};

export const allOnlookers: readonly Onlookers[] = [readers(0), readers(5), browsers];

function rtuRow(found: RtuTimes | string, { name }: Onlookers): Row {
  const what = `RTU answers of 10 registers beside ${name}`;
  if (typeof found === 'string') return { part: PART, what, missing: found };
  return {
    ...judgedRow(
      { part: PART, what, load: HOUSEHOLD, unit: 'ms' },
      found.answerMs,
      'p99 ≤ 5, max ≤ 20',
      ({ p99, max }) => found.lost === 0 && p99 <= 5 && max <= 20,
    ),
    ...(found.lost > 0 && { note: `${found.lost} not answered` }),
  };
}

export async function rtuBeside(onlookers: Onlookers, house: House, isQuick: boolean): Promise<Row> {
  if (onlookers.missing) return rtuRow(onlookers.missing, onlookers);
  const ends: (() => unknown)[] = [];
  const order = { requests: isQuick ? 1000 : 20_000, registers: 10, isRamp: false };
  const found = await askSlave(async (serial) => {
    const line = `{ id: line, profile: generic-modbus, serial: ${serial}, reply_delay: 0 }`;
    const gateway = await openHouse(house, [line]);
    ends.push(gateway.clear);
    const child = gateway.start();
    await rest(SETTLE_MS);
    ends.unshift(await onlookers.look(house.origin));
    await rest(isQuick ? 0 : 2 * SETTLE_MS);
    return child;
  }, order);
  for (const end of ends) await end();
  return rtuRow(found, onlookers);
}
