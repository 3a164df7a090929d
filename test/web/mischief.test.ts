import { once } from 'node:events';
import { type RequestOptions, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Passwords } from '../../src/web/passwords.ts';
import { type Asked, type JsonRoute, type Route, route } from '../../src/web/route.ts';
import { accountRoutes } from '../../src/web/routes/account-routes.ts';
import { loginRoutes } from '../../src/web/routes/login-routes.ts';
import { eventually } from '../eventually.ts';
import { PASSWORD, type WebHouse, webHouse } from './web-house.ts';

/** Asks from another address of this machine; the status. */
async function askFrom(port: number, localAddress: string, path: string, body?: object): Promise<number> {
  const options: RequestOptions = { host: '127.0.0.1', port, localAddress, path: `/api/v1${path}` };
  const asking = request({
    ...options,
    agent: false,
    ...(body && { method: 'POST', headers: { 'content-type': 'application/json' } }),
  });
  asking.end(body && JSON.stringify(body));
  const [response] = await once(asking, 'response');
  response.resume();
  return response.statusCode;
}

/** Passwords whose work waits until it is let go. */
function held(passwords: Passwords) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const after = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work;
    await promise;
    return done;
  };
  return {
    letGo: resolve,
    passwords: {
      hash: (password: string) => after(passwords.hash(password)),
      fits: (...asked: Parameters<Passwords['fits']>) => after(passwords.fits(...asked)),
    },
  };
}

const jsonRoute = (routes: readonly Route[], path: string, method: 'GET' | 'POST' = 'POST'): JsonRoute => {
  const found = routes.find((one) => one.path === path && one.method === method);
  if (!found || found.kind !== undefined) throw new Error(`no ${path}`);
  return found;
};

/** Who asks with this cookie. */
const callerOf = ({ server }: WebHouse, cookie: string) => {
  const caller = server.access.whois({ address: '127.0.0.1', cookie: cookie.replace('bmsgate=', '') });
  if (!caller) throw new Error('nobody');
  return caller;
};

function asked(house: WebHouse, cookie: string, body: object, params: object = {}) {
  const secrets: (string | undefined)[] = [];
  const question: Asked = {
    body,
    params,
    query: {},
    by: callerOf(house, cookie).name,
    left: new AbortController().signal,
    caller: callerOf(house, cookie),
    keepLogin: (secret) => void secrets.push(secret),
  };
  return { question, secrets };
}

describe('while a password is being proven', () => {
  test('a login with one that is changed meanwhile comes to nothing', async () => {
    const house = await webHouse();
    const cookie = await house.claimed();
    const { passwords, letGo } = held(house.server.access.passwords);
    const routes = loginRoutes({ ...house.server.access, passwords });
    const { question, secrets } = asked(house, '', { name: 'ada', password: PASSWORD });
    const login = jsonRoute(routes, '/login').handle(question);
    const change = { old: PASSWORD, password: 'another password' };
    expect((await house.call('/password', { cookie, body: change })).status).toBe(200);
    letGo();
    expect([await login, secrets]).toEqual([{ why: 'the name or the password is wrong', status: 401 }, []]);
  });

  test('a login of an account that is removed meanwhile does not open the next one of that name', async () => {
    const house = await webHouse();
    const { call } = house;
    const { viewer: _, installer } = await house.people();
    const { passwords, letGo } = held(house.server.access.passwords);
    const routes = loginRoutes({ ...house.server.access, passwords });
    const { question, secrets } = asked(house, '', { name: 'viewer', password: PASSWORD });
    const login = jsonRoute(routes, '/login').handle(question);
    expect((await call('/accounts/viewer/remove', { cookie: installer, body: {} })).status).toBe(200);
    const again = { name: 'viewer', role: 'installer', password: 'a password of another' };
    expect((await call('/accounts', { cookie: installer, body: again })).status).toBe(200);
    letGo();
    expect([await login, secrets]).toEqual([{ why: 'the name or the password is wrong', status: 401 }, []]);
  });

  test('an installer who is removed makes no account any more', async () => {
    const house = await webHouse();
    const { call, file } = house;
    const cookie = await house.claimed();
    await call('/accounts', { cookie, body: { name: 'eve', role: 'installer', password: PASSWORD } });
    const eve = await house.logIn('eve');
    const { passwords, letGo } = held(house.server.access.passwords);
    const routes = accountRoutes({ ...house.server.access, passwords });
    const back = { name: 'back', role: 'installer', password: PASSWORD };
    const making = jsonRoute(routes, '/accounts').handle(asked(house, eve, back).question);
    expect((await call('/accounts/eve/remove', { cookie, body: {} })).status).toBe(200);
    letGo();
    expect(await making).toMatchObject({ status: 401 });
    expect(file.disk.text).not.toContain('back');
  });

  test('the own password does not undo the one that an installer sets meanwhile', async () => {
    const house = await webHouse();
    const { viewer, installer } = await house.people();
    const { passwords, letGo } = held(house.server.access.passwords);
    const routes = loginRoutes({ ...house.server.access, passwords });
    const { question } = asked(house, viewer, { old: PASSWORD, password: 'what the thief wants' });
    const changing = jsonRoute(routes, '/password').handle(question);
    const body = { password: 'set by the installer' };
    expect((await house.call('/accounts/viewer/password', { cookie: installer, body })).status).toBe(200);
    letGo();
    expect(await changing).toMatchObject({ status: 401 });
    expect(await house.logIn('viewer', 'set by the installer')).not.toBe('');
  });
});

test('a body that comes after the logout changes nothing', async () => {
  const { call, claimed, raw, paper } = await webHouse();
  const cookie = await claimed();
  const { socket, heard } = await raw(
    `POST /api/v1/events/e1/acknowledge HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n`,
  );
  await eventually(() => expect(heard()).toContain('100 Continue'));
  expect((await call('/logout', { cookie, body: {} })).status).toBe(200);
  socket.write('{}');
  await eventually(() => expect(heard()).toContain('HTTP/1.1 401'));
  expect(paper.asked).toEqual([]);
});

describe('a stranger in the house', () => {
  test('cannot keep the owner out by failing under the owner’s name from many addresses', async () => {
    const { port, claimed, logIn } = await webHouse();
    await claimed();
    const guess = { name: 'ada', password: 'a guess of mine' };
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++)
      statuses.push(await askFrom(port, `127.0.1.${1 + (n % 6)}`, '/login', guess));
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    expect(await logIn('ada')).not.toBe('');
    expect(await askFrom(port, '127.0.1.9', '/login', guess)).toBe(429);
  });

  test('cannot take all connections: others are served', async () => {
    const { port } = await webHouse();
    const ended = Array.from({ length: 70 }, () => {
      const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.2.1' });
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {});
      return socket;
    });
    await eventually(() => expect(ended.filter(({ destroyed }) => destroyed)).toHaveLength(6));
    expect(await askFrom(port, '127.0.2.2', '/session')).toBe(200);
    for (const socket of ended) socket.destroy();
    await eventually(async () => expect(await askFrom(port, '127.0.2.1', '/session')).toBe(200));
  });
});

test('one address takes half of the places of a stream, and leaves the others to others', async () => {
  const { port } = await webHouse({ isOpenView: true });
  const listenFrom = (localAddress: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port, localAddress, path: '/api/v1/live', agent: false });
      onTestFinished(() => void asking.destroy());
      asking.on('error', reject);
      asking.end();
      asking.once('response', (response) => {
        response.resume().on('error', () => {});
        resolve(response.statusCode);
      });
    });
  const statuses: (number | undefined)[] = [];
  for (let n = 0; n < 26; n++) statuses.push(await listenFrom('127.0.4.1'));
  expect(statuses).toEqual([...Array(25).fill(200), 503]);
  expect(await listenFrom('127.0.4.2')).toBe(200);
});

describe('an address in another spelling', () => {
  test.each(['/%61pi/v1/session', 'http://localhost/api/v1/session', '/api/v1/session'])(
    'is kept in no cache: %s',
    async (path) => {
      const { raw } = await webHouse();
      const { heard } = await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      await eventually(() => expect(heard()).toContain('is_claimed'));
      expect(heard()).toMatch(/cache-control: no-store/i);
    },
  );

  test.each(['/%zz', '/api/v1/events/%ff/acknowledge', '/%3Cscript%3E%zz'])(
    'that cannot be read gets one sentence, nothing of it back, and the headers of every answer: %s',
    async (path) => {
      const { raw } = await webHouse();
      const { heard } = await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      await eventually(() => expect(heard()).toContain('{"why":"the address cannot be read"}'));
      expect(heard()).toMatch(/^HTTP\/1\.1 400 /);
      expect(heard()).toMatch(/content-security-policy: /i);
      expect(heard()).not.toContain('zz');
    },
  );
});

describe('whoever asks for much and takes nothing', () => {
  /** More than the machine itself keeps for a client that does not read. */
  const much = route({
    method: 'GET',
    path: '/much',
    role: 'anyone',
    summary: 'Much.',
    isLarge: true,
    handle: () => ({ text: 'x'.repeat(12 * 1024 * 1024) }),
  });

  test('holds a few large answers and no more, and these not for long', async () => {
    const { raw, call, time } = await webHouse({ routes: [much] });
    const ask = async () => {
      const one = await raw();
      one.socket.pause();
      one.socket.write('GET /api/v1/much HTTP/1.1\r\nHost: localhost\r\n\r\n');
      return one.socket;
    };
    const sockets = await Promise.all([ask(), ask(), ask()]);
    await eventually(async () => expect((await call('/much', { method: 'HEAD' })).status).toBe(503));
    expect((await call('/session')).status).toBe(200);
    time.until(time.clock() + 125_000);
    await eventually(async () => expect((await call('/much')).status).toBe(200));
    for (const socket of sockets) socket.resume();
    await Promise.all(sockets.map(async (socket) => socket.closed || once(socket, 'close')));
  });
});
