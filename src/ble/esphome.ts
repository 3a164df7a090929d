import type { Advert } from '../bms/driver.ts';
import { addressText, advertOf, together } from './esphome-advert.ts';
import { attempt, release, type Target } from './esphome-connect.ts';
import { proxyLink } from './esphome-link.ts';
import type { RawAdvert } from './esphome-messages.ts';
import { type OpenProxy, openProxy } from './esphome-proxy.ts';
import { type Trouble, troubleOf } from './esphome-trouble.ts';
import type { WriteModes } from './esphome-unit.ts';
import type { Wire, WireOptions } from './esphome-wire.ts';
import { keptOpen } from './kept-open.ts';
import { addressKey, type BlePort, type ConnectOptions, step } from './port.ts';
import { unless } from './timers.ts';

/** Phones change their addresses all day: only so many units are remembered. */
const MOST_UNITS = 512;
const GOODBYE_MS = 1_000;

/** An ESP32 with ESPHome's Bluetooth proxy beside the battery, by its native API over the network. */
export type EsphomeOptions = WireOptions;

/** The proxy then frees all it has of ours at once. */
async function farewell(wire: Wire, trouble: Trouble): Promise<void> {
  const answered = wire.expect(GOODBYE_MS, ({ name }) => (name === 'goodbyeAnswer' ? true : undefined));
  wire.send('goodbye', {});
  await answered.catch(() => undefined);
  wire.close(trouble('we closed the connection', 'it is opened at the next start'));
}

interface Heard extends Target {
  readonly advert: Advert;
}

export function esphomePort(o: EsphomeOptions): BlePort {
  const trouble = troubleOf(o.host, o.port);
  const heard = new Map<string, Heard>();
  const modes: WriteModes = new Map();
  /** Attempts that were given up and links that are being closed: the unit is free when they are over. */
  const leaving = new Map<bigint, Promise<void>>();
  /** Units somebody waits for or holds a link to; any other link that comes up is closed, or it would stay for ever. */
  const wanted = new Set<bigint>();
  let onAdvert: ((advert: Advert) => void) | undefined;

  const meet = (raw: RawAdvert) => {
    const key = addressKey(addressText(raw.address));
    const advert = together(heard.get(key)?.advert, advertOf(raw));
    heard.delete(key);
    heard.set(key, { advert, number: raw.address, addressType: raw.addressType });
    const [oldest] = heard.keys();
    if (heard.size > MOST_UNITS && oldest !== undefined) heard.delete(oldest);
    onAdvert?.(advert);
  };

  const leave = (wire: Wire, number: bigint): Promise<void> => {
    const left = release(wire, number).finally(() => leaving.delete(number));
    leaving.set(number, left);
    return left;
  };

  const listenTo = (wire: Wire) =>
    wire.hear((m) => {
      if (m.name === 'rawAdverts' && onAdvert) m.adverts.forEach(meet);
      if (m.name !== 'deviceState') return;
      if (!m.isConnected) wanted.delete(m.address);
      else if (!wanted.has(m.address)) void leave(wire, m.address);
    });

  const proxies = keptOpen<OpenProxy>({
    timers: o.timers,
    open: async () => {
      const proxy = await openProxy(o, trouble);
      listenTo(proxy.wire);
      return { held: proxy, gone: proxy.wire.gone };
    },
    end: ({ wire }) => farewell(wire, trouble),
    lost: () => {
      heard.clear();
      wanted.clear();
    },
  });

  const connect = async (address: string, options: ConnectOptions) => {
    const proxy = proxies.held();
    const { wire } = proxy;
    const unit = heard.get(addressKey(address));
    if (!unit) throw new Error('it was not heard on the air yet');
    const { number } = unit;
    await unless(
      options.signal,
      wanted.has(number) ? leave(wire, number) : Promise.resolve(leaving.get(number)),
    );
    wanted.add(number);
    try {
      await attempt(proxy, unit, options);
      if (!wanted.has(number)) throw new Error('the link was lost as soon as it was made');
    } catch (error) {
      // Whatever the proxy has said no to is not wanted any more.
      if (wanted.delete(number)) void leave(wire, number);
      throw error;
    }
    return proxyLink({ wire, number, modes }, address);
  };

  return {
    open: proxies.open,
    onAdapter: proxies.onAdapter,
    scan: (hear) =>
      step(o.host, 'scan', async () => {
        proxies.held().listening(true);
        onAdvert = hear;
      }),
    stopScan: async () => {
      onAdvert = undefined;
      if (proxies.isOpen()) proxies.held().listening(false);
    },
    connect: (address, options) => step(address, 'connect', () => connect(address, options)),
    close: () => {
      onAdvert = undefined;
      return proxies.close();
    },
  };
}
