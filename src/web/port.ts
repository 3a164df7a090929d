// The port with or without TLS beneath the same answers.
import type { RequestListener, Server } from 'node:http';
import { type Port, plainServer } from './http-server.ts';
import type { TlsGround, TlsOrders } from './tls.ts';

const portOf = (server: Server): Port => ({
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
  const [{ secureServer }, { twoTongues }] = await Promise.all([
    import('./tls.ts'),
    import('./two-tongues.ts'),
  ]);
  const { server, end } = await secureServer(answer, ground.tls, ground);
  return twoTongues(server, ground.names, end, ground.limits);
}
