// The description of the API (OpenAPI 3.1), made of the same table that is served.
import { roles } from '../../model/api/site.ts';
import { type Route, route, type Schema } from '../route.ts';
import { anything, having, nothing, oneOf, only, refusal, text } from '../schemas.ts';
import { API, paramNames, paramsSchema } from '../serve-routes.ts';

type Members = Readonly<Record<string, Schema>>;

const json = (schema: Schema) => ({ 'application/json': { schema } });
const wishLine = oneOf(having({ step: text }), having({ done: only(true) }), having({ why: text }));

/** An event stream's lines are text; what their data are stands beside. */
function contentOf(r: Route): Readonly<Record<string, unknown>> {
  if (r.kind === 'stream')
    return { 'text/event-stream': { schema: { type: 'string', 'x-events': r.events } } };
  if (r.kind === 'steps') return { 'application/x-ndjson': { schema: wishLine } };
  if (r.kind === 'text') return { [r.media.split(';')[0] ?? r.media]: { schema: text } };
  return json(r.answer ?? anything);
}

const refusals: Readonly<Record<string, string>> = {
  400: 'What was asked does not fit',
  401: 'Nobody is logged in',
  403: 'The role does not suffice, or another page asks',
  404: 'There is no such thing',
  409: 'It was not done',
  413: 'The body is too large',
  415: 'The body is not JSON',
  421: 'The host is not a name of this gateway',
  429: 'Too much at once, or too many wrong attempts',
  503: 'It cannot be done now',
};

const responses = (r: Route) => ({
  200: { description: 'Done', content: contentOf(r) },
  ...Object.fromEntries(
    Object.entries(refusals).map(([status, description]) => [
      status,
      { description, content: json({ $ref: '#/components/schemas/Refusal' }) },
    ]),
  ),
});

// The schemas are written with `exactly`, whose members stand in `properties`.
const membersOf = (schema: Schema | undefined): Members => (schema?.properties ?? {}) as Members;
const requiredOf = (schema: Schema | undefined): readonly string[] =>
  (schema?.required ?? []) as readonly string[];

function parametersOf(r: Route) {
  const inPath = Object.entries(membersOf(paramsSchema(r))).map(([name, schema]) => ({
    name,
    in: 'path',
    required: true,
    schema,
  }));
  const inQuery = Object.entries(membersOf(r.query)).map(([name, schema]) => ({
    name,
    in: 'query',
    required: requiredOf(r.query).includes(name),
    schema,
  }));
  return [...inPath, ...inQuery];
}

const operationId = ({ method, path }: Route): string =>
  `${method.toLowerCase()}${path.replace(/[^a-z0-9]+/gi, '_')}`;

const operation = (r: Route) => ({
  operationId: operationId(r),
  summary: r.summary,
  description: r.role === 'anyone' ? 'Needs no login.' : `Takes the role ${r.role} or more.`,
  security: r.role === 'anyone' ? [] : [{ cookie: [] }, { token: [] }],
  ...(parametersOf(r).length > 0 && { parameters: parametersOf(r) }),
  ...(r.method === 'POST' && { requestBody: { required: true, content: json(r.body ?? nothing) } }),
  responses: responses(r),
});

const templated = ({ path }: Route): string =>
  paramNames(path).reduce((all, name) => all.replace(`:${name}`, `{${name}}`), `${API}${path}`);

export function openApi(routes: readonly Route[], version: string): object {
  const paths = new Map<string, Record<string, unknown>>();
  for (const r of routes)
    paths.set(templated(r), { ...paths.get(templated(r)), [r.method.toLowerCase()]: operation(r) });
  return {
    openapi: '3.1.0',
    info: {
      title: 'bmsgate',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description: `What is unknown is absent, never a number that looks real. Names of signals are those of the catalogue (docs/profiles.md). Roles: ${roles.join(' < ')}.`,
    },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(paths),
    components: {
      schemas: { Refusal: refusal },
      securitySchemes: {
        cookie: { type: 'apiKey', in: 'cookie', name: 'bmsgate' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

/** Describes itself too. */
export function openApiRoute(routes: readonly Route[], version: string): Route {
  let made: object | undefined;
  const own = route({
    method: 'GET',
    path: '/openapi.json',
    role: 'viewer',
    summary: 'This description.',
    answer: having({ openapi: text }),
    handle() {
      made ??= openApi([...routes, own], version);
      return made;
    },
  });
  return own;
}
