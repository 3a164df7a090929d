import { endingOf } from './esphome-gatt.ts';
import { REQUEST } from './esphome-messages.ts';
import type { OpenProxy } from './esphome-proxy.ts';
import type { Wire } from './esphome-wire.ts';
import type { ConnectOptions } from './port.ts';
import { unless } from './timers.ts';

/** How long the proxy may take to be rid of an attempt that was given up. */
const CANCEL_MS = 2_000;

/** Who is to be connected: its number, and the kind of address under which it was heard. */
export interface Target {
  readonly number: bigint;
  readonly addressType: number;
}

/** A refusal without a reason is how the firmware says that all its connections are taken. */
function noLink({ slots }: OpenProxy, error: number): Error {
  const { free, limit } = slots() ?? { free: 1, limit: 0 };
  if (error !== 0) return new Error(endingOf(error));
  if (free > 0) return new Error('the proxy gave it up');
  return new Error(
    `all ${limit} connections of the proxy are taken; raise \`connection_slots\` in its YAML or add a second proxy`,
  );
}

/** Asks the proxy to end what it has with this unit; resolves when it says so, at the latest after 2 s. */
export async function release(wire: Wire, number: bigint): Promise<void> {
  const released = wire.expect(CANCEL_MS, (m) =>
    m.name === 'deviceState' && m.address === number && !m.isConnected ? true : undefined,
  );
  wire.send('device', { address: number, request: REQUEST.disconnect });
  await released.catch(() => undefined);
}

/** Rejects at once when the signal says so or the time is over; whoever calls then releases the unit. */
export async function attempt(proxy: OpenProxy, target: Target, o: ConnectOptions): Promise<void> {
  o.signal.throwIfAborted();
  const { number, addressType } = target;
  const answered = proxy.wire.expect(o.timeoutMs, (m) => {
    if (m.name !== 'deviceState' || m.address !== number) return undefined;
    if (!m.isConnected) throw noLink(proxy, m.error);
    return true;
  });
  const request = { address: number, request: REQUEST.connect, hasAddressType: true, addressType };
  proxy.wire.send('device', request);
  await unless(o.signal, answered);
}
