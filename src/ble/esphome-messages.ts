import { type Fields, readMessage, type ValuesOf, writeMessage } from './esphome-fields.ts';

/**
 * The part of ESPHome's native API that a Bluetooth proxy speaks: message numbers and fields as facts from
 * esphome/esphome:esphome/components/api/api.proto. A number that is not here is passed over.
 */
const address = { at: 1, as: 'uint64' } as const;
const handle = { at: 2, as: 'uint32' } as const;
const none = {} as const;

/** Proxies of API 1.12 and newer send `shortUuid` in place of the two halves where there is a short form. */
const descriptor = {
  uuid: { at: 1, rowOf: 'uint64' },
  handle,
  shortUuid: { at: 3, as: 'uint32' },
} as const satisfies Fields;
const characteristic = {
  uuid: { at: 1, rowOf: 'uint64' },
  handle,
  properties: { at: 3, as: 'uint32' },
  descriptors: { at: 4, rowOf: descriptor },
  shortUuid: { at: 5, as: 'uint32' },
} as const satisfies Fields;
const service = {
  uuid: { at: 1, rowOf: 'uint64' },
  characteristics: { at: 3, rowOf: characteristic },
  shortUuid: { at: 4, as: 'uint32' },
} as const satisfies Fields;
const rawAdvert = {
  address,
  rssi: { at: 2, as: 'sint32' },
  addressType: { at: 3, as: 'uint32' },
  data: { at: 4, as: 'bytes' },
} as const satisfies Fields;

export type ProxyService = ValuesOf<typeof service>;
export type ProxyCharacteristic = ValuesOf<typeof characteristic>;
export type RawAdvert = ValuesOf<typeof rawAdvert>;

const table = {
  hello: {
    id: 1,
    fields: {
      client: { at: 1, as: 'string' },
      major: { at: 2, as: 'uint32' },
      minor: { at: 3, as: 'uint32' },
    },
  },
  helloAnswer: {
    id: 2,
    fields: { major: { at: 1, as: 'uint32' }, minor: { at: 2, as: 'uint32' } },
  },
  login: { id: 3, fields: none },
  loginAnswer: { id: 4, fields: { isRefused: { at: 1, as: 'bool' } } },
  goodbye: { id: 5, fields: none },
  goodbyeAnswer: { id: 6, fields: none },
  ping: { id: 7, fields: none },
  pingAnswer: { id: 8, fields: none },
  deviceInfo: { id: 9, fields: none },
  deviceInfoAnswer: { id: 10, fields: { features: { at: 15, as: 'uint32' } } },
  subscribeAdverts: { id: 66, fields: { flags: { at: 1, as: 'uint32' } } },
  device: {
    id: 68,
    fields: {
      address,
      request: { at: 2, as: 'uint32' },
      hasAddressType: { at: 3, as: 'bool' },
      addressType: { at: 4, as: 'uint32' },
    },
  },
  deviceState: {
    id: 69,
    fields: { address, isConnected: { at: 2, as: 'bool' }, error: { at: 4, as: 'int32' } },
  },
  services: { id: 70, fields: { address } },
  servicesPart: { id: 71, fields: { address, services: { at: 2, rowOf: service } } },
  servicesDone: { id: 72, fields: { address } },
  write: {
    id: 75,
    fields: { address, handle, isWithResponse: { at: 3, as: 'bool' }, data: { at: 4, as: 'bytes' } },
  },
  writeDescriptor: { id: 77, fields: { address, handle, data: { at: 3, as: 'bytes' } } },
  notify: { id: 78, fields: { address, handle, isOn: { at: 3, as: 'bool' } } },
  notified: { id: 79, fields: { address, handle, data: { at: 3, as: 'bytes' } } },
  subscribeFree: { id: 80, fields: none },
  free: { id: 81, fields: { free: { at: 1, as: 'uint32' }, limit: { at: 2, as: 'uint32' } } },
  gattError: { id: 82, fields: { address, handle, error: { at: 3, as: 'int32' } } },
  written: { id: 83, fields: { address, handle } },
  notifyAnswer: { id: 84, fields: { address, handle } },
  rawAdverts: { id: 93, fields: { adverts: { at: 1, rowOf: rawAdvert } } },
  scannerState: { id: 126, fields: none },
} as const satisfies Record<string, { id: number; fields: Fields }>;

type Table = typeof table;
export type MessageName = keyof Table;
export type MessageValues<N extends MessageName> = ValuesOf<Table[N]['fields']>;

/** One message as it came, with `name` telling what else is in it. */
export type Message = { [N in MessageName]: { readonly name: N } & MessageValues<N> }[MessageName];

// Object.keys forgets that these are the table's own names.
const names = new Map((Object.keys(table) as MessageName[]).map((name) => [table[name].id as number, name]));

/** Undefined for a message that no proxy work needs. Throws when the bytes are not what the number says. */
export function messageOf(id: number, body: Uint8Array): Message | undefined {
  const name = names.get(id);
  // The name and the fields come from one line of the table.
  return name && ({ name, ...readMessage<Fields>(table[name].fields, body) } as unknown as Message);
}

export const idOf = (name: MessageName): number => table[name].id;

export function bodyOf<N extends MessageName>(name: N, values: Partial<MessageValues<N>>): Uint8Array {
  // The values are typed by the same line of the table.
  return writeMessage<Fields>(table[name].fields, values as Partial<ValuesOf<Fields>>);
}

/** What `deviceInfoAnswer.features` says that a proxy can do (esphome: bluetooth_proxy.h). */
export const FEATURE = { connections: 2, ownCache: 4, rawAdverts: 32, scannerState: 64 } as const;
/** `device.request`: the firmware looks for the services itself at each connect. */
export const REQUEST = { disconnect: 1, connect: 5 } as const;
/** `subscribeAdverts.flags`: as they came from the air. Older firmware sends another message without it. */
export const RAW = 1;
