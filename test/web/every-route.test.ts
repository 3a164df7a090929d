// What no route may be asked, of each route of the table: so that a new one cannot be forgotten.
import { expect, test } from 'vitest';
import { type Role, roles } from '../../src/model/api/site.ts';
import type { Route } from '../../src/web/route.ts';
import { type Good, goodQuestions } from './good-questions.ts';
import { type Call, type WebHouse, webHouse } from './web-house.ts';

const keyOf = ({ method, path }: Route): string => `${method} ${path}`;

interface Scene extends WebHouse {
  readonly cookies: Record<Role, string>;
  /** Each route, with a question that it would answer. */
  readonly all: readonly { route: Route; good: Good; key: string; url: string; cookie: string | undefined }[];
  /** Asks, and holds that the gateway was not reached and that nothing was written. */
  readonly refused: (url: string, call: Call) => Promise<number>;
}

async function scene(): Promise<Scene> {
  const house = await webHouse();
  const cookies = await house.people();
  await house.call('/tokens', { cookie: cookies.installer, body: { name: 'script', role: 'viewer' } });
  const all = house.server.routes.map((route) => {
    const good = goodQuestions[keyOf(route)];
    if (!good) throw new Error(`there is no good question for ${keyOf(route)}`);
    const url = good.query === undefined ? good.path : `${good.path}?${good.query}`;
    const cookie = route.role === 'anyone' ? undefined : cookies[route.role];
    return { route, good, key: keyOf(route), url, cookie };
  });
  const { file, paper, call } = house;
  const before = file.disk.text;
  async function refused(url: string, asked: Call): Promise<number> {
    const answer = await call(url, asked);
    // A head has no body, and a login that is refused by its name tells no more.
    expect([url, answer.json]).toEqual([url, { why: expect.stringMatching(/^.{8,}$/) }]);
    expect(file.disk.text).toBe(before);
    expect(paper.asked).toEqual([]);
    // A minute later: what was refused has counted, and must not stand in the way of what comes next.
    house.time.jump(60_000);
    return answer.status;
  }
  return { ...house, cookies, all, refused };
}

const bodyOf = ({ body }: Good): Pick<Call, 'body'> => (body ? { body } : {});

test('without a login every route but those of the login is closed, with 401', async () => {
  const { all, refused } = await scene();
  for (const { route, good, url, key } of all)
    if (route.role !== 'anyone') expect([key, await refused(url, bodyOf(good))]).toEqual([key, 401]);
});

test('a role that does not suffice is told so, with 403', async () => {
  const { all, refused, cookies } = await scene();
  for (const { route, good, url, key } of all)
    for (const role of roles) {
      if (route.role === 'anyone' || roles.indexOf(role) >= roles.indexOf(route.role)) continue;
      const status = await refused(url, { ...bodyOf(good), cookie: cookies[role] });
      expect([key, role, status]).toEqual([key, role, 403]);
    }
});

test('a token that is not known opens nothing, not even what anyone may see', async () => {
  const { all, refused } = await scene();
  for (const { good, url, key } of all)
    for (const authorization of ['Bearer bmsgate_wrong', 'Basic YTpi', 'Bearer'])
      expect([key, await refused(url, { ...bodyOf(good), headers: { authorization } })]).toEqual([key, 401]);
});

test('a page of another site can ask for nothing', async () => {
  const { all, refused, port } = await scene();
  for (const { route, good, url, key, cookie } of all) {
    const foreign = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      ...(route.method === 'POST'
        ? [
            { origin: 'http://evil.example' },
            { origin: 'null' },
            { origin: `https://127.0.0.1:${port}` },
            { origin: `http://127.0.0.1:${port + 1}` },
          ]
        : []),
    ] as Record<string, string>[];
    for (const headers of foreign)
      expect([key, headers, await refused(url, { ...bodyOf(good), cookie, headers })]).toEqual([
        key,
        headers,
        403,
      ]);
  }
});

test('each is asked in its own way: every other method is refused with 405 and what it takes', async () => {
  const { all, call, paper } = await scene();
  for (const { route, url, key, cookie } of all) {
    const taken = all.filter((other) => other.route.path === route.path).map((other) => other.route.method);
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      if (taken.some((own) => own === method)) continue;
      const answer = await call(url, { method, cookie, ...(method === 'POST' && { body: {} }) });
      expect([key, method, answer.status]).toEqual([key, method, 405]);
      expect(
        answer.headers
          .get('allow')
          ?.split(', ')
          .filter((own) => own !== 'HEAD'),
      ).toEqual(taken);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  }
  expect(paper.asked).toEqual([]);
});

test('what changes something is JSON and nothing else', async () => {
  const { all, refused, call } = await scene();
  const posts = all.filter(({ route }) => route.method === 'POST');
  for (const { good, url, key, cookie } of posts) {
    const body = JSON.stringify(good.body);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'text/json',
    ])
      expect([key, type, await refused(url, { body, cookie, headers: { 'content-type': type } })]).toEqual([
        key,
        type,
        415,
      ]);
    expect((await call(url, { method: 'POST', cookie })).status).toBe(415);
    for (const wrong of ['{', 'null', '[]', '1', '"x"', 'undefined', '\u0000', '[[[['])
      expect([key, wrong, await refused(url, { body: wrong, cookie })]).toEqual([key, wrong, 400]);
  }
});

test('a body over 256 kB is refused with 413', async () => {
  const { all, refused } = await scene();
  for (const { route, url, key, cookie } of all)
    if (route.method === 'POST')
      expect([key, await refused(url, { body: { x: 'x'.repeat(262_144) }, cookie })]).toEqual([key, 413]);
});

/** Nothing that any member may be. */
const wrongValues = [null, {}, [], [1], -1, 1.5, '', 'x'.repeat(300_0), '\u0000', true] as const;

test('a member that is missing, unknown or of another kind is refused with 400', async () => {
  const { all, refused } = await scene();
  for (const { route, good, url, key, cookie } of all) {
    if (route.method !== 'POST' || !good.body) continue;
    const { body } = good;
    const bad = [
      { ...body, unknown: 1 },
      JSON.parse(
        `${JSON.stringify(body).slice(0, -1)}${Object.keys(body).length ? ',' : ''}"__proto__":{"role":"installer"}}`,
      ),
      ...Object.keys(body)
        .filter((member) => !(key === 'POST /claim' && member === 'name'))
        .map((member) => ({ ...body, [member]: undefined })),
      ...Object.entries(body).flatMap(([member, value]) =>
        wrongValues
          .filter((wrong) => typeof wrong !== typeof value)
          .map((wrong) => ({ ...body, [member]: wrong })),
      ),
    ];
    for (const wrong of bad)
      expect([key, wrong, await refused(url, { body: JSON.stringify(wrong), cookie })]).toEqual([
        key,
        wrong,
        400,
      ]);
  }
});

test('a question in the address is held against its schema too', async () => {
  const { all, refused } = await scene();
  for (const { route, good, key, cookie } of all) {
    const asked = (query: string) => refused(`${good.path}?${query}`, { ...bodyOf(good), cookie });
    expect([key, await asked(`${good.query ?? ''}&unknown=1`)]).toEqual([key, 400]);
    for (const pair of (good.query ?? '').split('&').filter(Boolean)) {
      const [name = ''] = pair.split('=');
      expect([key, name, await asked(`${good.query}&${pair}`)]).toEqual([key, name, 400]);
      if (name === 'columns' || name === 'battery') continue;
      for (const wrong of ['x', '-1', '1.5', '1e400', 'NaN', '', '%00'])
        expect([
          key,
          name,
          wrong,
          await asked(`${(good.query ?? '').replace(pair, `${name}=${wrong}`)}`),
        ]).toEqual([key, name, wrong, 400]);
    }
    if (/:\w+/.test(route.path)) {
      const long = good.path.replace(/^(\/\w+\/)\w+/, `$1${'x'.repeat(100)}`);
      expect([key, await refused(long, { ...bodyOf(good), cookie })]).toEqual([key, 400]);
    }
  }
});

test('a name that others can give this machine is not answered', async () => {
  const { all, raw, paper } = await scene();
  for (const { route, good, url, key, cookie } of all) {
    const body = JSON.stringify(good.body ?? '');
    const head = `${route.method} /api/v1${url} HTTP/1.1\r\nHost: evil.example:3001\r\nCookie: ${cookie}\r\nConnection: close\r\n`;
    const { socket, heard } = await raw(
      route.method === 'POST'
        ? `${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
        : `${head}\r\n`,
    );
    await new Promise((resolve) => socket.once('close', resolve));
    expect([key, heard().split('\r\n')[0]]).toEqual([key, 'HTTP/1.1 421 Misdirected Request']);
  }
  expect(paper.asked).toEqual([]);
});

test('whatever the role, each says what it says only to be kept by nobody', async () => {
  const { all, call } = await scene();
  for (const { route, good, url, key, cookie } of all) {
    if (route.kind === 'stream') continue;
    const { headers } = await call(url, { ...bodyOf(good), cookie });
    expect([key, headers.get('cache-control')]).toEqual([key, 'no-store']);
    expect([key, headers.get('x-content-type-options')]).toEqual([key, 'nosniff']);
    expect([key, headers.get('content-security-policy')]).toEqual([
      key,
      expect.stringContaining("default-src 'self'"),
    ]);
  }
});
