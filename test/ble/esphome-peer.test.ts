// The simulated proxy of the tests, measured by a client that is not ours: what that client reads, a real one would read too.
import { EspHomeClient } from 'esphome-client';
import { expect, test } from 'vitest';
import { simProxy } from './esphome/proxy.ts';
import { jbdUnit, NOTIFY, numberOf, WRITE } from './esphome/unit.ts';
import { LIMIT_MS } from './sessions.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const silent = { debug() {}, error() {}, info() {}, warn() {} };
const READ_BASIC = Buffer.from('dda50300fffd77', 'hex');

test.each([
  ['encrypted', KEY],
  ['in the clear', null],
] as const)(
  'another client reads a unit through the simulated proxy, %s',
  async (_name, psk) => {
    const sim = await simProxy({ ...(psk && { key: psk }), units: [jbdUnit(1)] });
    const client = new EspHomeClient({
      host: '127.0.0.1',
      port: sim.port,
      psk,
      reconnect: false,
      logger: silent,
    });
    try {
      await client.connect();
      const { bluetooth } = client;
      for await (const advert of bluetooth.advertisements()) {
        expect(advert).toMatchObject({ address: numberOf(1), rssi: -60, addressType: 1 });
        // The firmware ends the links of a client that unsubscribes, so the link is made and used in here.
        expect(await bluetooth.connect(numberOf(1), { useCache: false })).toMatchObject({ connected: true });
        const [, own] = await bluetooth.getServices(numberOf(1));
        expect(own?.characteristics.map(({ handle }) => handle)).toEqual([NOTIFY.handle, WRITE.handle]);
        await bluetooth.setNotify(numberOf(1), NOTIFY.handle, true);
        await bluetooth.writeDescriptor(numberOf(1), NOTIFY.switch, Buffer.of(1, 0));
        const notified = bluetooth.notify(numberOf(1), NOTIFY.handle)[Symbol.asyncIterator]();
        const first = notified.next();
        await bluetooth.writeCharacteristic(numberOf(1), WRITE.handle, READ_BASIC, { response: true });
        const { value } = await first;
        expect(value?.data.subarray(0, 2).toString('hex')).toBe('dd03');
        break;
      }
    } finally {
      client.disconnect();
      await sim.stop();
    }
  },
  LIMIT_MS,
);
