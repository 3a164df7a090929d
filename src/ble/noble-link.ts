import type { Timers } from '../model/timers.ts';
import type { NobleCharacteristic, NoblePeripheral, NobleService } from './noble-stack.ts';
import { type BleLink, type GattCharacteristic, shortUuid, step } from './port.ts';
import { within } from './timers.ts';

const DISCOVER_MS = 10_000;
const SUBSCRIBE_MS = 5_000;
/** A refused write is answered by an ATT error that the stacks swallow: no confirmation in this time is the refusal. */
const WRITE_MS = 600;
const DISCONNECT_MS = 2_000;

/** A call with a callback as a promise. */
export const called = <T = void>(call: (done: (error?: unknown, value?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    // A callback without an error carries the value that its type promises.
    call((error, value) => (error ? reject(error) : resolve(value as T)));
  });

const keyOf = ({ service, uuid }: GattCharacteristic): string => `${service}/${uuid}`;

/** How each characteristic was last written with success: true without response. */
export type WriteModes = Map<string, boolean>;

const describe = (service: NobleService): [GattCharacteristic, NobleCharacteristic][] =>
  (service.characteristics ?? []).map((c) => [
    { service: shortUuid(service.uuid), uuid: shortUuid(c.uuid), properties: c.properties },
    c,
  ]);

/** HCI reasons in words (Core Specification, vol 1 part F). */
const reasons: { readonly [reason: string]: string } = {
  8: 'out of reach (supervision time-out)',
  19: 'the battery closed the link',
  22: 'we closed the link',
  62: 'the link could not be established',
};

export function nobleLink(peripheral: NoblePeripheral, modes: WriteModes, timers: Timers): BleLink {
  const { address } = peripheral;
  const found = new Map<string, NobleCharacteristic>();
  let lost: string | undefined;
  let tell = (_why: string) => {};
  const unhear: (() => void)[] = [];

  const onDisconnect = (reason?: unknown) => {
    letGo();
    lost = reasons[String(reason)] ?? `the link was lost (${reason ?? 'no reason given'})`;
    tell(lost);
  };
  peripheral.on('disconnect', onDisconnect);

  /** The objects of the stack outlive a link and must not hold what listened to it. */
  const letGo = () => {
    peripheral.removeListener('disconnect', onDisconnect);
    for (const end of unhear.splice(0)) end();
  };

  const the = (c: GattCharacteristic): NobleCharacteristic => {
    const known = found.get(keyOf(c));
    if (!known) throw new Error(`${keyOf(c)} was not discovered`);
    return known;
  };

  const writeOnce = (c: GattCharacteristic, bytes: Uint8Array, isWithoutResponse: boolean) =>
    within(
      timers,
      WRITE_MS,
      called((done) => the(c).write(Buffer.from(bytes), isWithoutResponse, done)),
    );

  /** The bridge to the BMS is a UART: what is declared without response is quicker and no less sure. */
  const write = async (c: GattCharacteristic, bytes: Uint8Array) => {
    if (lost) throw new Error(lost);
    const key = `${address} ${keyOf(c)}`;
    const isDeclared = c.properties.includes('writeWithoutResponse');
    const isWithoutResponse = modes.get(key) ?? isDeclared;
    try {
      await writeOnce(c, bytes, isWithoutResponse);
    } catch (error) {
      if (lost || modes.has(key)) throw error;
      await writeOnce(c, bytes, !isWithoutResponse);
      modes.set(key, !isWithoutResponse);
    }
  };

  return {
    address,
    discover: () =>
      step(address, 'discover', async () => {
        const services = await within(
          timers,
          DISCOVER_MS,
          called<readonly NobleService[]>((done) => peripheral.discoverAllServicesAndCharacteristics(done)),
        );
        const all = services.flatMap(describe);
        for (const [c, noble] of all) found.set(keyOf(c), noble);
        return all.map(([c]) => c);
      }),
    subscribe: (c, hear) =>
      step(address, 'subscribe', async () => {
        const characteristic = the(c);
        characteristic.on('data', hear);
        unhear.push(() => characteristic.removeListener('data', hear));
        await within(
          timers,
          SUBSCRIBE_MS,
          called((done) => characteristic.subscribe((error) => done(error))),
        );
      }),
    write: (c, bytes) => step(address, 'write', () => write(c, bytes)),
    onLost: (hear) => {
      tell = hear;
      if (lost) hear(lost);
    },
    disconnect: async () => {
      if (lost) return;
      await within(
        timers,
        DISCONNECT_MS,
        called((done) => peripheral.disconnect(done)),
      ).catch(() => undefined);
      letGo();
    },
  };
}
