import type { Advert } from '../bms/driver.ts';
import { GatewayError } from '../model/errors.ts';
import type { BleStack } from './orders.ts';
import { type GattProperty, shortUuid } from './port.ts';
import { signalOf } from './signal.ts';

// The part of the noble family that both packages share, as their sources have it (@stoprocent/noble 2.8.0 and
// @abandonware/noble 1.9.2-26, lib/noble.js, lib/peripheral.js, lib/characteristic.js). Callbacks, for an event that never
// comes is then simply never called, and every wait has a limit of ours.

type Done = (error?: unknown) => void;

export interface NobleCharacteristic {
  readonly uuid: string;
  readonly properties: readonly GattProperty[];
  on(event: 'data', hear: (bytes: Uint8Array) => void): unknown;
  removeListener(event: 'data', hear: (bytes: Uint8Array) => void): unknown;
  subscribe(done: Done): void;
  write(bytes: Buffer, withoutResponse: boolean, done: Done): void;
}

export interface NobleService {
  readonly uuid: string;
  readonly characteristics: readonly NobleCharacteristic[] | null;
  /** Comes just before the characteristics, with the same ones in the same order, and knows their handles. */
  once(
    event: 'characteristicsDiscovered',
    hear: (raw: readonly { readonly valueHandle: number }[]) => void,
  ): unknown;
}

export interface NoblePeripheral {
  readonly id: string;
  readonly address: string;
  readonly state: string;
  readonly rssi: number;
  readonly advertisement?: {
    readonly localName?: string;
    readonly serviceUuids?: readonly string[];
    readonly manufacturerData?: Uint8Array;
  };
  connect(options: object, done: Done): void;
  cancelConnect(): void;
  disconnect(done: Done): void;
  discoverAllServicesAndCharacteristics(
    done: (error: unknown, services?: readonly NobleService[]) => void,
  ): void;
  writeHandle(handle: number, bytes: Buffer, withoutResponse: boolean, done: Done): void;
  once(event: 'servicesDiscover', hear: (services?: readonly NobleService[]) => void): unknown;
  on(event: 'connect' | 'disconnect', hear: (reason?: unknown) => void): unknown;
  removeListener(event: 'disconnect', hear: (reason?: unknown) => void): unknown;
  removeListener(event: 'servicesDiscover', hear: (services?: readonly NobleService[]) => void): unknown;
}

export interface Noble {
  on(event: 'stateChange', hear: (state: string) => void): unknown;
  on(event: 'discover', hear: (peripheral: NoblePeripheral) => void): unknown;
  startScanning(services: readonly string[], allowDuplicates: boolean, done: Done): void;
  stopScanning(done: Done): void;
  /** Only in @stoprocent/noble. */
  stop?(): void;
}

/** `user` takes the adapter away from the kernel and from bluetoothd, and holds it alone. */
export type HciChannel = 'raw' | 'user';

/** `hci1` is 1. */
export function adapterNumber(adapter: string): number {
  const digits = /^hci(\d{1,2})$/.exec(adapter)?.[1];
  if (digits !== undefined) return Number(digits);
  throw new GatewayError('REFUSED', { message: `"${adapter}" is no adapter: name one as hci0, hci1, …` });
}

/** A fresh stack on this adapter, not started yet. Throws what the package throws. */
export async function loadNoble(stack: BleStack, deviceId: number, channel: HciChannel): Promise<Noble> {
  // For both packages this goes before NOBLE_HCI_DEVICE_ID, which would be one for all adapters of this process.
  const options = { deviceId, userChannel: channel === 'user' };
  if (stack === 'stoprocent') {
    const { default: noble } = await import('@stoprocent/noble');
    // The package's own type calls states and options by other names; the shape above is what its sources have.
    return (noble as unknown as { withBindings(kind: string, o: object): Noble }).withBindings(
      'hci',
      options,
    );
  }
  const factory = '@abandonware/noble/with-custom-binding.js';
  // This file of the package has no types.
  const { default: create } = (await import(factory)) as { default: (o: object) => Noble };
  return create(options);
}

export function advertOf({ address, advertisement, rssi }: NoblePeripheral): Advert {
  const { localName, serviceUuids = [], manufacturerData } = advertisement ?? {};
  return {
    address: address.toUpperCase(),
    services: serviceUuids.map(shortUuid),
    ...signalOf(rssi),
    ...(localName && { name: localName }),
    ...(manufacturerData &&
      manufacturerData.length >= 2 && { companyId: Buffer.from(manufacturerData).readUInt16LE(0) }),
  };
}

/** Makes the package forget a unit: its next advert makes a new object of it. */
export function dropPeripheral(noble: Noble, { id }: NoblePeripheral): void {
  // Neither package has a call for this; both keep their units here, one in a map, the other in an object.
  const { _peripherals: known } = noble as unknown as {
    _peripherals: Map<string, unknown> | Record<string, unknown>;
  };
  if (known instanceof Map) known.delete(id);
  else delete known[id];
}
