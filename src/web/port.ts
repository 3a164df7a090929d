// The port with or without TLS beneath the same answers.
import type { RequestListener, Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { Server as NetServer } from 'node:net';
import { plainServer } from './http-server.ts';
import type { TlsGround, TlsOrders } from './tls.ts';

export interface Port {
  /** What listens. */
  readonly server: NetServer;
  /** Hangs up on everybody. */
  readonly close: () => void;
}

export const portOf = (server: Server | SecureServer): Port => ({
  server,
  close() {
    server.close();
    server.closeAllConnections();
  },
});

/** What TLS takes is loaded where it is spoken. */
export async function openPort(
  answer: RequestListener,
  ground: TlsGround & { readonly tls: TlsOrders | undefined },
): Promise<Port> {
  if (!ground.tls) return portOf(plainServer(answer));
  const { secureServer } = await import('./tls.ts');
  return portOf(await secureServer(answer, ground.tls, ground));
}
