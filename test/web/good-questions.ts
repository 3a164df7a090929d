// One question to each route that is answered with 200 by the gateway of paper.
import { CODE, PASSWORD } from './web-house.ts';

export interface Good {
  readonly path: string;
  readonly query?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** By method and path as the table has them. */
export const goodQuestions: Readonly<Record<string, Good>> = {
  'GET /session': { path: '/session' },
  'POST /login': { path: '/login', body: { name: 'viewer', password: PASSWORD } },
  'POST /logout': { path: '/logout', body: {} },
  'POST /claim': { path: '/claim', body: { code: CODE, name: 'eve', password: PASSWORD } },
  'POST /password': { path: '/password', body: { old: PASSWORD, password: PASSWORD } },
  'GET /accounts': { path: '/accounts' },
  'POST /accounts': { path: '/accounts', body: { name: 'eve', role: 'viewer', password: PASSWORD } },
  'POST /accounts/:name/password': { path: '/accounts/viewer/password', body: { password: PASSWORD } },
  'POST /accounts/:name/role': { path: '/accounts/viewer/role', body: { role: 'viewer' } },
  'POST /accounts/:name/remove': { path: '/accounts/viewer/remove', body: {} },
  'GET /tokens': { path: '/tokens' },
  'POST /tokens': { path: '/tokens', body: { name: 'home assistant', role: 'viewer' } },
  'POST /tokens/:name/remove': { path: '/tokens/script/remove', body: {} },
  'GET /site': { path: '/site' },
  'GET /state': { path: '/state' },
  'GET /live': { path: '/live' },
  'GET /talk': { path: '/talk' },
  'GET /log': { path: '/log' },
  'GET /history': { path: '/history', query: 'from_ms=0&to_ms=60000&columns=voltage_V,soc_pct&points=10' },
  'GET /history.csv': { path: '/history.csv', query: 'from_ms=0&to_ms=60000&columns=voltage_V&battery=a' },
  'GET /events': { path: '/events', query: 'from_ms=0&to_ms=60000&open=true&most=10' },
  'GET /events.csv': { path: '/events.csv' },
  'POST /events/:id/acknowledge': { path: '/events/e1/acknowledge', body: {} },
  'GET /inverters/:id/profile': { path: '/inverters/house/profile' },
  'POST /inverters/:id/trial': { path: '/inverters/house/trial', body: { text: 'id: x' } },
  'GET /batteries/:id/foretell': { path: '/batteries/a/foretell', query: 'what=link' },
  'POST /batteries/:id/rest': { path: '/batteries/a/rest', body: { what: 'link' } },
  'POST /batteries/:id/resume': { path: '/batteries/a/resume', body: {} },
  'POST /batteries/:id/command': {
    path: '/batteries/a/command',
    body: { kind: 'fet', direction: 'charge', on: false, confirmed: 'a' },
  },
  'GET /openapi.json': { path: '/openapi.json' },
};
