import type { Advert } from '../bms/driver.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import { called, nobleLink } from './noble-link.ts';
import {
  adapterNumber,
  advertOf,
  dropPeripheral,
  type HciChannel,
  loadNoble,
  type Noble,
  type NoblePeripheral,
} from './noble-stack.ts';
import { notLoaded, notReady } from './noble-trouble.ts';
import type { BleStack } from './orders.ts';
import { type AdapterReport, addressKey, type BlePort, type ConnectOptions, step } from './port.ts';
import { cyclePower } from './power-cycle.ts';
import { unless, within } from './timers.ts';
import { forgetModes, type WriteModes } from './write-modes.ts';

/** How long an adapter may take to say that it is on; the stacks look once a second. */
const READY_MS = 4_000;
/** What only the own adapter has to answer. */
const LOCAL_MS = 5_000;
const MAX_LOCAL_FAILURES = 3;
const ONLY_STOPROCENT = 'the HCI user channel needs `bluetooth: { stack: stoprocent }`';

/**
 * Connection parameters (Core Specification, vol 4 part E, 7.8.12): interval 30 to 50 ms, so that many links share one radio;
 * supervision time-out 4 s, half the age at which a link is dead (the stacks' own 0.42 s drops units at the edge of reach).
 */
const LINK = { minInterval: 24, maxInterval: 40, latency: 0, timeout: 400 } as const;

export interface NobleOptions {
  readonly adapter: string;
  readonly stack: BleStack;
  readonly timers: Timers;
  /** `user`: an adapter of its own, that is down when it is opened. Only with @stoprocent/noble. */
  readonly channel?: HciChannel;
}

/** The real radio: raw HCI through one of the two packages of the noble family. Loaded at `open`, not before. */
export function noblePort({ adapter, stack, timers, channel = 'raw' }: NobleOptions): BlePort {
  const heard = new Map<string, NoblePeripheral>();
  /** Links somebody waits for or holds; any other that comes up is closed, or its battery would be unreachable. */
  const wanted = new Set<string>();
  const modes: WriteModes = new Map();
  let noble: Noble | undefined;
  let failures = 0;
  let onAdvert = (_advert: Advert) => {};
  let onAdapter = (_report: AdapterReport) => {};

  const started = (): Noble => {
    if (!noble) throw new Error('the adapter is not open');
    return noble;
  };

  const meet = (peripheral: NoblePeripheral) => {
    const key = addressKey(peripheral.address);
    if (heard.get(key) !== peripheral) {
      heard.set(key, peripheral);
      peripheral.on('connect', (error) => {
        if (!error && !wanted.has(key)) peripheral.disconnect(() => {});
      });
      peripheral.on('disconnect', () => wanted.delete(key));
    }
    onAdvert(advertOf(peripheral));
  };

  const onState = (state: string) => {
    if (state === 'poweredOn') return onAdapter({ state: 'ready' });
    heard.clear();
    onAdapter({ state: 'off', why: notReady(adapter, state, channel).message });
  };

  /** Resolves when the adapter is on. "Off" may be the first word of one that is just coming up. */
  const ready = (fresh: Noble) =>
    new Promise<void>((resolve, reject) => {
      let last = 'unknown';
      const cancel = timers.after(READY_MS, () => reject(notReady(adapter, last, channel)));
      fresh.on('stateChange', (state) => {
        last = state;
        if (state !== 'poweredOn' && state !== 'unauthorized' && state !== 'unsupported') return;
        cancel();
        if (state === 'poweredOn') resolve();
        else reject(notReady(adapter, state, channel));
      });
    });

  const open = async () => {
    const id = adapterNumber(adapter);
    if (channel === 'user' && stack !== 'stoprocent')
      throw new GatewayError('REFUSED', { message: `${adapter}: ${ONLY_STOPROCENT}` });
    const fresh = await loadNoble(stack, id, channel).catch((error) => {
      throw notLoaded(adapter, stack, error);
    });
    try {
      await ready(fresh);
    } catch (error) {
      fresh.stop?.();
      throw error;
    }
    fresh.on('stateChange', (state) => {
      if (noble === fresh) onState(state);
    });
    fresh.on('discover', meet);
    noble = fresh;
    onAdapter({ state: 'ready' });
  };

  /** What the adapter alone must answer: one that fails three times in a row is as good as off. */
  const local = async (name: string, call: (done: (error?: unknown) => void) => void) => {
    try {
      await step(adapter, name, () => within(timers, LOCAL_MS, called(call)));
      failures = 0;
    } catch (error) {
      if (++failures === MAX_LOCAL_FAILURES) onAdapter({ state: 'off', why: sentence(error) });
      throw error;
    }
  };

  /** One attempt of the stack; a late answer to an attempt that was given up finds nobody waiting. */
  const attempt = async (peripheral: NoblePeripheral, { timeoutMs, signal }: ConnectOptions) => {
    signal.throwIfAborted();
    if (peripheral.state === 'connected') await nobleLink(peripheral, modes, timers).disconnect();
    const linked = called((done) => peripheral.connect(LINK, done));
    try {
      await unless(signal, within(timers, timeoutMs, linked));
    } catch (error) {
      if (peripheral.state === 'connecting') peripheral.cancelConnect();
      throw error;
    }
  };

  const connect = (address: string, options: ConnectOptions) =>
    step(address, 'connect', async () => {
      const key = addressKey(address);
      const peripheral = heard.get(key);
      if (!peripheral) throw new Error('it was not heard on the air yet');
      wanted.add(key);
      try {
        await attempt(peripheral, options);
      } catch (error) {
        wanted.delete(key);
        throw error;
      }
      return nobleLink(peripheral, modes, timers);
    });

  const forget = async (address: string) => {
    forgetModes(modes, address);
    const peripheral = heard.get(addressKey(address));
    if (!peripheral) return;
    if (peripheral.state === 'connecting') peripheral.cancelConnect();
    if (peripheral.state === 'connected') await nobleLink(peripheral, modes, timers).disconnect();
    heard.delete(addressKey(address));
    if (noble) dropPeripheral(noble, peripheral);
  };

  /**
   * The stack may miss it; a new process finds the adapter in any case. Not a new stack in this one: the native part of
   * @stoprocent closes its file twice, at the end of its thread and when it is collected, which may then be another's.
   */
  const powerCycle = () => step(adapter, 'power cycle', () => cyclePower(adapter, timers));

  return {
    open,
    connect,
    scan: (hear) => {
      onAdvert = hear;
      return local('scan', (done) => started().startScanning([], true, (error) => done(error)));
    },
    stopScan: () => {
      onAdvert = () => {};
      return local('end of scan', (done) => started().stopScanning(() => done()));
    },
    onAdapter: (hear) => {
      onAdapter = hear;
    },
    forget,
    // On the user channel a new process is the power cycle: the kernel switches the adapter off when it is let go.
    ...(channel === 'raw' && { powerCycle }),
    close: async () => noble?.stop?.(),
  };
}
