import { endingOf, gattOf, ON, type ProxyGatt, refusalOf } from './esphome-gatt.ts';
import type { Message, ProxyService } from './esphome-messages.ts';
import type { Wire } from './esphome-wire.ts';

const DISCOVER_MS = 10_000;
const SUBSCRIBE_MS = 5_000;
const WRITE_MS = 3_000;
/** A write without response is confirmed by the proxy alone; one that keeps silent about it has sent it all the same. */
const UNCONFIRMED_WRITE_MS = 600;

/** How each characteristic was last written with success: true without response. */
export type WriteModes = Map<string, boolean>;

/** One unit that a proxy has a link to. */
export interface ProxyUnit {
  readonly wire: Wire;
  readonly number: bigint;
  readonly modes: WriteModes;
}

/** The proxy said no, or the link is gone: waiting longer is of no use. */
class Refusal extends Error {}

/** The messages about this unit. The end of its link ends whatever waits for one. */
function about({ number }: ProxyUnit, m: Message): (Message & { readonly address: bigint }) | undefined {
  if (!('address' in m) || m.address !== number) return undefined;
  if (m.name === 'deviceState' && !m.isConnected) throw new Refusal(endingOf(m.error));
  return m;
}

/** Sends, and waits for the answer about this handle. */
async function ask(
  unit: ProxyUnit,
  answer: 'written' | 'notifyAnswer',
  handle: number,
  limitMs: number,
  send: () => void,
): Promise<void> {
  const answered = unit.wire.expect(limitMs, (message) => {
    const m = about(unit, message);
    if (!m || !('handle' in m) || m.handle !== handle) return undefined;
    if (m.name === 'gattError') throw new Refusal(refusalOf(m.error));
    return m.name === answer ? true : undefined;
  });
  send();
  await answered;
}

export async function discover(unit: ProxyUnit): Promise<ProxyGatt[]> {
  const services: ProxyService[] = [];
  const done = unit.wire.expect(DISCOVER_MS, (message) => {
    const m = about(unit, message);
    if (m?.name === 'gattError') throw new Refusal(refusalOf(m.error));
    if (m?.name === 'servicesPart') services.push(...m.services);
    return m?.name === 'servicesDone' ? true : undefined;
  });
  unit.wire.send('services', { address: unit.number });
  await done;
  return gattOf(services);
}

/** The proxy passes notifications on, but the switch in the unit is ours to set (esphome: ble_client_base.cpp). */
export async function subscribe(unit: ProxyUnit, { characteristic, switchHandle }: ProxyGatt): Promise<void> {
  const { wire, number: address } = unit;
  const { handle, properties } = characteristic;
  await ask(unit, 'notifyAnswer', handle, SUBSCRIBE_MS, () =>
    wire.send('notify', { address, handle, isOn: true }),
  );
  if (switchHandle === undefined) return;
  const data = properties.includes('notify') ? ON.notify : ON.indicate;
  await ask(unit, 'written', switchHandle, SUBSCRIBE_MS, () =>
    wire.send('writeDescriptor', { address, handle: switchHandle, data }),
  );
}

async function writeOnce(unit: ProxyUnit, handle: number, data: Uint8Array, isWithResponse: boolean) {
  const { wire, number: address } = unit;
  const limitMs = isWithResponse ? WRITE_MS : UNCONFIRMED_WRITE_MS;
  try {
    await ask(unit, 'written', handle, limitMs, () =>
      wire.send('write', { address, handle, isWithResponse, data }),
    );
  } catch (error) {
    if (isWithResponse || error instanceof Refusal || wire.gone.aborted) throw error;
  }
}

/** As the characteristic declares; on an error the other mode once, and what worked is remembered. */
export async function write(unit: ProxyUnit, { characteristic }: ProxyGatt, data: Uint8Array): Promise<void> {
  const { handle, properties } = characteristic;
  const key = `${unit.number} ${handle}`;
  const isWithoutResponse = unit.modes.get(key) ?? properties.includes('writeWithoutResponse');
  try {
    await writeOnce(unit, handle, data, !isWithoutResponse);
  } catch (error) {
    if (unit.modes.has(key)) throw error;
    await writeOnce(unit, handle, data, isWithoutResponse);
    unit.modes.set(key, !isWithoutResponse);
  }
}
