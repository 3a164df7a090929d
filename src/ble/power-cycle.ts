// Switching an adapter off and on from outside the stack that uses it: Node has no ioctl, so others do it for us.
import { execFile } from 'node:child_process';
import { GatewayError, sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import { within } from './timers.ts';

const TOOL_MS = 5_000;

const remedyOf = (said: string): string =>
  /ENOENT/.test(said)
    ? 'install it with `apt-get install bluez`'
    : 'give the service AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN, or use `bluetooth: { radio: bluez }`';

/** `hciconfig` of the package bluez: the one tool that does it without a daemon. */
async function hciconfig(adapter: string, to: 'down' | 'up', timers: Timers): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = execFile('hciconfig', [adapter, to], (error, _out, said) => {
    if (error) reject(new Error(said.trim() || sentence(error), { cause: error }));
    else resolve();
  });
  try {
    await within(timers, TOOL_MS, promise);
  } catch (error) {
    child.kill('SIGKILL');
    const why = `\`hciconfig ${adapter} ${to}\`: ${sentence(error)}`;
    throw new GatewayError(
      'PORT_UNAVAILABLE',
      { port: adapter, why, remedy: remedyOf(why) },
      { cause: error },
    );
  }
}

/** Where bluetoothd runs it is asked, for it lets anybody do this; else it needs CAP_NET_ADMIN. */
export async function cyclePower(adapter: string, timers: Timers): Promise<void> {
  const { bluezPort } = await import('./bluez.ts');
  const bluez = bluezPort({ adapter, timers });
  const isBluez = await bluez.open().then(
    () => true,
    () => false,
  );
  try {
    if (isBluez) return await bluez.powerCycle?.();
    await hciconfig(adapter, 'down', timers);
    await hciconfig(adapter, 'up', timers);
  } finally {
    await bluez.close();
  }
}
