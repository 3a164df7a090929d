// A person at the page, as the API sees one.
import { setTimeout as rest } from 'node:timers/promises';
import type { Live } from '../../src/model/api/live.ts';

export interface Visitor {
  readonly get: (path: string) => Promise<unknown>;
  readonly post: (path: string, body?: object) => Promise<unknown>;
  /** What is told step by step, the end last. */
  readonly steps: (path: string, body: object) => Promise<readonly unknown[]>;
  readonly live: () => Promise<Live>;
}

const LOOK_EVERY_MS = 250;

/** Comes to `127.0.0.1:port` by logging in, or by claiming. Rejects when nobody is there or it is refused. */
async function enter(port: number, door: '/login' | '/claim', key: object): Promise<Visitor> {
  const origin = `http://127.0.0.1:${port}`;
  let cookie = '';
  async function textOf(path: string, init: RequestInit = {}): Promise<string> {
    const headers = { Origin: origin, 'Content-Type': 'application/json', Cookie: cookie };
    const response = await fetch(`${origin}/api/v1${path}`, { ...init, headers });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return response.text();
  }
  const ask = async (path: string, init?: RequestInit): Promise<unknown> =>
    JSON.parse(await textOf(path, init));
  const sent = (body: object): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });
  const post = (path: string, body: object = {}) => ask(path, sent(body));
  const welcome = await post(door, key);
  if (typeof welcome !== 'object' || welcome === null || !('role' in welcome))
    throw new Error(JSON.stringify(welcome));
  return {
    get: (path) => ask(path),
    post,
    steps: async (path, body) =>
      (await textOf(path, sent(body)))
        .split('\n')
        .filter(Boolean)
        .map((line): unknown => JSON.parse(line)),
    async live() {
      // Who asks more often than the gateway answers one address is refused.
      await rest(LOOK_EVERY_MS);
      // The gateway answers with what its contract says.
      return ((await ask('/state')) as { live: Live }).live;
    },
  };
}

export const visitor = (port: number, name: string, password: string): Promise<Visitor> =>
  enter(port, '/login', { name, password });

/** Makes the first account. */
export const claimer = (port: number, code: string): Promise<Visitor> =>
  enter(port, '/claim', { code, name: 'anna', password: 'a cellar at nine' });
