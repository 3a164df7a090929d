import type { Advert, Gatt } from '../bms/driver.ts';
import { GatewayError, sentence } from '../model/errors.ts';

/** Why the radio cannot be used now; `why` is a whole sentence with its remedy. */
export interface AdapterReport {
  readonly state: 'ready' | 'off' | 'missing';
  readonly why?: string;
}

export type GattProperty = 'read' | 'write' | 'writeWithoutResponse' | 'notify' | 'indicate';

/** UUIDs in short lower-case form (`ff01`) where they have one, else 32 hex digits. */
export interface GattCharacteristic {
  readonly service: string;
  readonly uuid: string;
  readonly properties: readonly GattProperty[];
  /** Of its value, where the radio knows it. Tells apart two that carry the same UUID (JK modules: ffe1 twice). */
  readonly handle?: number;
}

/** Where a wire carries the bytes; a session on a wired port is given this as the battery's own characteristics. */
export const WIRED_GATT: Gatt = { service: 'wire', notify: 'wire', write: 'wire' };

/** One open connection. Every step fails with a GatewayError BLE_FAILED that names the step. */
export interface BleLink {
  readonly address: string;
  readonly discover: () => Promise<readonly GattCharacteristic[]>;
  readonly subscribe: (to: GattCharacteristic, hear: (bytes: Uint8Array) => void) => Promise<void>;
  /** With or without response as the characteristic declares; on an error the other mode once, then remembered. */
  readonly write: (to: GattCharacteristic, bytes: Uint8Array) => Promise<void>;
  /** Called once, when the link is gone for whatever reason, even if it already is. */
  readonly onLost: (hear: (why: string) => void) => void;
  /** Resolves when the link is gone, at the latest after 2 s. */
  readonly disconnect: () => Promise<void>;
}

export interface ConnectOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The radio: real (noble), simulated, or a replay of captures. Addresses compare by `sameAddress`. */
export interface BlePort {
  /** Resolves when the adapter is ready; rejects with one sentence that says what is missing and what to do. */
  readonly open: () => Promise<void>;
  /** Adverts as they come, the same unit again and again. One scan at a time. */
  readonly scan: (hear: (advert: Advert) => void) => Promise<void>;
  readonly stopScan: () => Promise<void>;
  /** Only for a unit that was heard since `open`; never while scanning, never two at a time (see `turns.ts`). */
  readonly connect: (address: string, options: ConnectOptions) => Promise<BleLink>;
  readonly onAdapter: (hear: (report: AdapterReport) => void) => void;
  readonly close: () => Promise<void>;
  /** Drops all that the radio remembers of a unit, so that its next advert makes it anew. */
  readonly forget?: (address: string) => Promise<void>;
  /** Switches the adapter off and on; every link is lost. Rejects with one sentence where that is not permitted. */
  readonly powerCycle?: () => Promise<void>;
}

/** `a4:c1:38:00:00:01` and `A4C138000001` are one address. */
export const addressKey = (address: string): string => address.replace(/[^0-9a-f]/gi, '').toLowerCase();

export const sameAddress = (a: string, b: string): boolean => addressKey(a) === addressKey(b);

/** `0000ff00-0000-1000-8000-00805f9b34fb` is `ff00` (Bluetooth base UUID); others are 32 hex digits. */
export function shortUuid(uuid: string): string {
  const digits = uuid.replace(/-/g, '').toLowerCase().replace(/^0x/, '');
  return /^0000[0-9a-f]{4}00001000800000805f9b34fb$/.test(digits) ? digits.slice(4, 8) : digits;
}

/** Runs one step of one unit; whatever goes wrong names both. */
export async function step<T>(address: string, name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new GatewayError('BLE_FAILED', { address, step: name, why: sentence(error) }, { cause: error });
  }
}

/** The two characteristics that carry a battery's bytes. They may be one and the same. */
export interface Channel {
  readonly notify: GattCharacteristic;
  readonly write: GattCharacteristic;
}

const notifies = ({ properties }: GattCharacteristic): boolean =>
  properties.includes('notify') || properties.includes('indicate');

const takesWrites = ({ properties }: GattCharacteristic): boolean =>
  properties.includes('write') || properties.includes('writeWithoutResponse');

/**
 * The first candidate whose characteristics exist (BLE reference, 1.1); some families write into another service than they
 * notify from. Of two with the same UUID the one that can do it: JK modules write to one `ffe1` and notify from the other.
 */
export function chooseChannel(
  found: readonly GattCharacteristic[],
  candidates: readonly Gatt[],
): Channel | undefined {
  for (const { service, notify, write } of candidates) {
    const find = (uuid: string, isAble: (c: GattCharacteristic) => boolean) => {
      const same = found.filter((c) => c.uuid === shortUuid(uuid));
      const near = same.filter((c) => c.service === shortUuid(service));
      return near.find(isAble) ?? near[0] ?? same.find(isAble) ?? same[0];
    };
    const [from, to] = [find(notify, notifies), find(write, takesWrites)];
    if (from && to) return { notify: from, write: to };
  }
  return undefined;
}
