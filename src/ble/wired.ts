import type { Advert } from '../bms/driver.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import { keptOpen } from './kept-open.ts';
import { addressKey, type BleLink, type BlePort, type GattCharacteristic, step, WIRED_GATT } from './port.ts';
import { pause } from './timers.ts';
import { openLine, type WiredLine } from './wired-line.ts';

const ADVERT_EVERY_MS = 500;
const CLOSED = { why: 'we closed the line', remedy: 'it is opened at the next start' };

const WIRE: GattCharacteristic = {
  service: WIRED_GATT.service,
  uuid: WIRED_GATT.notify,
  properties: ['notify', 'writeWithoutResponse'],
};

export interface WiredOptions {
  readonly path: string;
  readonly baud: number;
  /** The units on this line, each under the address by which its session knows it. */
  readonly units: readonly { readonly address: string; readonly name?: string }[];
  readonly timers: Timers;
}

/** All bytes of the line to every link; whose turn it is to ask is for the sessions to know. */
function wiredLink(line: WiredLine, address: string): BleLink {
  let lost: string | undefined;
  let tell = (_why: string) => {};
  let deaf = () => {};

  const lose = (why: string) => {
    if (lost !== undefined) return;
    lost = why;
    deaf();
    line.gone.removeEventListener('abort', onGone);
    tell(why);
  };
  const onGone = () => lose(sentence(line.gone.reason));
  line.gone.addEventListener('abort', onGone);

  const whileOpen = <T>(run: () => T): T => {
    if (lost !== undefined) throw new Error(lost);
    return run();
  };

  return {
    address,
    discover: () => step(address, 'discover', async () => whileOpen(() => [WIRE])),
    subscribe: (_to, hear) =>
      step(address, 'subscribe', async () =>
        whileOpen(() => {
          deaf();
          deaf = line.hear(hear);
        }),
      ),
    write: (_to, bytes) => step(address, 'write', async () => whileOpen(() => line.write(bytes))),
    onLost: (hear) => {
      tell = hear;
      if (lost !== undefined) hear(lost);
    },
    disconnect: async () => lose('we closed the link'),
  };
}

/** A wired UART or RS485 adapter for batteries that are not read over the air: the same frames, no radio. */
export function wiredPort({ path, baud, units, timers }: WiredOptions): BlePort {
  const links = new Map<string, BleLink>();
  let scanning = new AbortController();

  const lines = keptOpen<WiredLine>({
    timers,
    open: async () => {
      const line = await openLine(path, baud, timers);
      return { held: line, gone: line.gone };
    },
    end: (line) => line.close(new GatewayError('PORT_UNAVAILABLE', { port: path, ...CLOSED })),
    lost: () => links.clear(),
  });

  const advertise = async (hear: (advert: Advert) => void, signal: AbortSignal) => {
    while (!signal.aborted) {
      if (lines.isOpen()) for (const unit of units) hear({ services: [], ...unit });
      await pause(timers, ADVERT_EVERY_MS, signal);
    }
  };

  const connect = async (address: string, signal: AbortSignal) => {
    signal.throwIfAborted();
    const key = addressKey(address);
    if (!units.some((unit) => addressKey(unit.address) === key)) throw new Error(`no unit of ${path} has it`);
    const line = lines.held();
    await links.get(key)?.disconnect();
    const link = wiredLink(line, address);
    links.set(key, link);
    return link;
  };

  return {
    open: lines.open,
    onAdapter: lines.onAdapter,
    scan: async (hear) => {
      scanning.abort();
      scanning = new AbortController();
      void advertise(hear, scanning.signal);
    },
    stopScan: async () => scanning.abort(),
    connect: (address, { signal }) => step(address, 'connect', () => connect(address, signal)),
    close: () => {
      scanning.abort();
      return lines.close();
    },
  };
}
