// A person at the page, as the API sees one.
import type { Live } from '../../src/model/api/live.ts';

export interface Visitor {
  readonly get: (path: string) => Promise<unknown>;
  readonly post: (path: string, body?: object) => Promise<unknown>;
  readonly live: () => Promise<Live>;
}

/** Logs in at `127.0.0.1:port`. Rejects when nobody is there or the password is wrong. */
export async function visitor(port: number, name: string, password: string): Promise<Visitor> {
  const origin = `http://127.0.0.1:${port}`;
  let cookie = '';
  async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
    const headers = { Origin: origin, 'Content-Type': 'application/json', Cookie: cookie };
    const response = await fetch(`${origin}/api/v1${path}`, { ...init, headers });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return response.json();
  }
  const post = (path: string, body: object = {}) => ask(path, { method: 'POST', body: JSON.stringify(body) });
  const welcome = await post('/login', { name, password });
  if (typeof welcome !== 'object' || welcome === null || !('role' in welcome))
    throw new Error(JSON.stringify(welcome));
  return {
    get: (path) => ask(path),
    post,
    // The gateway answers with what its contract says.
    live: async () => ((await ask('/state')) as { live: Live }).live,
  };
}
