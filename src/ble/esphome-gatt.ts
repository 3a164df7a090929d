import type { ProxyCharacteristic, ProxyService } from './esphome-messages.ts';
import { type GattCharacteristic, type GattProperty, shortUuid } from './port.ts';

/** Bits of a characteristic's properties (Core Specification, vol 3 part G, 3.3.1.1). */
const bits: { readonly [P in GattProperty]: number } = {
  read: 0x02,
  writeWithoutResponse: 0x04,
  write: 0x08,
  notify: 0x10,
  indicate: 0x20,
};
// Object.keys forgets that these are the table's own names.
const properties = Object.keys(bits) as GattProperty[];

/** The descriptor that turns notifications on, and what to write into it (Core Specification, vol 3 part G, 3.3.3.3). */
const SWITCH = '2902';
export const ON = { notify: Uint8Array.of(1, 0), indicate: Uint8Array.of(2, 0) } as const;

interface ProxyUuid {
  readonly uuid: readonly bigint[];
  readonly shortUuid: number;
}

/** Two halves of 64 bits, the upper one first, or a short form of 16 or 32 bits. */
function uuidOf({ uuid, shortUuid: short }: ProxyUuid): string {
  if (uuid.length > 0) return shortUuid(uuid.map((half) => half.toString(16).padStart(16, '0')).join(''));
  const digits = short.toString(16).padStart(8, '0');
  return shortUuid(`${digits}00001000800000805f9b34fb`);
}

/** A characteristic and the handle of its switch, where it has one. */
export interface ProxyGatt {
  readonly characteristic: GattCharacteristic & { readonly handle: number };
  readonly switchHandle: number | undefined;
}

const describe = (service: string, c: ProxyCharacteristic): ProxyGatt => ({
  characteristic: {
    service,
    uuid: uuidOf(c),
    handle: c.handle,
    properties: properties.filter((property) => c.properties & bits[property]),
  },
  switchHandle: c.descriptors.find((descriptor) => uuidOf(descriptor) === SWITCH)?.handle,
});

export const gattOf = (services: readonly ProxyService[]): ProxyGatt[] =>
  services.flatMap((service) => service.characteristics.map((c) => describe(uuidOf(service), c)));

/** Why there is no link: HCI (Core Specification, vol 1 part F), and GATT as ESP-IDF numbers it. */
const endings: { readonly [reason: number]: string } = {
  0: 'the link was closed',
  8: 'out of reach (supervision time-out)',
  19: 'the battery closed the link',
  22: 'the proxy closed the link',
  62: 'the link could not be established',
  133: 'the link could not be established',
  256: 'the attempt was cancelled',
};

/** What a unit refused (Core Specification, vol 3 part F, 3.4.1.1), and −1 as the proxy says it. */
const refusals: { readonly [error: number]: string } = {
  [-1]: 'the proxy has no link to it any more',
  2: 'reading is not permitted',
  3: 'writing is not permitted',
  5: 'it wants to be paired',
  6: 'it does not support that',
  13: 'it does not take that many bytes',
  15: 'it wants an encrypted link',
};

export const endingOf = (reason: number): string =>
  endings[reason] ?? `the link was lost (the proxy gives reason ${reason})`;

export const refusalOf = (error: number): string => refusals[error] ?? `it refused (error ${error})`;
