import type { Advert, Gatt } from '../bms/driver.ts';
import type { Timers } from '../model/timers.ts';
import {
  type AdapterReport,
  addressKey,
  type BleLink,
  type BlePort,
  type ConnectOptions,
  type GattCharacteristic,
  step,
} from './port.ts';
import { pause, unless, within } from './timers.ts';

const ADVERT_EVERY_MS = 100;
const CONNECT_MS = 50;

/** A unit that lives in this process instead of on the air. */
export interface RadioUnit {
  readonly advert: Advert;
  readonly gatt: Gatt;
  /** A request was written; `say` notifies, now or later, for as long as the link lasts. */
  readonly asked: (request: Uint8Array, say: (notification: Uint8Array) => void) => void;
  /** We subscribed; a unit that talks by itself begins to, until it is told to stop because the link is lost. */
  readonly subscribed?: (say: (notification: Uint8Array) => void) => () => void;
}

/** The port to such units, and what can go wrong with them. */
export interface UnitPort extends BlePort {
  /** Out of reach: not heard, not connected, links lost. */
  readonly hide: (address: string) => void;
  readonly show: (address: string) => void;
  /** Loses the link of this unit. */
  readonly drop: (address: string) => void;
}

interface OpenLink extends BleLink {
  readonly lose: (why: string) => void;
}

const characteristicsOf = ({ service, notify, write }: Gatt): readonly GattCharacteristic[] =>
  notify === write
    ? [{ service, uuid: notify, properties: ['notify', 'writeWithoutResponse'] }]
    : [
        { service, uuid: notify, properties: ['read', 'notify'] },
        { service, uuid: write, properties: ['write', 'writeWithoutResponse'] },
      ];

function openLink(unit: RadioUnit): OpenLink {
  const { address } = unit.advert;
  let lost: string | undefined;
  let tell = (_why: string) => {};
  let hear = (_bytes: Uint8Array) => {};
  let hush = () => {};
  const say = (bytes: Uint8Array) => {
    if (!lost) hear(bytes);
  };
  const lose = (why: string) => {
    if (lost) return;
    lost = why;
    hush();
    tell(why);
  };
  const whileOpen = async (run: () => void) => {
    if (lost) throw new Error(lost);
    run();
  };
  return {
    address,
    lose,
    discover: async () => characteristicsOf(unit.gatt),
    subscribe: (_to, listener) =>
      step(address, 'subscribe', () =>
        whileOpen(() => {
          hear = listener;
          hush();
          hush = unit.subscribed?.(say) ?? hush;
        }),
      ),
    write: (_to, bytes) => step(address, 'write', () => whileOpen(() => unit.asked(bytes, say))),
    onLost: (listener) => {
      tell = listener;
      if (lost) listener(lost);
    },
    disconnect: async () => lose('we closed the link'),
  };
}

/** A radio without a radio: the units of this process, with adverts, links and faults. */
export function unitPort(units: readonly RadioUnit[], timers: Timers): UnitPort {
  const hidden = new Set<string>();
  const links = new Map<string, OpenLink>();
  let scanning = new AbortController();
  let onAdapter = (_report: AdapterReport) => {};
  const keyOf = (unit: RadioUnit) => addressKey(unit.advert.address);
  const inReach = (key: string) => units.find((unit) => keyOf(unit) === key && !hidden.has(key));

  const lose = (address: string, why: string) => {
    links.get(addressKey(address))?.lose(why);
    links.delete(addressKey(address));
  };

  const advertise = async (hear: (advert: Advert) => void, signal: AbortSignal) => {
    while (!signal.aborted) {
      for (const unit of units) if (inReach(keyOf(unit)) && !links.has(keyOf(unit))) hear(unit.advert);
      await pause(timers, ADVERT_EVERY_MS, signal);
    }
  };

  const answering = async (key: string, signal: AbortSignal): Promise<RadioUnit> => {
    for (;;) {
      await pause(timers, CONNECT_MS, signal);
      signal.throwIfAborted();
      const unit = inReach(key);
      if (unit) return unit;
    }
  };

  const attempt = async (address: string, { timeoutMs, signal }: ConnectOptions) => {
    const trying = new AbortController();
    const either = AbortSignal.any([trying.signal, signal]);
    try {
      const unit = await unless(signal, within(timers, timeoutMs, answering(addressKey(address), either)));
      const link = openLink(unit);
      links.set(keyOf(unit), link);
      const disconnect = async () => lose(address, 'we closed the link');
      return { ...link, disconnect };
    } finally {
      trying.abort();
    }
  };

  return {
    open: async () => onAdapter({ state: 'ready' }),
    connect: (address, options) => step(address, 'connect', () => attempt(address, options)),
    scan: async (hear) => {
      scanning = new AbortController();
      void advertise(hear, scanning.signal);
    },
    stopScan: async () => scanning.abort(),
    onAdapter: (hear) => {
      onAdapter = hear;
    },
    close: async () => {
      scanning.abort();
      for (const { advert } of units) lose(advert.address, 'closed');
    },
    hide: (address) => {
      hidden.add(addressKey(address));
      lose(address, 'out of reach (supervision time-out)');
    },
    show: (address) => hidden.delete(addressKey(address)),
    drop: (address) => lose(address, 'out of reach (supervision time-out)'),
  };
}
