// How what a route gives becomes an HTTP answer.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WishLine } from '../model/api/access.ts';
import type { Clock } from '../model/freshness.ts';
import { household } from './patience.ts';
import { type Reader, readerOf } from './reader.ts';
import type { Asked, JsonRoute, Refused, StepsRoute, StreamRoute, TextRoute } from './route.ts';
import { isHere } from './shares.ts';

export const isRefused = (given: unknown): given is Refused =>
  typeof given === 'object' && given !== null && 'why' in given && typeof given.why === 'string';

export function refuse(reply: FastifyReply, { why, status = 409, waitS }: Refused): FastifyReply {
  if (waitS !== undefined) reply.header('Retry-After', String(waitS));
  if (status === 401) reply.header('WWW-Authenticate', 'Bearer realm="bmsgate"');
  return reply.code(status).type('application/json; charset=utf-8').send({ why });
}

export async function answerJson(route: JsonRoute, asked: Asked, reply: FastifyReply): Promise<FastifyReply> {
  const given = await route.handle(asked);
  // A document about what happened may say why as well: a trial does.
  if (isRefused(given) && !('problems' in given)) return refuse(reply, given);
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(given));
}

export async function answerText(route: TextRoute, asked: Asked, reply: FastifyReply): Promise<FastifyReply> {
  const given = await route.handle(asked);
  if (isRefused(given)) return refuse(reply, given);
  return reply
    .type(route.media)
    .header('Content-Disposition', `attachment; filename="${route.fileName}"`)
    .send(given);
}

const jsonLine = (line: WishLine): string => `${JSON.stringify(line)}\n`;

/** The status waits for the first step, so that a plain refusal is a plain 409. */
export async function answerSteps(route: StepsRoute, asked: Asked, reply: FastifyReply): Promise<unknown> {
  const { raw } = reply;
  function write(line: WishLine): void {
    if (!raw.headersSent) {
      reply.hijack();
      raw.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'X-Accel-Buffering': 'no' });
    }
    raw.write(jsonLine(line));
  }
  const refused = await route
    .handle(asked, (step) => write({ step }))
    .catch((error) => {
      // The answer has begun: its end says what the status cannot say any more.
      if (!raw.headersSent) throw error;
      return { why: 'something went wrong; the log says what' };
    });
  if (refused && !raw.headersSent) return refuse(reply, refused);
  write(refused ? { why: refused.why } : { done: true });
  raw.end();
  return reply;
}

/** All who listen to one stream. */
export interface Listeners {
  readonly join: (route: StreamRoute, asked: Asked, request: FastifyRequest, reply: FastifyReply) => unknown;
  /** Once a second. */
  readonly look: () => void;
}

const full: Refused = { why: 'too many listen to this already; try again later', status: 503, waitS: 30 };

/** One household has half of the places at most. */
function hasItsShare(room: ReadonlyMap<Reader, string>, from: string, { most }: StreamRoute): boolean {
  return !isHere(from) && [...room.values()].filter((other) => other === from).length >= most / 2;
}

export function newListeners(clock: Clock): Listeners {
  /** From which household each comes. */
  const rooms = new Map<string, Map<Reader, string>>();
  return {
    join(route, { caller }, request, reply) {
      const room = rooms.get(route.path) ?? new Map<Reader, string>();
      rooms.set(route.path, room);
      const isHead = request.method === 'HEAD';
      const from = household(caller.address);
      if (room.size >= route.most || hasItsShare(room, from, route)) return refuse(reply, full);
      reply.hijack();
      reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
      if (isHead) return reply.raw.end();
      // A stream may have nothing to say for long.
      reply.raw.flushHeaders();
      const reader = readerOf(reply.raw, clock, caller.holds);
      room.set(reader, from);
      reply.raw.on('error', () => {});
      const end = route.open(reader);
      reply.raw.once('close', () => {
        room.delete(reader);
        end();
      });
      return reply;
    },
    look() {
      for (const room of rooms.values()) for (const reader of room.keys()) reader.look();
    },
  };
}
