// A battery room with a simulated proxy in it. Everything that a test opens is closed, in reverse, when it ends.
import { afterEach, vi } from 'vitest';
import { esphomePort } from '../../../src/ble/esphome.ts';
import type { BleLink, BlePort } from '../../../src/ble/port.ts';
import type { Advert } from '../../../src/bms/driver.ts';
import type { Timers } from '../../../src/model/timers.ts';
import { crank } from '../crank.ts';
import { LIMIT_MS, reportsOf, saying } from '../sessions.ts';
import { type ProxyOptions, type SimProxy, simProxy } from './proxy.ts';
import { addressOf } from './unit.ts';

export const KEY = Buffer.alloc(32, 7).toString('base64');
export const OTHER_KEY = Buffer.alloc(32, 8).toString('base64');

/** What a test opened, closed in reverse when it ends. */
export const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

export async function proxy(options: ProxyOptions = {}): Promise<SimProxy> {
  const sim = await simProxy(options);
  ending.push(sim.stop);
  return sim;
}

export function portTo({ port }: { readonly port: number }, timers: Timers, key?: string): BlePort {
  const to = esphomePort({ host: '127.0.0.1', port, key, timers });
  ending.push(() => to.close());
  return to;
}

export async function opened(options: ProxyOptions = {}, timers: Timers = crank()) {
  const sim = await proxy(options);
  const port = portTo(sim, timers, options.key);
  const reports = reportsOf(port);
  await port.open();
  return { sim, port, reports };
}

/** The first advert of this unit that fits. */
export async function heard(port: BlePort, n = 1, fits = (_advert: Advert) => true): Promise<Advert> {
  const adverts = saying<Advert>();
  await port.scan(adverts.say);
  const advert = await adverts.until((a) => a.address === addressOf(n) && fits(a));
  await port.stopScan();
  return advert;
}

export const connect = (port: BlePort, n = 1, signal = new AbortController().signal): Promise<BleLink> =>
  port.connect(addressOf(n), { timeoutMs: 20_000, signal });

/** Real sockets need turns of the loop that a cranked clock does not give by itself. */
export const until = (is: () => boolean): Promise<boolean> =>
  vi.waitUntil(is, { timeout: LIMIT_MS, interval: 5 });
