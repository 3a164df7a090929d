// One adapter as BlueZ shows it: whether it can be used, why not, and all that BlueZ knows around it.
import { GatewayError, sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import { type Arguments, type BluezBus, type BusMessage, connectBus, isRefusal } from './bluez-bus.ts';
import { type BluezObjects, bluezObjects } from './bluez-objects.ts';
import { ADAPTER } from './bluez-words.ts';
import type { AdapterReport } from './port.ts';

export interface BluezAdapter {
  /** Of the adapter on the bus. */
  readonly path: string;
  readonly objects: BluezObjects;
  /** Rejects with one sentence that says what is missing. */
  readonly open: () => Promise<void>;
  readonly call: BluezBus['call'];
  /** Asks for the properties of one object instead of waiting for their change. */
  readonly refresh: (path: string, iface: string) => Promise<void>;
  readonly close: () => void;
}

export interface BluezAdapterOptions {
  readonly adapter: string;
  readonly busAddress: string;
  readonly timers: Timers;
  readonly asked: (call: BusMessage) => Arguments | undefined;
  readonly onAdapter: (report: AdapterReport) => void;
}

type Cause = { readonly why: string; readonly remedy: string };

const noDaemon: Cause = {
  why: 'bluetoothd does not run',
  remedy: 'start it with `systemctl enable --now bluetooth`',
};
const noBus: Cause = {
  why: 'the D-Bus system bus is not there',
  remedy: 'install the packages dbus and bluez and start them with `systemctl enable --now dbus bluetooth`',
};
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const ACCESS_DENIED = 'org.freedesktop.DBus.Error.AccessDenied';
const noAccess = { remedy: 'add it to the group bluetooth with `usermod -aG bluetooth USER`' };
const isOff: Cause = {
  why: 'the adapter is off',
  remedy: 'switch it on with `rfkill unblock bluetooth` and `bluetoothctl power on`',
};

export function bluezAdapter(o: BluezAdapterOptions): BluezAdapter {
  const path = `/org/bluez/${o.adapter}`;
  const objects = bluezObjects();
  let bus: BluezBus | undefined;
  /** Signals that come while the list is being fetched: the list may be older than they are. */
  let early: BusMessage[] | undefined;
  /** What keeps BlueZ itself away. */
  let lacks: Cause | undefined;
  let said: string | undefined;

  const unavailable = (cause: Cause) => new GatewayError('PORT_UNAVAILABLE', { port: o.adapter, ...cause });

  const missing = (): Cause => {
    const others = objects.below('/org/bluez', ADAPTER).map(([at]) => at.slice('/org/bluez/'.length));
    const remedy = others.length
      ? `use ${others.join(' or ')} (bluetooth.adapter), or plug it in`
      : 'plug one in';
    return { why: 'there is no such adapter', remedy };
  };

  const trouble = (): Cause | undefined => {
    const known = objects.get(path, ADAPTER);
    if (lacks) return lacks;
    if (!known) return missing();
    return known.Powered === true ? undefined : isOff;
  };

  /** Each change of state once, and only of an adapter that was open. */
  const tell = () => {
    const cause = trouble();
    const text = cause ? unavailable(cause).message : 'ready';
    if (said === undefined || said === text) return;
    said = text;
    o.onAdapter(cause ? { state: cause === isOff ? 'off' : 'missing', why: text } : { state: 'ready' });
  };

  const call: BluezBus['call'] = async (...args) => {
    if (!bus) throw new Error('the adapter is not open');
    return bus.call(...args);
  };

  const refresh = async (at: string, iface: string) => {
    const args = { signature: 's', body: [iface] };
    const [all] = await call(at, PROPERTIES, 'GetAll', args);
    objects.hear({ path: at, iface: PROPERTIES, member: 'PropertiesChanged', body: [iface, all, []] });
  };

  const fetch = async () => {
    early = [];
    try {
      const [managed] = await call('/', 'org.freedesktop.DBus.ObjectManager', 'GetManagedObjects');
      lacks = undefined;
      objects.fill(managed);
      for (const signal of early) objects.hear(signal);
    } finally {
      early = undefined;
    }
  };

  const gone = (cause: Cause) => {
    lacks = cause;
    objects.clear(cause.why);
    tell();
  };

  const hands = {
    heard: (signal: BusMessage) => {
      if (early) early.push(signal);
      else objects.hear(signal);
    },
    owner: (isThere: boolean) => {
      gone(noDaemon);
      // While it is being opened the list is on its way. One that cannot be had comes with the next owner.
      if (isThere && said !== undefined) fetch().then(tell, () => undefined);
    },
    asked: o.asked,
    ended: () => gone(noBus),
  };

  objects.watch(({ path: at, iface }) => {
    if (at === path && iface === ADAPTER && !early) tell();
  });

  const close = () => {
    said = undefined;
    bus?.close();
    bus = undefined;
    objects.clear('the radio was closed');
  };

  const open = async () => {
    close();
    bus = await connectBus(o.busAddress, hands, o.timers).catch((error) => {
      throw unavailable({ ...noBus, why: `${noBus.why} (${sentence(error)})` });
    });
    try {
      await fetch().catch((error) => {
        throw unavailable({
          ...(isRefusal(error, ACCESS_DENIED) ? noAccess : noDaemon),
          why: sentence(error),
        });
      });
      const cause = trouble();
      if (cause) throw unavailable(cause);
    } catch (error) {
      close();
      throw error;
    }
    said = 'ready';
    o.onAdapter({ state: 'ready' });
  };

  return { path, objects, open, call, refresh, close };
}
