// Connections are shared out, so that no single machine can take them all and keep everybody else from the page.
import type { Server } from 'node:net';
import { household } from './patience.ts';

/** Several browsers with all their streams. */
const MOST_PER_HOUSEHOLD = 64;

/** What `::1` belongs to. */
const HERE_6 = household('::1');

/** This machine itself, e.g. a reverse proxy, through which many households come. */
export const isHere = (household: string): boolean => household === '127.0.0.1' || household === HERE_6;

/** Who has its share already is hung up on. */
export function shareOut(server: Server): void {
  const taken = new Map<string, number>();
  server.on('connection', (socket) => {
    const from = household(socket.remoteAddress ?? '');
    if (isHere(from)) return;
    const count = taken.get(from) ?? 0;
    if (count >= MOST_PER_HOUSEHOLD) return void socket.destroy();
    taken.set(from, count + 1);
    socket.once('close', () => {
      const left = (taken.get(from) ?? 1) - 1;
      if (left > 0) taken.set(from, left);
      else taken.delete(from);
    });
  });
}
