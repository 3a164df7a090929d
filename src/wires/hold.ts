import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { GatewayError } from '../model/errors.ts';

/** Lets go of what was held. */
export type Release = () => void;

/**
 * Holds a name against a second bmsgate of this machine. The kernel gives it up when the process ends, however it ends.
 * Rejects while another has it.
 */
function hold(name: string, message: string): Promise<Release> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => reject(new GatewayError('REFUSED', { message })));
    server.listen(`\0bmsgate-${name}`, () => resolve(() => server.close()));
    server.unref();
  });
}

/** Holds a CAN interface: SocketCAN would let two speak, with two truths. */
export const holdCan = (name: string): Promise<Release> =>
  hold(
    name,
    `another bmsgate speaks on ${name}; stop it (\`systemctl stop bmsgate\`) or name another interface`,
  );

/** Holds a gateway file, by whatever path it is called: who serves it, and who makes it, are one at a time. */
export function holdFile(path: string): Promise<Release> {
  const real = existsSync(path) ? realpathSync(path) : resolve(path);
  const name = `file-${createHash('sha256').update(real).digest('hex').slice(0, 16)}`;
  return hold(
    name,
    `another bmsgate runs with ${path}, or makes it just now; stop that one (\`sudo systemctl stop bmsgate bmsgate-setup\`, or Ctrl-C in its terminal), then start this again`,
  );
}

/** Holds all of them or none. */
export async function holdAll(names: readonly string[]): Promise<Release> {
  const held: Release[] = [];
  const release = () => {
    for (const one of held) one();
  };
  try {
    for (const name of new Set(names)) held.push(await holdCan(name));
    return release;
  } catch (error) {
    release();
    throw error;
  }
}
