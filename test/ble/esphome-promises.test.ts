import { expect, test } from 'vitest';
import { esphomePort } from '../../src/ble/esphome.ts';
import { realTimers } from '../../src/timers.ts';
import { type ProxyOptions, simProxy } from './esphome/proxy.ts';
import { ending, KEY, proxy } from './esphome/room.ts';
import { addressOf, answering, jbdUnit, numberOf, type SimUnit } from './esphome/unit.ts';
import { type Air, promises } from './promises.ts';
import { listenTo, sampleOf } from './sessions.ts';

async function airOf(key: string | undefined, more: ProxyOptions, units: readonly Partial<SimUnit>[]) {
  const all = units.map((unit, i) => jbdUnit(i + 1, { asked: answering(i + 1), ...unit }));
  const sim = await simProxy({ ...more, ...(key !== undefined && { key }), units: all });
  const hidden = (n: number, isHidden: boolean) => {
    for (const unit of all) if (unit.number === numberOf(n)) unit.isHidden = isHidden;
  };
  const drop = (n: number) => sim.drop(numberOf(n));
  const air: Air = {
    port: esphomePort({ host: '127.0.0.1', port: sim.port, key, timers: realTimers }),
    address: addressOf,
    drop,
    hide: (n) => {
      hidden(n, true);
      drop(n);
    },
    show: (n) => hidden(n, false),
    end: sim.stop,
  };
  return air;
}

promises('an encrypted ESPHome proxy', (units) => airOf(KEY, {}, units));
promises('an ESPHome proxy in the clear, with an older API', (units) =>
  airOf(undefined, { minor: 10 }, units),
);

test('a proxy restarts in the middle of everything: its units are read again', {
  timeout: 150_000,
}, async () => {
  const units = [jbdUnit(1), jbdUnit(2)];
  const sim = await proxy({ key: KEY, units });
  const port = esphomePort({ host: '127.0.0.1', port: sim.port, key: KEY, timers: realTimers });
  const listener = await listenTo(port, { addresses: [addressOf(1), addressOf(2)] });
  ending.push(listener.stop);
  await Promise.all([1, 2].map((n) => listener.until(sampleOf(n))));
  await sim.stop();
  await listener.adapter.until(({ state }) => state === 'missing');
  await proxy({ key: KEY, units, port: sim.port });
  const backMs = realTimers.now();
  await Promise.all([1, 2].map((n) => listener.until(sampleOf(n, backMs))));
  const lost = listener.said.filter((r) => r.type === 'link' && r.state === 'lost');
  expect(lost[0]).toMatchObject({ why: expect.stringContaining('it closed the connection') });
});
