// One port that is spoken to in HTTPS, and tells who speaks plain HTTP to it where to go.
import type { Server } from 'node:http';
import type { Server as SecureServer, ServerOptions } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { hostRefusal, type Names } from './guards.ts';
import { httpLimits, limited, MOST_CONNECTIONS, type Port } from './http-server.ts';
import { createServer as createPlain } from './node-http.ts';
import { shareOut } from './shares.ts';

/** The first byte of every TLS handshake; no method of HTTP begins with it. */
const HANDSHAKE = 0x16;
/** Who says nothing for so long is let go. */
const SILENT_MS = 10_000;

const plainAnswers = (names: Names, limits: ServerOptions): Server =>
  limited(
    createPlain(limits, (request, response) => {
      const { host } = request.headers;
      const { url = '/' } = request;
      const refused = hostRefusal(host, names);
      response.setHeader('Connection', 'close');
      response.setHeader('Content-Type', 'text/plain; charset=utf-8');
      if (refused) response.writeHead(refused.status).end(`${refused.why}\n`);
      else
        response
          .writeHead(308, { Location: `https://${host}${url.startsWith('/') ? url : '/'}` })
          .end('this gateway speaks HTTPS only\n');
    }),
  );

/** Reads the first byte, puts it back, and hands the line to who understands it. */
function sort(socket: Socket, secure: SecureServer, plain: Server): void {
  socket.setTimeout(SILENT_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.once('data', (first) => {
    socket.pause();
    socket.setTimeout(0);
    socket.removeAllListeners('timeout');
    socket.unshift(first);
    (first[0] === HANDSHAKE ? secure : plain).emit('connection', socket);
    process.nextTick(() => socket.resume());
  });
}

/** `end` ends what the secure server does by itself. */
export function twoTongues(
  secure: SecureServer,
  names: Names,
  end: () => void,
  limits: ServerOptions = httpLimits,
): Port {
  const plain = plainAnswers(names, limits);
  // Node holds nobody to the time for headers and bodies before a server listens, which these two never do themselves.
  for (const server of [secure, plain]) server.emit('listening');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    sort(socket, secure, plain);
  });
  server.maxConnections = MOST_CONNECTIONS;
  shareOut(server);
  return {
    server,
    close() {
      server.close();
      // Ends their watch over time.
      for (const inner of [secure, plain]) inner.close();
      end();
      for (const socket of sockets) socket.destroy();
    },
  };
}
