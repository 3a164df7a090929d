// The web server: the page's files, and the API as its routes describe it.
import { hostname } from 'node:os';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { addressText } from '../model/tcp-trouble.ts';
import { type Access, type AccessOptions, openAccess } from './access.ts';
import { newListeners } from './answer.ts';
import { addErrors, unreadable } from './error-answers.ts';
import { addGuards } from './gate.ts';
import type { WebGround } from './ground.ts';
import type { Names } from './guards.ts';
import { keepListening } from './listen.ts';
import type { Listening } from './metrics-server.ts';
import { type PageFiles, servePage } from './page-files.ts';
import { openPort } from './port.ts';
import { pulse } from './pulse.ts';
import type { Route } from './route.ts';
import { accountRoutes } from './routes/account-routes.ts';
import { loginRoutes } from './routes/login-routes.ts';
import { openApiRoute } from './routes/openapi-route.ts';
import { tokenRoutes } from './routes/token-routes.ts';
import { securityHeaders } from './security-headers.ts';
import { addRoutes } from './serve-routes.ts';
import type { TlsOrders } from './tls.ts';
import { newUntaken } from './untaken.ts';

const MOST_BODY_BYTES = 256 * 1024;
const PULSE_MS = 1000;

export interface WebOptions extends AccessOptions {
  readonly at: Listening;
  /** Names, beside this machine's own and its addresses, by which a browser may call it. */
  readonly hosts: readonly string[];
  /** Absent: plain HTTP. */
  readonly tls?: TlsOrders | undefined;
  /** The folder of the built page. */
  readonly page: string;
  readonly version: string;
  /** Beside those of the login, the accounts and the description of it all. */
  readonly routes: readonly Route[];
  /** Once a second, e.g. to tell what changed. */
  readonly beat?: () => void;
}

export type ServerGround = Pick<WebGround, 'clock' | 'wallClock' | 'after' | 'say'>;

export interface WebServer {
  readonly access: Access;
  /** All that can be asked. */
  readonly routes: readonly Route[];
  /** Ends all streams at once, and listens no more. */
  readonly close: () => Promise<void>;
}

const newApp = (isStrict: boolean): FastifyInstance =>
  fastify({
    logger: false,
    bodyLimit: MOST_BODY_BYTES,
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: 128 },
    // Streams are ended by hand.
    forceCloseConnections: false,
    frameworkErrors: unreadable(securityHeaders(isStrict)),
  });

/** All that can be asked: of the access, of what was given, and what there is to be asked. */
function allRoutes({ routes, version }: WebOptions, access: Access): readonly Route[] {
  const own = [...loginRoutes(access), ...accountRoutes(access), ...tokenRoutes(access), ...routes];
  return [...own, openApiRoute(own, version)];
}

const isApi = (url: string): boolean => /^\/api(\/|$|\?)/.test(url);

/** Somebody who looks, and not a program or a page that lacks a file. */
const isReader = ({ headers }: FastifyRequest, path: string): boolean =>
  /\btext\/html\b/i.test(headers.accept ?? '') && !path.startsWith('/assets/');

function answerAbsent(path: string, page: PageFiles, request: FastifyRequest, reply: FastifyReply): void {
  if (isReader(request, path) && page.sendAbsent(request, reply)) return;
  reply.code(404).type('text/plain').send('there is no such page\n');
}

/** The page's own addresses are the page; everything else is not there. */
async function addPage(
  app: FastifyInstance,
  folder: string,
  isKnown: (r: FastifyRequest, p: FastifyReply) => boolean,
) {
  const page = await servePage(app, folder);
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?');
    const isLook = request.method === 'GET' || request.method === 'HEAD';
    if (isApi(request.url)) {
      if (!isKnown(request, reply)) reply.code(404).send({ why: 'there is no such thing here' });
    } else if (!isLook)
      reply.code(405).header('Allow', 'GET, HEAD').type('text/plain').send('only to be looked at\n');
    else if (!page.send(path, reply)) answerAbsent(path, page, request, reply);
    return reply;
  });
}

/** Starts to listen. A port that cannot be had is told and tried again; nothing here ends the process. */
export async function serveWeb(options: WebOptions, ground: ServerGround): Promise<WebServer> {
  const { at, hosts, tls, page, beat } = options;
  const { clock, after, say } = ground;
  const access = await openAccess(options, ground);
  const names: Names = { hostname: hostname(), hosts, isSecure: tls !== undefined };
  const listeners = newListeners(clock);
  const untaken = newUntaken(clock);
  // Under a certificate of its own the rest of the machine, e.g. another program's plain page, must stay in reach.
  const isStrict = tls !== undefined && !('own' in tls);
  const app = newApp(isStrict);
  addErrors(app, say);
  addGuards(app, { names, clock, isStrict });
  const routes = allRoutes(options, access);
  const isKnown = addRoutes(app, routes, { access, listeners, untaken, isSecure: names.isSecure });
  await addPage(app, page, isKnown);
  await app.ready();
  const port = await openPort(app.routing, { ...ground, tls, names });
  const endPulse = pulse(PULSE_MS, { now: clock, after }, () => {
    beat?.();
    listeners.look();
    untaken.look();
    access.logins.look();
  });
  const url = `${names.isSecure ? 'https' : 'http'}://${addressText(at)}`;
  const opened = () => say({ level: 'notice', text: `the page is served at ${url}` });
  const endListening = keepListening(port.server, { at, key: 'web.listen', after, say, opened });
  return {
    access,
    routes,
    async close() {
      endPulse();
      endListening();
      port.close();
      await app.close();
      await access.logins.close();
    },
  };
}
