import { sentence } from '../model/errors.ts';
import { release } from './esphome-connect.ts';
import { endingOf, type ProxyGatt } from './esphome-gatt.ts';
import { discover, type ProxyUnit, subscribe, write } from './esphome-unit.ts';
import { type BleLink, type GattCharacteristic, step } from './port.ts';

/** One open link of a proxy to one unit. */
export function proxyLink(unit: ProxyUnit, address: string): BleLink {
  const { wire, number } = unit;
  const found = new Map<number | undefined, ProxyGatt>();
  const listeners = new Map<number, (bytes: Uint8Array) => void>();
  const ended = Promise.withResolvers<void>();
  let lost: string | undefined;
  let tell = (_why: string) => {};

  const lose = (why: string) => {
    if (lost !== undefined) return;
    lost = why;
    deaf();
    wire.gone.removeEventListener('abort', onGone);
    listeners.clear();
    ended.resolve();
    tell(why);
  };
  const onGone = () => lose(sentence(wire.gone.reason));
  const deaf = wire.hear((m) => {
    if (m.name === 'notified' && m.address === number) listeners.get(m.handle)?.(m.data);
    if (m.name === 'deviceState' && m.address === number && !m.isConnected) lose(endingOf(m.error));
  });
  wire.gone.addEventListener('abort', onGone);
  if (wire.gone.aborted) onGone();

  const the = (c: GattCharacteristic): ProxyGatt => {
    if (lost !== undefined) throw new Error(lost);
    const known = found.get(c.handle);
    if (!known) throw new Error(`${c.service}/${c.uuid} was not discovered`);
    return known;
  };

  return {
    address,
    discover: () =>
      step(address, 'discover', async () => {
        // The firmware tells the services of a link once.
        if (found.size === 0)
          for (const gatt of await discover(unit)) found.set(gatt.characteristic.handle, gatt);
        return [...found.values()].map(({ characteristic }) => characteristic);
      }),
    subscribe: (c, hear) =>
      step(address, 'subscribe', async () => {
        const gatt = the(c);
        listeners.set(gatt.characteristic.handle, hear);
        await subscribe(unit, gatt);
      }),
    write: (c, bytes) => step(address, 'write', async () => write(unit, the(c), bytes)),
    onLost: (hear) => {
      tell = hear;
      if (lost !== undefined) hear(lost);
    },
    disconnect: async () => {
      if (lost !== undefined) return;
      await release(wire, number);
      lose('we closed the link');
    },
  };
}
