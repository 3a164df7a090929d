// The web server: the page's files, the API, and the stream of what changes.
import type { ServerResponse } from 'node:http';
import fastifyStatic from '@fastify/static';
import { fastify } from 'fastify';
import type { Listening } from './metrics-server.ts';
import type { Route } from './route.ts';

export interface ServerOptions {
  readonly at: Listening;
  /** The folder of the built page. */
  readonly page: string;
  readonly routes: readonly Route[];
  readonly stream: (response: ServerResponse) => void;
}

/** Starts to listen; calling the result ends it. */
export async function serveWeb({ at, page, routes, stream }: ServerOptions): Promise<() => Promise<void>> {
  const app = fastify({ logger: false });
  await app.register(fastifyStatic, { root: page, wildcard: false });
  for (const { method, path, handle } of routes)
    app.route({
      method,
      url: `/api/v1${path}`,
      handler: ({ body, query, params }) =>
        handle({ body, query, params, by: undefined, left: new AbortController().signal }),
    });
  app.get('/api/v1/live', (_, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    stream(reply.raw);
  });
  app.setNotFoundHandler((request, reply) =>
    request.url.startsWith('/api/')
      ? reply.code(404).send({ why: 'there is no such thing here' })
      : reply.sendFile('index.html'),
  );
  await app.listen({ host: at.host, port: at.port });
  return () => app.close();
}
