// BlueZ's words and ours. Its interfaces, properties and errors: doc/adapter-api.txt, device-api.txt, gatt-api.txt of BlueZ 5.66.
import type { Advert } from '../bms/driver.ts';
import { type GattProperty, shortUuid } from './port.ts';

export const ADAPTER = 'org.bluez.Adapter1';
export const DEVICE = 'org.bluez.Device1';
export const SERVICE = 'org.bluez.GattService1';
export const CHARACTERISTIC = 'org.bluez.GattCharacteristic1';

export type Props = Readonly<Record<string, unknown>>;

// An object of the bus may be asked for any of its fields; each is checked before use.
export const props = (value: unknown): Props =>
  typeof value === 'object' && value !== null ? (value as Props) : {};

export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** Properties that change only because the unit was heard now. A unit that is connected does not advertise, yet it is there. */
export const isHeard = (changed: Props): boolean =>
  ['RSSI', 'ManufacturerData', 'ServiceData'].some((name) => changed[name] !== undefined) ||
  changed.Connected === true;

export function advertOf(device: Props): Advert | undefined {
  const { Address, Name, RSSI, UUIDs, ManufacturerData } = device;
  if (typeof Address !== 'string') return undefined;
  const [company] = Object.keys(props(ManufacturerData));
  return {
    address: Address.toUpperCase(),
    services: texts(UUIDs).map(shortUuid),
    ...(typeof RSSI === 'number' && { rssiDbm: RSSI }),
    ...(typeof Name === 'string' && Name !== '' && { name: Name }),
    ...(company !== undefined && { companyId: Number(company) }),
  };
}

const properties: { readonly [flag: string]: GattProperty } = {
  read: 'read',
  write: 'write',
  'write-without-response': 'writeWithoutResponse',
  notify: 'notify',
  indicate: 'indicate',
};

export const propertiesOf = (flags: unknown): readonly GattProperty[] =>
  texts(flags).flatMap((flag) => properties[flag] ?? []);

/** The path ends in the handle of the declaration; the value follows it (Core Specification, vol 3 part G, 3.3). */
export function valueHandle(path: string): number | undefined {
  const digits = /\/char([0-9a-f]{4})$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16) + 1;
}

const refusals: { readonly [name: string]: string } = {
  'org.bluez.Error.AuthenticationFailed': 'the passkey was refused; correct passkey_file of this battery',
  'org.bluez.Error.AuthenticationRejected':
    'the battery refused to be paired with; end its pairing with other devices',
  'org.bluez.Error.AuthenticationCanceled':
    'the battery broke the pairing off; correct passkey_file of this battery',
  'org.bluez.Error.AuthenticationTimeout':
    'the pairing came to no end in its time; bring the adapter nearer to the battery',
  'org.bluez.Error.ConnectionAttemptFailed': 'the battery did not answer',
  'org.bluez.Error.NotReady': 'the adapter is off',
  'org.freedesktop.DBus.Error.AccessDenied': 'this user may not use BlueZ',
  'org.freedesktop.DBus.Error.UnknownObject': 'BlueZ no longer knows it',
  'org.freedesktop.DBus.Error.ServiceUnknown': 'bluetoothd does not run',
  'org.freedesktop.DBus.Error.NameHasNoOwner': 'bluetoothd does not run',
  'org.freedesktop.DBus.Error.NoReply': 'bluetoothd ended before it answered',
};

/** Texts of BlueZ that nobody but its authors can read. */
const riddles: readonly (readonly [RegExp, string])[] = [
  [/^le-connection-abort-by-local|^Software caused connection abort/, 'the battery did not answer'],
  [/^Not paired/, 'the battery wants to be paired with; give its passkey_file'],
];

/** Why BlueZ refused a call, in words. */
export const bluezWhy = (name: string, text: string): string =>
  refusals[name] ?? riddles.find(([pattern]) => pattern.test(text))?.[1] ?? (text || name);
