// The one listener of a Modbus TCP link, from its opening until it is closed or lost.
import { createServer, type Socket } from 'node:net';
import { tcpTrouble } from '../model/tcp-trouble.ts';
import type { Closable } from './link.ts';

export interface TcpListener extends Closable {
  /** Undefined once it is closed. */
  readonly port: () => number | undefined;
}

interface Visits {
  readonly admit: (socket: Socket) => void;
  /** Nobody is listened to any more. */
  readonly dismissAll: () => void;
  /** The listener was lost by itself. */
  readonly gone: (error: unknown) => void;
}

/** Rejects with PORT_UNAVAILABLE. */
export function listenTcp(
  at: { readonly host: string; readonly port: number },
  { admit, dismissAll, gone }: Visits,
): Promise<TcpListener> {
  const trouble = (error: unknown) => tcpTrouble(at, 'tcp', error);
  const server = createServer(admit);
  const close = () => {
    server.close();
    dismissAll();
  };
  const port = () => {
    const address = server.address();
    return address && typeof address === 'object' ? address.port : undefined;
  };
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(trouble(error)));
    server.listen(at.port, at.host, () => {
      server.removeAllListeners('error');
      server.on('error', (error) => {
        close();
        gone(trouble(error));
      });
      resolve({ port, close });
    });
  });
}
