import { createServer } from 'node:net';
import { GatewayError } from '../model/errors.ts';

/** Lets go of what was held. */
export type Release = () => void;

/**
 * Holds a CAN interface against a second bmsgate of this machine: SocketCAN would let both speak, with two truths. The
 * kernel gives the name up when the process ends, however it ends. Rejects with REFUSED while another has it.
 */
export function holdCan(name: string): Promise<Release> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    const message = `another bmsgate speaks on ${name}; stop it (\`systemctl stop bmsgate\`) or name another interface`;
    server.once('error', () => reject(new GatewayError('REFUSED', { message })));
    server.listen(`\0bmsgate-${name}`, () => resolve(() => server.close()));
    server.unref();
  });
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
