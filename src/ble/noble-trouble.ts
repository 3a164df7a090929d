// Why a raw adapter cannot be used, each time with its remedy.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { GatewayError, sentence } from '../model/errors.ts';
import type { HciChannel } from './noble-stack.ts';
import type { BleStack } from './orders.ts';

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

const notAlone: Cause = {
  why: 'the HCI user channel is not permitted to this user',
  remedy:
    'give the service AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN, or use `bluetooth: { radio: hci }`',
};

const inUse = (adapter: string): Cause => ({
  why: 'somebody else holds the adapter; the HCI user channel wants it down and to itself',
  remedy: `stop bluetoothd (\`systemctl disable --now bluetooth\`) and take it down with \`hciconfig ${adapter} down\``,
});

const CAP_NET_ADMIN = 12n;

/** As the kernel sees this process (proc(5)). */
export function mayAdministrate(): boolean {
  const path = '/proc/self/status';
  const bits = /^CapEff:\s*([0-9a-f]+)/m.exec(existsSync(path) ? readFileSync(path, 'utf8') : '')?.[1];
  return ((BigInt(`0x${bits ?? '0'}`) >> CAP_NET_ADMIN) & 1n) === 1n;
}

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

/** An adapter that is there and does not take the user channel. */
const refusedAlone = (adapter: string): Cause => (mayAdministrate() ? inUse(adapter) : notAlone);

/** Why a stack that loaded does not get ready. */
export function notReady(adapter: string, state: string, channel: HciChannel): GatewayError {
  if (channel === 'user' && adapters().includes(adapter)) return unavailable(adapter, refusedAlone(adapter));
  return unavailable(adapter, state === 'unauthorized' ? notAllowed : silentAdapter(adapter));
}

export const notLoaded = (adapter: string, stack: BleStack, error: unknown): GatewayError =>
  unavailable(adapter, loadingFailed(stack, error));
