import type { Advert } from '../bms/driver.ts';
import { sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import { bluezAdapter } from './bluez-adapter.ts';
import { SYSTEM_BUS, variant } from './bluez-bus.ts';
import { bluezLink } from './bluez-link.ts';
import { agentAnswer, type PasskeyOf } from './bluez-pairing.ts';
import { bluezScan } from './bluez-scan.ts';
import { ADAPTER, advertOf, DEVICE, isHeard } from './bluez-words.ts';
import { type AdapterReport, type BlePort, type ConnectOptions, sameAddress, step } from './port.ts';
import { unless, within } from './timers.ts';
import { forgetModes, type WriteModes } from './write-modes.ts';

const MAX_LOCAL_FAILURES = 3;
/** How long BlueZ may take to break an attempt off, or to finish a link that is ending. */
const CANCEL_MS = 2_500;
const CONFIRM_MS = 2_000;
const POWER_MS = 5_000;

export interface BluezOptions {
  readonly adapter: string;
  readonly timers: Timers;
  /** What is printed on the battery, for units that want to be paired with. */
  readonly passkeyOf?: PasskeyOf;
  /** A D-Bus address; the system bus where none is given. */
  readonly busAddress?: string;
}

/** The radio that bluetoothd holds: it needs no privilege, and other programs may use the adapter too. */
export function bluezPort({ adapter: name, timers, passkeyOf, busAddress }: BluezOptions): BlePort {
  const modes: WriteModes = new Map();
  /** Links that are ending: BlueZ takes its two seconds for it. */
  const closing = new Set<string>();
  let failures = 0;
  let onAdvert: ((advert: Advert) => void) | undefined;
  let onAdapter = (_report: AdapterReport) => {};

  const adapter = bluezAdapter({
    adapter: name,
    busAddress: busAddress ?? SYSTEM_BUS,
    timers,
    asked: (call) => agentAnswer(call, passkeyOf ?? (() => undefined)),
    onAdapter: (report) => onAdapter(report),
  });
  const { objects, path: adapterPath } = adapter;
  const scan = bluezScan(adapter, timers);

  const device = (path: string) => objects.get(path, DEVICE);
  const isConnected = (path: string) => device(path)?.Connected === true;
  const pathOf = (address: string): string | undefined =>
    objects
      .below(adapterPath, DEVICE)
      .find(([, { Address }]) => typeof Address === 'string' && sameAddress(Address, address))?.[0];

  const meet = (path: string) => {
    const advert = advertOf(device(path) ?? {});
    if (advert && path.startsWith(`${adapterPath}/`)) onAdvert?.(advert);
  };

  objects.watch(({ path, iface, changed, gone }) => {
    if (iface !== DEVICE) return;
    if (gone || changed.Connected === false) closing.delete(path);
    if (isHeard(changed)) meet(path);
  });

  /** What the adapter alone must answer: one that fails three times in a row is as good as off. */
  const local = async (what: string, run: () => Promise<unknown>) => {
    try {
      await step(name, what, run);
      failures = 0;
    } catch (error) {
      if (++failures === MAX_LOCAL_FAILURES) onAdapter({ state: 'off', why: sentence(error) });
      throw error;
    }
  };

  const startScan = async () => {
    await scan.start();
    // What is connected does not advertise. It may be ours, from a process of ours that was killed.
    for (const [path] of objects.below(adapterPath, DEVICE))
      if (isConnected(path) && !closing.has(path)) meet(path);
  };

  const until = async (holds: () => boolean, limitMs: number, signal?: AbortSignal) => {
    const giveUp = new AbortController();
    const either = signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal;
    try {
      await within(timers, limitMs, objects.when(holds, either));
    } finally {
      giveUp.abort();
    }
  };

  /** BlueZ would go on trying by itself, and could connect to nobody else meanwhile. */
  const giveUp = async (path: string, trying: Promise<unknown>) => {
    const disconnect = () => adapter.call(path, DEVICE, 'Disconnect', undefined, CANCEL_MS);
    const settled = trying.then(disconnect, () => undefined).catch(() => undefined);
    await disconnect().catch(() => undefined);
    await within(timers, CANCEL_MS, settled).catch(() => undefined);
  };

  const attempt = async (path: string, { timeoutMs, signal }: ConnectOptions) => {
    signal.throwIfAborted();
    const trying = adapter.call(path, DEVICE, 'Connect', undefined, timeoutMs + CANCEL_MS);
    const isRefused = trying.then(
      () => false,
      () => true,
    );
    try {
      await unless(signal, within(timers, timeoutMs, trying));
      // The socket may be there before the kernel has told bluetoothd of the link.
      if (!isConnected(path)) await adapter.refresh(path, DEVICE);
      await until(() => isConnected(path), CONFIRM_MS, signal);
    } catch (error) {
      if (!(await Promise.race([isRefused, false]))) await giveUp(path, trying);
      throw error;
    }
  };

  const connect = (address: string, options: ConnectOptions) =>
    step(address, 'connect', async () => {
      const path = pathOf(address);
      if (!path) throw new Error('it was not heard on the air yet');
      if (closing.has(path)) await until(() => !closing.has(path), CANCEL_MS, options.signal);
      if (!isConnected(path)) await attempt(path, options);
      const hasPasskey = passkeyOf?.(address) !== undefined;
      const link = bluezLink({ adapter, path, address, modes, timers, hasPasskey });
      const disconnect = () => {
        if (isConnected(path)) closing.add(path);
        return link.disconnect();
      };
      return { ...link, disconnect };
    });

  const power = (isOn: boolean) => {
    const args = { signature: 'ssv', body: [ADAPTER, 'Powered', variant('b', isOn)] };
    return adapter.call(adapterPath, 'org.freedesktop.DBus.Properties', 'Set', args, POWER_MS);
  };

  return {
    open: adapter.open,
    connect,
    scan: (hear) => {
      onAdvert = hear;
      return local('scan', startScan);
    },
    stopScan: () => {
      onAdvert = undefined;
      return local('end of scan', scan.stop);
    },
    onAdapter: (hear) => {
      onAdapter = hear;
    },
    /** Its keys too: a unit that is paired with is paired with anew. */
    forget: (address) =>
      step(address, 'forget', async () => {
        forgetModes(modes, address);
        const path = pathOf(address);
        const args = { signature: 'o', body: [path] };
        if (path) await adapter.call(adapterPath, ADAPTER, 'RemoveDevice', args);
      }),
    powerCycle: () =>
      step(name, 'power cycle', async () => {
        await power(false);
        await until(() => objects.get(adapterPath, ADAPTER)?.Powered !== true, POWER_MS);
        await power(true);
      }),
    close: async () => {
      closing.clear();
      scan.drop();
      adapter.close();
    },
  };
}
