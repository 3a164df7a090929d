import type { Timers } from '../model/timers.ts';
import type { BluezAdapter } from './bluez-adapter.ts';
import { variant } from './bluez-bus.ts';
import type { Change } from './bluez-objects.ts';
import { pair } from './bluez-pairing.ts';
import { CHARACTERISTIC, DEVICE, propertiesOf, SERVICE, valueHandle } from './bluez-words.ts';
import { addressKey, type BleLink, type GattCharacteristic, shortUuid, step } from './port.ts';
import { within } from './timers.ts';
import { keyOf, type WriteModes, writeAsItTakes } from './write-modes.ts';

/** BlueZ reads all services with all descriptors of a unit that it does not know yet. */
const RESOLVE_MS = 15_000;
const WRITE_MS = 2_000;
const DISCONNECT_MS = 2_000;

export interface BluezLinkOptions {
  readonly adapter: BluezAdapter;
  /** Of the device on the bus. */
  readonly path: string;
  readonly address: string;
  readonly modes: WriteModes;
  readonly timers: Timers;
  readonly hasPasskey: boolean;
}

const LOST = 'the link was lost: out of reach, or the battery closed it';

const uuidOf = (value: unknown): string => shortUuid(String(value));

/** The characteristics of one device, with their paths. */
function characteristics({ objects }: BluezAdapter, path: string): [GattCharacteristic, string][] {
  return objects.below(path, CHARACTERISTIC).map(([at, { UUID, Flags }]) => {
    const service = objects.get(at.slice(0, at.lastIndexOf('/')), SERVICE);
    const handle = valueHandle(at);
    const known = { service: uuidOf(service?.UUID), uuid: uuidOf(UUID), properties: propertiesOf(Flags) };
    return [handle === undefined ? known : { ...known, handle }, at];
  });
}

export function bluezLink({ adapter, path, address, modes, timers, hasPasskey }: BluezLinkOptions): BleLink {
  const { objects } = adapter;
  const found = new Map<string, string>();
  const hearing = new Map<string, (bytes: Uint8Array) => void>();
  const ending = new AbortController();
  let lost: string | undefined;
  let isOurEnd = false;
  let tell = (_why: string) => {};

  const lose = (why: string) => {
    stop();
    lost = isOurEnd ? 'we closed the link' : why;
    ending.abort(new Error(lost));
    tell(lost);
  };

  const stop = objects.watch(({ path: at, iface, changed, gone }: Change) => {
    if (iface === CHARACTERISTIC && changed.Value instanceof Uint8Array) hearing.get(at)?.(changed.Value);
    if (at !== path || iface !== DEVICE) return;
    if (gone) lose(gone);
    else if (changed.Connected === false) lose(LOST);
  });
  if (objects.get(path, DEVICE)?.Connected !== true) lose(LOST);

  const the = (c: GattCharacteristic): string => {
    if (lost) throw new Error(lost);
    const at = found.get(keyOf(c));
    if (!at) throw new Error(`${keyOf(c)} was not discovered`);
    return at;
  };

  const isResolved = () => objects.get(path, DEVICE)?.ServicesResolved === true;

  const discover = async () => {
    if (hasPasskey) await pair(adapter, path);
    const giveUp = new AbortController();
    const signal = AbortSignal.any([ending.signal, giveUp.signal]);
    try {
      await within(timers, RESOLVE_MS, objects.when(isResolved, signal));
    } finally {
      giveUp.abort();
    }
    const all = characteristics(adapter, path);
    for (const [c, at] of all) found.set(keyOf(c), at);
    return all.map(([c]) => c);
  };

  const subscribe = async (c: GattCharacteristic, hear: (bytes: Uint8Array) => void) => {
    const at = the(c);
    hearing.set(at, hear);
    await adapter.call(at, CHARACTERISTIC, 'StartNotify');
  };

  const writeOnce = (at: string, bytes: Uint8Array, isWithoutResponse: boolean) => {
    const options = { type: variant('s', isWithoutResponse ? 'command' : 'request') };
    const args = { signature: 'aya{sv}', body: [Buffer.from(bytes), options] };
    return adapter.call(at, CHARACTERISTIC, 'WriteValue', args, WRITE_MS);
  };

  const write = async (c: GattCharacteristic, bytes: Uint8Array) => {
    const at = the(c);
    const once = (isWithoutResponse: boolean) => writeOnce(at, bytes, isWithoutResponse);
    await writeAsItTakes(modes, `${addressKey(address)} ${keyOf(c)}`, c, once, () => lost !== undefined);
  };

  const disconnect = async () => {
    if (lost) return;
    isOurEnd = true;
    const giveUp = new AbortController();
    const isGone = objects.when(() => lost !== undefined, giveUp.signal);
    const asked = adapter.call(path, DEVICE, 'Disconnect', undefined, DISCONNECT_MS);
    await within(timers, DISCONNECT_MS, Promise.all([asked, isGone])).catch(() => undefined);
    giveUp.abort();
    isGone.catch(() => undefined);
  };

  return {
    address,
    discover: () => step(address, 'discover', discover),
    subscribe: (c, hear) => step(address, 'subscribe', () => subscribe(c, hear)),
    write: (c, bytes) => step(address, 'write', () => write(c, bytes)),
    onLost: (hear) => {
      tell = hear;
      if (lost) hear(lost);
    },
    disconnect,
  };
}
