// The HTTP server beneath: how long a client may take, how much it may send, how many there may be.
import type { RequestListener, Server } from 'node:http';
import type { ServerOptions } from 'node:https';
import type { Server as NetServer, Socket } from 'node:net';
import { createServer } from './node-http.ts';
import { shareOut } from './shares.ts';

export interface Port {
  /** What listens. */
  readonly server: NetServer;
  /** Hangs up on everybody. */
  readonly close: () => void;
}

/** Streams, and the few connections that each browser keeps beside them. */
export const MOST_CONNECTIONS = 256;
const HEADERS_MS = 10_000;
const HANDSHAKE_MS = 10_000;
/** A body of 256 kB over a poor radio link. */
const REQUEST_MS = 30_000;
const IDLE_MS = 60_000;
const KEEP_ALIVE_MS = 10_000;
const MOST_HEADER_BYTES = 16_384;

export const httpLimits: ServerOptions = {
  maxHeaderSize: MOST_HEADER_BYTES,
  headersTimeout: HEADERS_MS,
  requestTimeout: REQUEST_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  connectionsCheckingInterval: 1000,
  // Who begins to speak TLS and does not go on is let go.
  handshakeTimeout: HANDSHAKE_MS,
};

/**
 * Node obeys all questions that come in one piece at once, thousands of them, and the office would answer nobody meanwhile. Who
 * asks before the last question was answered, which no browser does, is hung up on.
 */
export function oneAtATime(answer: RequestListener): RequestListener {
  const busy = new WeakSet<Socket>();
  return (request, response) => {
    const { socket } = request;
    if (busy.has(socket)) return void socket.destroy();
    busy.add(socket);
    response.once('finish', () => busy.delete(socket));
    answer(request, response);
  };
}

const statuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What is no HTTP gets one line, and is let go. */
export function limited<S extends Server>(server: S): S {
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(IDLE_MS);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const line = `HTTP/1.1 ${statuses[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`;
    // Not only ended: who never ends their side would keep the connection.
    socket.end(line, () => socket.destroy());
  });
  return server;
}

export function plainServer(answer: RequestListener): Server {
  const server = limited(createServer(httpLimits, oneAtATime(answer)));
  shareOut(server);
  return server;
}
