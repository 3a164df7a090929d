// What goes wrong between a request and its route, in one sentence each.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sentence } from '../model/errors.ts';
import type { WebGround } from './ground.ts';

const sentences: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'that is too large; at most 256 kB are taken',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'send JSON, with `Content-Type: application/json`',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'the body is not as long as it said',
  FST_ERR_BAD_URL: 'the address cannot be read',
};

export function addErrors(app: FastifyInstance, say: WebGround['say']): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ why: sentences[error.code] ?? error.message });
    say({
      level: 'error',
      text: `${request.method} ${request.routeOptions.url ?? ''} failed: ${sentence(error)}`,
    });
    return reply.code(500).send({ why: 'something went wrong; the log says what' });
  });
}

/** An address that no route can be found for, because it cannot be read. No guard has seen it: nothing of it is given back. */
export const unreadable =
  (headers: readonly (readonly [string, string])[]) =>
  (error: FastifyError, _: FastifyRequest, reply: FastifyReply): void => {
    for (const [name, value] of headers) reply.header(name, value);
    reply
      .code(error.statusCode ?? 400)
      .header('Cache-Control', 'no-store')
      .send({ why: sentences[error.code] ?? 'the request cannot be read' });
  };
