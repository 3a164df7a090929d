import { expect, test } from 'vitest';
import { advertOf as advertOfProxy } from '../../src/ble/esphome-advert.ts';
import { advertOf as advertOfNoble } from '../../src/ble/noble-stack.ts';

const data = Buffer.alloc(0);
/** As the packages give it; of a unit only these are read. */
const noble = (rssi: number) =>
  advertOfNoble({ address: 'a4:c1:38:00:00:01', rssi } as Parameters<typeof advertOfNoble>[0]);
const proxy = (rssi: number) =>
  advertOfProxy({ address: 1n, rssi, data, addressType: 0 } as Parameters<typeof advertOfProxy>[0]);

test.each([
  ['an adapter', noble],
  ['a proxy', proxy],
])('a signal strength that %s does not know (127) is absent, and not the best there is', (_, advert) => {
  expect(advert(127)).not.toHaveProperty('rssiDbm');
  expect([advert(-71).rssiDbm, advert(-127).rssiDbm, advert(4).rssiDbm]).toEqual([-71, -127, 4]);
});
