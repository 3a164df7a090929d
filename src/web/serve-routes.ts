// Routes as fastify serves them: who asks, whether they may, whether what they ask fits, and the answer.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from './access.ts';
import { answerJson, answerSteps, answerText, type Listeners, refuse } from './answer.ts';
import { type Caller, reaches } from './caller.ts';
import { cookieHeader, secretIn } from './cookie.ts';
import type { Asked, Refused, Route, Schema } from './route.ts';
import { exactly, id, nothing } from './schemas.ts';
import type { Untaken } from './untaken.ts';
import { validator, withNumbers } from './validation.ts';

export interface ServeOptions {
  readonly access: Access;
  readonly listeners: Listeners;
  readonly untaken: Untaken;
  readonly isSecure: boolean;
}

export const API = '/api/v1';

export const paramNames = (path: string): string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);

/** Every parameter is an id, where a route does not say more. */
export const paramsSchema = ({ path, params }: Route): Schema =>
  params ?? exactly(Object.fromEntries(paramNames(path).map((name) => [name, id])));

/** Nobody passes with a token that is not known, not even where one may look without. */
function callerOf(request: FastifyRequest, { access, isSecure }: ServeOptions): Caller | undefined {
  const { authorization, cookie } = request.headers;
  const token = authorization === undefined ? undefined : (/^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '');
  const address = request.socket.remoteAddress ?? '';
  return access.whois({ address, token, cookie: secretIn(cookie, isSecure) });
}

function roleRefusal(caller: Caller | undefined, route: Route): Refused | undefined {
  if (!caller) return { why: 'this token is not known', status: 401 };
  if (reaches(caller.role, route.role)) return undefined;
  if (caller.name === undefined) return { why: 'log in first', status: 401 };
  return { why: `this takes the role ${route.role}; ${caller.name} has ${caller.role}`, status: 403 };
}

/** What a request says, as its route takes it; or what is wrong with it. */
type Reading = (request: FastifyRequest) => Pick<Asked, 'body' | 'query' | 'params'> | string;

function readingOf(route: Route): Reading {
  const { query = nothing, body = nothing } = route;
  const isGoodBody = route.method === 'POST' ? validator(body) : () => undefined;
  const isGoodQuery = validator(query, 'the query');
  const isGoodAddress = validator(paramsSchema(route), 'the address');
  return (request) => {
    const asked = { body: request.body, query: withNumbers(query, request.query), params: request.params };
    return isGoodAddress(asked.params) ?? isGoodQuery(asked.query) ?? isGoodBody(asked.body) ?? asked;
  };
}

function whoAsks(
  reply: FastifyReply,
  caller: Caller,
  isSecure: boolean,
): Omit<Asked, 'body' | 'query' | 'params'> {
  const left = new AbortController();
  reply.raw.once('close', () => left.abort());
  return {
    by: caller.name,
    left: left.signal,
    caller,
    keepLogin: (secret) => void reply.header('Set-Cookie', cookieHeader(secret, isSecure)),
  };
}

const crowded: Refused = {
  why: 'too much waits to be taken by others already; try again later',
  status: 503,
  waitS: 30,
};

function answer(
  route: Route,
  asked: Asked,
  request: FastifyRequest,
  reply: FastifyReply,
  { listeners, untaken }: ServeOptions,
) {
  if (route.isLarge) {
    if (untaken.isFull()) return refuse(reply, crowded);
    untaken.watch(reply.raw);
  }
  if (route.kind === 'stream') return listeners.join(route, asked, request, reply);
  if (route.kind === 'steps') return answerSteps(route, asked, reply);
  if (route.kind === 'text') return answerText(route, asked, reply);
  return answerJson(route, asked, reply);
}

/** Who may not ask is told so before the body is read. */
function addRoute(app: FastifyInstance, route: Route, options: ServeOptions): void {
  const reading = readingOf(route);
  const callers = new WeakMap<FastifyRequest, Caller>();
  app.route({
    method: route.method,
    url: `${API}${route.path}`,
    async onRequest(request, reply) {
      const caller = callerOf(request, options);
      const refused = roleRefusal(caller, route);
      if (caller) callers.set(request, caller);
      return refused ? refuse(reply, refused) : undefined;
    },
    async handler(request, reply) {
      const caller = callers.get(request);
      if (!caller) throw new Error('nobody asks');
      // A body may take half a minute to come; who asks may have been logged out, or have got another role meanwhile.
      if (!caller.holds()) return refuse(reply, { why: 'log in first', status: 401 });
      const read = reading(request);
      if (typeof read === 'string') return refuse(reply, { why: read, status: 400 });
      const asked = { ...read, ...whoAsks(reply, caller, options.isSecure) };
      return answer(route, asked, request, reply, options);
    },
  });
}

/** JSON and nothing else; no body is an empty one. */
function addParser(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_: unknown, body: string) => {
    try {
      return body === '' ? {} : JSON.parse(body);
    } catch {
      throw Object.assign(new Error('the body is not JSON'), { statusCode: 400 });
    }
  });
}

const patternOf = ({ path }: Route): RegExp =>
  new RegExp(`^${API}${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`);

/** Adds them all; the result answers what was asked of a known path in another way, and says whether it was one. */
export function addRoutes(app: FastifyInstance, routes: readonly Route[], options: ServeOptions) {
  addParser(app);
  for (const route of routes) addRoute(app, route, options);
  const patterns = routes.map((route) => [patternOf(route), route.method] as const);
  return ({ url }: FastifyRequest, reply: FastifyReply): boolean => {
    const [path = ''] = url.split('?');
    const methods = patterns.flatMap(([pattern, method]) => (pattern.test(path) ? [method] : []));
    if (methods.length === 0) return false;
    const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
    reply
      .code(405)
      .header('Allow', allow)
      .send({ why: `this takes ${allow} only` });
    return true;
  };
}
