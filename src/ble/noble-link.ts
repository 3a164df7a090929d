import type { Timers } from '../model/timers.ts';
import type { NobleCharacteristic, NoblePeripheral, NobleService } from './noble-stack.ts';
import { addressKey, type BleLink, type GattCharacteristic, shortUuid, step } from './port.ts';
import { within } from './timers.ts';
import { keyOf, type WriteModes, writeAsItTakes } from './write-modes.ts';

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

interface Known {
  readonly characteristic: GattCharacteristic;
  readonly noble: NobleCharacteristic;
  /** Another with its UUID follows in its service: the packages then speak to that one alone, except by handle. */
  readonly isHidden: boolean;
}

type Handles = ReadonlyMap<NobleService, readonly number[]>;

const describe = (service: NobleService, handles: Handles): Known[] =>
  (service.characteristics ?? []).map((noble, i, all) => {
    const handle = handles.get(service)?.[i];
    const { uuid, properties } = noble;
    const characteristic = { service: shortUuid(service.uuid), uuid: shortUuid(uuid), properties };
    return {
      characteristic: handle === undefined ? characteristic : { ...characteristic, handle },
      noble,
      isHidden: all.slice(i + 1).some((later) => later.uuid === uuid),
    };
  });

/** The handles of all characteristics that are discovered from now on. */
function handlesOf(peripheral: NoblePeripheral, unhear: (() => void)[]): Handles {
  const handles = new Map<NobleService, readonly number[]>();
  const onServices = (services: readonly NobleService[] = []) => {
    for (const service of services)
      service.once('characteristicsDiscovered', (raw) => {
        handles.set(
          service,
          raw.map(({ valueHandle }) => valueHandle),
        );
      });
  };
  peripheral.once('servicesDiscover', onServices);
  unhear.push(() => peripheral.removeListener('servicesDiscover', onServices));
  return handles;
}

/** HCI reasons in words (Core Specification, vol 1 part F). */
const reasons: { readonly [reason: string]: string } = {
  8: 'out of reach (supervision time-out)',
  19: 'the battery closed the link',
  22: 'we closed the link',
  62: 'the link could not be established',
};

export function nobleLink(peripheral: NoblePeripheral, modes: WriteModes, timers: Timers): BleLink {
  const { address } = peripheral;
  const found = new Map<string, Known>();
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

  const the = (c: GattCharacteristic): Known => {
    const known = found.get(keyOf(c));
    if (!known) throw new Error(`${keyOf(c)} was not discovered`);
    return known;
  };

  const writeOnce = (
    { noble, isHidden, characteristic: { handle } }: Known,
    bytes: Buffer,
    isBlind: boolean,
  ) =>
    within(
      timers,
      WRITE_MS,
      called((done) =>
        isHidden && handle !== undefined
          ? peripheral.writeHandle(handle, bytes, isBlind, done)
          : noble.write(bytes, isBlind, done),
      ),
    );

  const write = async (c: GattCharacteristic, bytes: Uint8Array) => {
    if (lost) throw new Error(lost);
    const known = the(c);
    const once = (isBlind: boolean) => writeOnce(known, Buffer.from(bytes), isBlind);
    await writeAsItTakes(modes, `${addressKey(address)} ${keyOf(c)}`, c, once, () => lost !== undefined);
  };

  return {
    address,
    discover: () =>
      step(address, 'discover', async () => {
        const handles = handlesOf(peripheral, unhear);
        const services = await within(
          timers,
          DISCOVER_MS,
          called<readonly NobleService[]>((done) => peripheral.discoverAllServicesAndCharacteristics(done)),
        );
        const all = services.flatMap((service) => describe(service, handles));
        for (const known of all) found.set(keyOf(known.characteristic), known);
        return all.map(({ characteristic }) => characteristic);
      }),
    subscribe: (c, hear) =>
      step(address, 'subscribe', async () => {
        const { noble, isHidden } = the(c);
        if (isHidden) throw new Error(`${c.uuid} is there twice, and only \`radio: bluez\` hears the first`);
        noble.on('data', hear);
        unhear.push(() => noble.removeListener('data', hear));
        await within(
          timers,
          SUBSCRIBE_MS,
          called((done) => noble.subscribe((error) => done(error))),
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
