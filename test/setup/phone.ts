// What a page asks, without the page: one phone with its cookie.
export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
}

export interface Phone {
  readonly get: <T = unknown>(path: string) => Promise<Answer<T>>;
  readonly post: <T = unknown>(path: string, body: unknown) => Promise<Answer<T>>;
}

export function phone(url: string): Phone {
  let cookie = '';
  async function ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        Origin: url,
        ...(cookie !== '' && { Cookie: cookie }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const [given] = response.headers.getSetCookie();
    if (given !== undefined) cookie = given.split(';')[0] ?? '';
    // The test says which route it asks, and what that gives.
    return { status: response.status, body: (await response.json().catch(() => undefined)) as T };
  }
  return { get: (path) => ask('GET', path), post: (path, body) => ask('POST', path, body) };
}
