import { existsSync, readdirSync } from 'node:fs';
import { GatewayError, sentence } from '../model/errors.ts';
import type { BleStack } from './orders.ts';
import type { GattProperty } from './port.ts';

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
}

export interface NoblePeripheral {
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
  on(event: 'connect' | 'disconnect', hear: (reason?: unknown) => void): unknown;
  removeListener(event: 'disconnect', hear: (reason?: unknown) => void): unknown;
}

export interface Noble {
  on(event: 'stateChange', hear: (state: string) => void): unknown;
  on(event: 'discover', hear: (peripheral: NoblePeripheral) => void): unknown;
  startScanning(services: readonly string[], allowDuplicates: boolean, done: Done): void;
  stopScanning(done: Done): void;
  /** Only in @stoprocent/noble. */
  stop?(): void;
}

/** `hci1` is 1. */
export function adapterNumber(adapter: string): number {
  const digits = /^hci(\d{1,2})$/.exec(adapter)?.[1];
  if (digits !== undefined) return Number(digits);
  throw new GatewayError('REFUSED', { message: `"${adapter}" is no adapter: name one as hci0, hci1, …` });
}

/** A fresh stack on this adapter, not started yet. Throws what the package throws. */
export async function loadNoble(stack: BleStack, deviceId: number): Promise<Noble> {
  // For both packages this goes before NOBLE_HCI_DEVICE_ID, which would be one for all adapters of this process.
  const options = { deviceId };
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

const ADAPTERS = '/sys/class/bluetooth';

interface Cause {
  readonly why: string;
  readonly remedy: string;
}

const noSockets: Cause = {
  why: 'this kernel has no Bluetooth',
  remedy: 'load it with `modprobe bluetooth btusb`, or run on a machine with Bluetooth',
};

const notAllowed: Cause = {
  why: 'Bluetooth is not permitted to this user',
  remedy: 'run as root, or give the service AmbientCapabilities=CAP_NET_RAW',
};

const adapters = (): string[] => (existsSync(ADAPTERS) ? readdirSync(ADAPTERS) : []);

function silentAdapter(adapter: string): Cause {
  if (!existsSync(ADAPTERS)) return noSockets;
  const present = adapters().filter((name) => /^hci\d+$/.test(name));
  if (present.includes(adapter))
    return {
      why: 'the adapter is off',
      remedy: 'switch it on with `rfkill unblock bluetooth` and `bluetoothctl power on`',
    };
  const others =
    present.length > 0 ? `use ${present.join(' or ')} (bluetooth.adapter), or plug it in` : 'plug one in';
  return { why: 'there is no such adapter', remedy: others };
}

function loadingFailed(stack: BleStack, error: unknown): Cause {
  const text = sentence(error);
  if (/EAFNOSUPPORT|not supported by protocol/i.test(text)) return noSockets;
  if (/EPERM|not permitted/i.test(text)) return notAllowed;
  if (/cannot find|no native build|ERR_DLOPEN|did not self-register|NODE_MODULE_VERSION/i.test(text))
    return {
      why: `the native part of @${stack}/noble is not built for this Node`,
      remedy: 'run `npm run postinstall`, or choose the other bluetooth.stack',
    };
  return { why: text, remedy: 'run `bmsgate doctor`' };
}

const unavailable = (port: string, cause: Cause) => new GatewayError('PORT_UNAVAILABLE', { port, ...cause });

/** Why a stack that loaded does not get ready. */
export const notReady = (adapter: string, state: string): GatewayError =>
  unavailable(adapter, state === 'unauthorized' ? notAllowed : silentAdapter(adapter));

export const notLoaded = (adapter: string, stack: BleStack, error: unknown): GatewayError =>
  unavailable(adapter, loadingFailed(stack, error));
