// What every request passes before its route: the headers of the answer, whose name it calls, which page is behind it, how often.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../model/freshness.ts';
import { refuse } from './answer.ts';
import { hostRefusal, isJson, type Names, originRefusal } from './guards.ts';
import { household } from './patience.ts';
import { newRate } from './rate.ts';
import { securityHeaders } from './security-headers.ts';

export interface GateOptions {
  readonly names: Names;
  readonly clock: Clock;
  /** Browsers are told to come by HTTPS alone from now on. */
  readonly isStrict: boolean;
}

const isApi = (url: string): boolean => url.startsWith('/api');

/** Also on answers that do not come from fastify: streams, and files. */
function setHeaders(
  request: FastifyRequest,
  { raw }: FastifyReply,
  headers: ReturnType<typeof securityHeaders>,
) {
  for (const [name, value] of headers) raw.setHeader(name, value);
  if (isApi(request.url)) raw.setHeader('Cache-Control', 'no-store');
}

export function addGuards(app: FastifyInstance, { names, clock, isStrict }: GateOptions): void {
  const headers = securityHeaders(isStrict);
  const isTooMuch = newRate(clock);
  app.addHook('onRequest', async (request, reply) => {
    setHeaders(request, reply, headers);
    const foreignName = hostRefusal(request.headers.host, names);
    if (foreignName) return reply.code(foreignName.status).send({ why: foreignName.why });
    if (isTooMuch(household(request.socket.remoteAddress ?? '')))
      return refuse(reply, { why: 'that is too much at once; wait a second', status: 429, waitS: 1 });
    const foreignPage = originRefusal(request.method, request.headers, names);
    if (foreignPage) return refuse(reply, foreignPage);
    if (request.method === 'POST' && !isJson(request.headers['content-type']))
      return reply.code(415).send({ why: 'send JSON, with `Content-Type: application/json`' });
    return undefined;
  });
}
