// A battery room as bluetoothd shows it: one adapter, a JBD unit, and a JK unit whose two characteristics share one UUID.
import { onTestFinished } from 'vitest';
import { bluezPort } from '../../src/ble/bluez.ts';
import type { PasskeyOf } from '../../src/ble/bluez-pairing.ts';
import {
  type AdapterReport,
  type BleLink,
  type BlePort,
  type Channel,
  chooseChannel,
} from '../../src/ble/port.ts';
import type { Gatt } from '../../src/bms/driver.ts';
import { crank } from './crank.ts';
import {
  ADAPTER,
  type Bus,
  b,
  CHARACTERISTIC,
  DEVICE,
  FakeBluez,
  hasBus,
  n,
  SERVICE,
  s,
  startBus,
  texts,
} from './fake-bluez.ts';

export const HCI0 = '/org/bluez/hci0';
export const JBD = 'A4:C1:38:00:00:01';
export const JK = 'C8:47:8C:00:00:02';
export const pathOf = (address: string) => `${HCI0}/dev_${address.replaceAll(':', '_')}`;
export const NOTIFY = `${pathOf(JBD)}/service000a/char000b`;
export const WRITE = `${pathOf(JBD)}/service000a/char000e`;

const full = (short: string) => `0000${short}-0000-1000-8000-00805f9b34fb`;

export function addAdapter(bluez: FakeBluez, { isPowered = true, name = 'hci0' } = {}): void {
  bluez.add(`/org/bluez/${name}`, { [ADAPTER]: { Powered: b(isPowered), Address: s('00:11:22:33:44:55') } });
}

export function addUnit(bluez: FakeBluez, address: string, service: string, name: string): void {
  bluez.add(pathOf(address), {
    [DEVICE]: {
      Address: s(address),
      Name: s(name),
      Alias: s(name),
      RSSI: n(-60),
      UUIDs: texts(full(service)),
      Connected: b(false),
      Paired: b(false),
      ServicesResolved: b(false),
    },
  });
}

function addCharacteristics(bluez: FakeBluez, address: string): void {
  const at = (path: string) => `${pathOf(address)}/${path}`;
  const [service, table] =
    address === JBD
      ? [
          'ff00',
          { char000b: ['ff01', 'read', 'notify'], char000e: ['ff02', 'write', 'write-without-response'] },
        ]
      : ['ffe0', { char0002: ['ffe1', 'write', 'write-without-response'], char0004: ['ffe1', 'notify'] }];
  bluez.add(at('service000a'), { [SERVICE]: { UUID: s(full(String(service))), Primary: b(true) } });
  for (const [path, [uuid = '', ...flags]] of Object.entries(table))
    bluez.add(at(`service000a/${path}`), {
      [CHARACTERISTIC]: { UUID: s(full(uuid)), Flags: texts(...flags) },
    });
}

/** bluetoothd as it is when all goes well. */
export function behave(bluez: FakeBluez): void {
  bluez.does.Connect = ({ path }) => {
    bluez.set(path, DEVICE, { Connected: b(true) });
    addCharacteristics(bluez, path.endsWith('01') ? JBD : JK);
    bluez.set(path, DEVICE, { ServicesResolved: b(true) });
  };
  bluez.does.Disconnect = ({ path }) =>
    bluez.set(path, DEVICE, { Connected: b(false), ServicesResolved: b(false) });
  bluez.does.RemoveDevice = ({ body }) => bluez.remove(String(body[0]));
}

export interface BluezRoom {
  readonly bus: Bus;
  readonly bluez: FakeBluez;
  readonly port: BlePort;
  readonly clock: ReturnType<typeof crank>;
  readonly reports: AdapterReport[];
  /** Another bluetoothd on the same bus, with the same adapter. */
  readonly restart: () => Promise<FakeBluez>;
  /** Connects with a limit of 20 s. */
  readonly connect: (address: string) => Promise<BleLink>;
}

async function daemon(bus: Bus): Promise<FakeBluez> {
  const bluez = await FakeBluez.start(bus.address);
  behave(bluez);
  addAdapter(bluez);
  return bluez;
}

/** Everything in it ends with the test. */
export async function bluezRoom({ passkeyOf }: { passkeyOf?: PasskeyOf } = {}): Promise<BluezRoom> {
  const bus = await startBus();
  onTestFinished(bus.stop);
  const bluez = await daemon(bus);
  onTestFinished(() => bluez.stop());
  const clock = crank();
  const port = bluezPort({
    adapter: 'hci0',
    timers: clock,
    busAddress: bus.address,
    ...(passkeyOf && { passkeyOf }),
  });
  onTestFinished(port.close);
  const reports: AdapterReport[] = [];
  port.onAdapter((report) => reports.push(report));
  return {
    bus,
    bluez,
    port,
    clock,
    reports,
    restart: async () => {
      const next = await daemon(bus);
      onTestFinished(() => next.stop());
      return next;
    },
    connect: (address) => port.connect(address, { timeoutMs: 20_000, signal: new AbortController().signal }),
  };
}

/** An open radio that has heard a JBD unit. */
export async function heard(options: { passkeyOf?: PasskeyOf } = {}): Promise<BluezRoom> {
  const room = await bluezRoom(options);
  addUnit(room.bluez, JBD, 'ff00', 'JBD-1');
  await room.port.open();
  return room;
}

const jbd = { service: 'ff00', notify: 'ff01', write: 'ff02' };

export async function channelOf(link: BleLink, gatt: Gatt = jbd): Promise<Channel> {
  const channel = chooseChannel(await link.discover(), [gatt]);
  if (!channel) throw new Error('no channel');
  return channel;
}

export const lostWhy = (link: BleLink): Promise<string> => new Promise((resolve) => link.onLost(resolve));

/** The name of a group of these tests, with what it lacks. */
export function titled(title: string): string {
  if (hasBus) return title;
  const skipped = `${title}: SKIPPED, dbus-daemon is missing (apt-get install dbus)`;
  console.warn(skipped);
  return skipped;
}
