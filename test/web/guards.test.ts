import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hostRefusal, isJson, type Names, originRefusal } from '../../src/web/guards.ts';
import { household, newPatience } from '../../src/web/patience.ts';
import { newRate } from '../../src/web/rate.ts';
import { serveWeb } from '../../src/web/server.ts';
import { crankedClock } from '../can/clock.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../house/site.ts';
import { paperFile, webHouse } from './web-house.ts';

/** However it comes about. */
const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

const names: Names = { hostname: 'Cellar.example.net', hosts: ['battery.example.org'], isSecure: false };

describe('the name that a browser calls', () => {
  test.each([
    'localhost',
    'LOCALHOST:3001',
    '127.0.0.1:3001',
    '192.168.1.20',
    '[::1]:3001',
    '[fd00::1]',
    'cellar:3001',
    'cellar.local',
    'cellar.local.:3001',
    'cellar.fritz.box',
    'cellar.example.net',
    'battery.example.org',
    'Battery.Example.org:443',
  ])('is answered where only we can have it: %s', (host) => {
    expect(hostRefusal(host, names)).toBeUndefined();
  });

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'cellar.evil.example',
    'battery.example.org.evil.example',
    'xcellar.local',
    '[evil]',
    '[::1].evil.example',
    '256.1.1.1',
    '',
    'a b',
    'localhost/..',
    undefined,
  ])('is refused where others can give it to us: %s', (host) => {
    expect(hostRefusal(host, names)).toBeDefined();
  });

  test('is never answered for a name of somebody else’s domain', () => {
    const foreign = fc.domain().filter((name) => !/\.(local|lan|home|internal|localdomain)$/.test(name));
    fc.assert(fc.property(foreign, (name) => hostRefusal(name, names) !== undefined));
  });
});

describe('the page that is behind a request', () => {
  const asks = (method: string, headers: object, secure = false) =>
    originRefusal(method, { host: 'cellar:3001', ...headers }, { ...names, isSecure: secure });

  test('is our own, or no page at all', () => {
    expect(asks('POST', { origin: 'http://cellar:3001', 'sec-fetch-site': 'same-origin' })).toBeUndefined();
    expect(asks('POST', { origin: 'https://cellar:3001' }, true)).toBeUndefined();
    expect(asks('POST', {})).toBeUndefined();
    expect(asks('GET', { origin: 'http://evil.example' })).toBeUndefined();
    expect(asks('GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBeUndefined();
  });

  test('is refused where it is another, by scheme, name or port', () => {
    for (const origin of [
      'https://cellar:3001',
      'http://cellar',
      'http://cellar:3002',
      'http://evil',
      'null',
      '',
    ])
      expect([origin, asks('POST', { origin })?.status]).toEqual([origin, 403]);
    expect(asks('POST', { origin: 'http://cellar:3001' }, true)?.status).toBe(403);
    expect(asks('POST', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' })?.status).toBe(403);
  });

  test('may be of HTTPS behind a proxy, under a name of the gateway file alone', () => {
    const proxied = (host: string) => originRefusal('POST', { host, origin: `https://${host}` }, names);
    expect(proxied('battery.example.org')).toBeUndefined();
    expect(proxied('cellar')?.status).toBe(403);
  });
});

test('only JSON is JSON', () => {
  for (const type of [
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/json;charset="utf-8"',
  ])
    expect([type, isJson(type)]).toEqual([type, true]);
  for (const type of [
    undefined,
    '',
    'text/plain',
    'application/jsonp',
    'application/json, text/plain',
    'text/json',
  ])
    expect([type, isJson(type)]).toEqual([type, false]);
});

test('an IPv6 household is one, and an IPv4 address is one however it is written', () => {
  expect(household('2001:db8:1:2:aaaa::1')).toBe(household('2001:db8:1:2::2'));
  expect(household('2001:db8:1:3::1')).not.toBe(household('2001:db8:1:2::1'));
  expect(household('::1')).toBe('0:0:0:0');
  expect(household('::ffff:192.168.1.20')).toBe('192.168.1.20');
});

test('a wait doubles up to its most, is forgotten after an hour, and thousands of names take no memory', () => {
  const { clock, jump } = crankedClock();
  const patience = newPatience(clock, { free: 2, firstMs: 1000, mostMs: 5000 });
  const waits = Array.from({ length: 6 }, () => {
    patience.failed('a');
    return patience.waitMs('a');
  });
  expect(waits).toEqual([0, 1000, 2000, 4000, 5000, 5000]);
  jump(60 * 60_000 + 1);
  expect(patience.waitMs('a')).toBe(0);
  for (let n = 0; n < 5000; n++) patience.failed(`b${n}`);
  patience.failed('b4999');
  expect(patience.waitMs('b4999')).toBe(1000);
});

test('a burst is free, a flood is not, and a second later there is room again', () => {
  const { clock, jump } = crankedClock();
  const isTooMuch = newRate(clock, { most: 10, perSecond: 5 });
  const ask = (times: number) =>
    Array.from({ length: times }, () => isTooMuch('a')).filter((no) => !no).length;
  expect(ask(50)).toBe(10);
  expect(isTooMuch('b')).toBe(false);
  jump(1000);
  expect(ask(50)).toBe(5);
});

describe('the server', () => {
  test('hangs up on who asks before the last question was answered', async () => {
    const { raw, paper, claimed } = await webHouse();
    const cookie = await claimed();
    const { socket, heard } = await raw();
    socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\n\r\n`.repeat(1000));
    await closed(socket);
    expect(paper.asked.length).toBeLessThan(2);
    expect(heard().split('HTTP/1.1').length).toBeLessThan(3);
  });

  test('answers one question after the other on one connection', async () => {
    const { raw, claimed } = await webHouse();
    const cookie = await claimed();
    const { socket, heard } = await raw();
    for (let n = 1; n <= 5; n++) {
      socket.write(`GET /api/v1/site HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\n\r\n`);
      await eventually(() => expect(heard().match(/HTTP\/1.1 200/g)).toHaveLength(n));
      await eventually(() => expect(heard().endsWith('}')).toBe(true));
    }
  });

  test('has one line for what is no HTTP, and for headers without end', async () => {
    const { raw } = await webHouse();
    for (const [nonsense, line] of [
      ['\x16\x03\x01\x02\x00\x01\r\n\r\n', '400 Bad Request'],
      ['GET / HTTP/1.1\r\n\r\n', '400 Bad Request'],
      [
        `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}`,
        '431 Request Header Fields Too Large',
      ],
      [
        'POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
        '400 Bad Request',
      ],
    ] as const) {
      const { socket, heard } = await raw(nonsense);
      await closed(socket);
      expect(heard()).toMatch(new RegExp(`^HTTP/1.1 ${line}\r\n`));
    }
  });

  test('counts what a household asks, and asks it to wait', async () => {
    const { call, time } = await webHouse();
    let status = 200;
    for (let n = 0; n < 400 && status !== 429; n++) status = (await call('/session')).status;
    expect(status).toBe(429);
    expect((await call('/session')).headers.get('retry-after')).toBe('1');
    time.jump(1000);
    expect((await call('/session')).status).toBe(200);
  });

  test('says once that its port is in use, and serves when it is free', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const time = crankedClock();
    const said: string[] = [];
    const server = await serveWeb(
      {
        at: { host: '127.0.0.1', port },
        hosts: [],
        page: '/nowhere',
        version: '1',
        store: paperFile().store,
        isOpenView: true,
        routes: [],
      },
      { clock: time.clock, wallClock: Date.now, after: time.after, say: ({ text }) => void said.push(text) },
    );
    onTestFinished(server.close);
    const inUse = () => said.filter((text) => text.includes('the port is in use'));
    await eventually(() => expect(inUse()).toHaveLength(1));
    time.until(10_000);
    await new Promise((resolve) => setImmediate(resolve));
    other.close();
    await once(other, 'close');
    await eventually(() => {
      time.until(time.clock() + 10_000);
      expect(said.at(-1)).toBe(`the page is served at http://127.0.0.1:${port}`);
    });
    expect(inUse()).toHaveLength(1);
    expect((await fetch(`http://127.0.0.1:${port}/api/v1/session`)).status).toBe(200);
  });

  test('goes on after a route that throws, and tells the client nothing of it', async () => {
    const { call, said } = await webHouse({
      isOpenView: true,
      routes: [
        {
          method: 'GET',
          path: '/broken',
          role: 'viewer',
          summary: 'Breaks.',
          handle: () => {
            throw new Error('secret /var/lib');
          },
        },
      ],
    });
    const broken = await call('/broken');
    expect([broken.status, broken.json]).toEqual([500, { why: 'something went wrong; the log says what' }]);
    expect(said.at(-1)).toBe('error GET /api/v1/broken failed: secret /var/lib');
    expect((await call('/session')).status).toBe(200);
  });
});

describe('the files of the page', () => {
  function builtPage(): string {
    const folder = mkdtempSync(join(tmpdir(), 'bmsgate-page-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html>the page');
    writeFileSync(join(folder, 'assets', 'index-AbC123.js'), 'script();');
    writeFileSync(join(folder, 'assets', 'index-AbC123.js.gz'), 'packed');
    writeFileSync(join(folder, '.secret'), 'hidden');
    return folder;
  }
  const visit = async (port: number, path: string, headers = {}, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers, method });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  test('are the same for each of its own addresses, and nothing is at others', async () => {
    const { port } = await webHouse({ page: builtPage() });
    for (const path of [
      '/',
      '/cells',
      '/inspector',
      '/settings',
      '/history?days=7',
      '/setup',
      '/cells//',
      '/index.html',
    ]) {
      const { status, text, headers } = await visit(port, path);
      expect([path, status, text]).toEqual([path, 200, '<!doctype html>the page']);
      expect(headers.get('cache-control')).toBe('no-cache');
      expect(headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('strict-transport-security')).toBeNull();
    }
    for (const path of [
      '/nix',
      '/.secret',
      '/assets/',
      '/assets/nix.js',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..%2f..%2fetc/passwd',
      '/api/v1/nix',
      '/api',
      '/api/v2/site',
      '/index.html/x',
    ])
      expect([path, (await visit(port, path)).status]).toEqual([path, 404]);
    expect((await visit(port, '/cells', {}, 'POST')).status).toBe(415);
    expect((await visit(port, '/cells', {}, 'DELETE')).status).toBe(405);
    expect((await visit(port, '/cells', {}, 'HEAD')).status).toBe(200);
  });

  test('tell a reader who is nowhere so, with the status that programs understand, and give nothing of the address back', async () => {
    const { port, raw } = await webHouse({ page: builtPage() });
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    for (const path of [
      '/nix',
      '/cells/nix',
      '/.secret',
      '/..%2f..%2fetc/passwd',
      '/%3Cscript%3E',
      '/login/x',
    ]) {
      const { status, text, headers } = await visit(port, path, { accept });
      expect([path, status, text]).toEqual([path, 404, '<!doctype html>the page']);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('content-security-policy')).toContain("script-src 'self'");
      expect([headers.get('etag'), headers.get('cache-control')]).toEqual([null, 'no-cache']);
    }
    const again = {
      accept,
      'if-none-match': '"x"',
      'if-modified-since': new Date().toUTCString(),
      range: 'bytes=0-3',
    };
    for (const headers of [
      again,
      { accept, 'if-none-match': '*' },
      { accept, 'if-match': '"x"' },
      { accept, 'if-unmodified-since': new Date(0).toUTCString() },
    ])
      expect(await visit(port, '/nix', headers)).toMatchObject({
        status: 404,
        text: '<!doctype html>the page',
      });
    expect(await visit(port, '/nix', { accept }, 'HEAD')).toMatchObject({ status: 404, text: '' });
    expect((await visit(port, '/nix', { accept }, 'DELETE')).status).toBe(405);
    for (const path of ['/api/v1/nix', '/api']) {
      const { status, text } = await visit(port, path, { accept });
      expect([path, status, JSON.parse(text)]).toEqual([path, 404, { why: 'there is no such thing here' }]);
    }
    for (const [path, headers] of [
      ['/assets/nix.js', { accept }],
      ['/nix', { accept: '*/*' }],
      ['/favicon.ico', { accept: 'image/avif,image/*,*/*;q=0.8' }],
    ] as const) {
      const { status, text } = await visit(port, path, headers);
      expect([path, status, text]).toEqual([path, 404, 'there is no such page\n']);
    }
    const { socket, heard } = await raw(
      'GET /nix HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n',
    );
    await closed(socket);
    expect(heard()).toMatch(/^HTTP\/1.1 404 /);
    const unbuilt = await webHouse();
    expect(await visit(unbuilt.port, '/nix', { accept })).toMatchObject({
      status: 404,
      text: 'there is no such page\n',
    });
  });

  test('are kept for ever under a name with a hash, and come packed to who can unpack them', async () => {
    const { port, raw } = await webHouse({ page: builtPage() });
    const plain = await visit(port, '/assets/index-AbC123.js', { 'accept-encoding': 'identity' });
    expect([plain.status, plain.text, plain.headers.get('cache-control')]).toEqual([
      200,
      'script();',
      'public, max-age=31536000, immutable',
    ]);
    expect(plain.headers.get('content-type')).toMatch(/javascript/);
    const etag = (await visit(port, '/')).headers.get('etag');
    const ask = async (path: string, header: string) => {
      const { socket, heard } = await raw(
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\nConnection: close\r\n\r\n`,
      );
      await closed(socket);
      return heard();
    };
    expect(await ask('/cells', `If-None-Match: ${etag}`)).toMatch(/^HTTP\/1.1 304 /);
    const packed = await ask('/assets/index-AbC123.js', 'Accept-Encoding: gzip, deflate');
    expect(packed).toMatch(/content-encoding: gzip[\s\S]*packed$/i);
    expect(packed).toMatch(/vary: accept-encoding/i);
  });

  test('that were not built are one sentence, and the API works without them', async () => {
    const { port, call } = await webHouse();
    const { status, text } = await visit(port, '/');
    expect([status, text]).toEqual([
      503,
      'the page was not built: run `npm run build` where bmsgate is installed; the API works without it\n',
    ]);
    expect((await call('/session')).status).toBe(200);
  });
});
