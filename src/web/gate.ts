// What every request passes before its route: the headers of the answer, whose name it calls, which page is behind it, how often.
import type { FastifyInstance, FastifyReply } from 'fastify';
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

/** Also on answers that do not come from fastify: streams, and files. */
function setHeaders({ raw }: FastifyReply, headers: ReturnType<typeof securityHeaders>) {
  for (const [name, value] of headers) raw.setHeader(name, value);
  // An address can be spelled in more than one way; the files of the page say otherwise by themselves.
  raw.setHeader('Cache-Control', 'no-store');
}

export function addGuards(app: FastifyInstance, { names, clock, isStrict }: GateOptions): void {
  const headers = securityHeaders(isStrict);
  const isTooMuch = newRate(clock);
  app.addHook('onRequest', async (request, reply) => {
    setHeaders(reply, headers);
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
