// The files of the page, as vite built them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The page's own addresses; it draws each of them itself. */
const screens = [
  '',
  'cells',
  'inverter',
  'inspector',
  'history',
  'events',
  'settings',
  'setup',
  'login',
  'claim',
];

const isScreen = (path: string): boolean => screens.includes(path.replace(/^\/|\/+$/g, ''));

/** Names with a hash never change what they mean; all else is asked for again. */
function cacheFor(path: string): string {
  return /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

export interface PageFiles {
  /** Answers a path that is no part of the API; false where there is no such file. */
  readonly send: (path: string, reply: FastifyReply) => boolean;
  /** Answers 404 with the page, which says so in the reader's language; false where it was not built. */
  readonly sendAbsent: (request: FastifyRequest, reply: FastifyReply) => boolean;
}

/** There is nothing at that address to be kept, asked for again, or taken in part. */
const once = { etag: false, lastModified: false, acceptRanges: false };
/** What holds only where there is something (RFC 9110, 13.2.1). */
const conditions = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];

export const MISSING =
  'the page was not built: run `npm run build` where bmsgate is installed; the API works without it';

export async function servePage(app: FastifyInstance, folder: string): Promise<PageFiles> {
  const isBuilt = existsSync(join(folder, 'index.html'));
  if (isBuilt)
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => void reply.header('Cache-Control', cacheFor(path)),
    });
  return {
    send(path, reply) {
      if (!isScreen(path)) return false;
      if (isBuilt) reply.sendFile('index.html');
      else reply.code(503).type('text/plain; charset=utf-8').send(`${MISSING}\n`);
      return true;
    },
    sendAbsent({ raw }, reply) {
      for (const name of conditions) delete raw.headers[name];
      if (isBuilt) reply.code(404).sendFile('index.html', once);
      return isBuilt;
    },
  };
}
