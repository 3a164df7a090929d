import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { deliver } from '../../src/alerts/deliver.ts';
import { lookupFor } from '../../src/alerts/lookup.ts';
import { isOwnAddress, isOwnHost } from '../../src/alerts/own-net.ts';
import { troubleText } from '../../src/alerts/trouble-text.ts';
import { crankedClock } from '../can/clock.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../house/site.ts';
import { certificate, httpServer, httpsServer, tcpServer } from './servers.ts';

const body = '{"kind":"protection","text":"Zelle 7 über 3,66 V"}';

function letter(url: string) {
  const time = crankedClock();
  const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer tk_1' };
  const send = (ca?: string) =>
    deliver({ url: new URL(url), headers, body }, { after: time.after, ...(ca !== undefined && { ca }) });
  return { time, send };
}
const sent = (url: string) => letter(url).send();

describe('a server that takes a message', () => {
  test('gets the body whole, with its length in bytes and the token', async () => {
    const { heard, url } = await httpServer((_, response) => response.writeHead(204).end());
    expect(await sent(`${url}/hook?x=1`)).toEqual({ end: 'delivered' });
    expect(heard).toEqual([
      {
        path: '/hook?x=1',
        body,
        headers: expect.objectContaining({
          authorization: 'Bearer tk_1',
          'content-type': 'application/json',
          'content-length': `${Buffer.byteLength(body)}`,
        }),
      },
    ]);
  });

  test('has taken it, however long its answer is, and is not read to the end', async () => {
    let written = 0;
    let gone = false;
    const { url } = await httpServer((_, response) => {
      response.writeHead(200);
      response.on('close', () => {
        gone = true;
      });
      const pour = () => {
        while (!gone && response.write(Buffer.alloc(65_536))) written += 65_536;
        if (!gone) response.once('drain', pour);
      };
      pour();
    });
    expect(await sent(url)).toEqual({ end: 'delivered' });
    await eventually(() => expect(gone).toBe(true));
    // What lay in the buffers of both sides when it was let go.
    expect(written).toBeLessThan(50_000_000);
  });

  test('has taken it when its answer has no end, and is let go after 10 s', async () => {
    let gone = false;
    const { url } = await httpServer((_, response) => {
      response.writeHead(200).write('x');
      response.on('close', () => {
        gone = true;
      });
    });
    const { time, send } = letter(url);
    expect(await send()).toEqual({ end: 'delivered' });
    time.until(9_999);
    expect(gone).toBe(false);
    time.until(10_000);
    await eventually(() => expect(gone).toBe(true));
  });
});

describe('a server that does not', () => {
  test.each<[number, Record<string, string>, object]>([
    [500, {}, { end: 'later', why: 'answers 500 (Internal Server Error)' }],
    [
      503,
      { 'Retry-After': '30' },
      { end: 'later', why: 'answers 503 (Service Unavailable)', notBeforeMs: 30_000 },
    ],
    [
      429,
      { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' },
      { end: 'later', why: 'answers 429 (Too Many Requests)' },
    ],
    [408, {}, { end: 'later', why: 'answers 408 (Request Timeout)' }],
    [401, {}, { end: 'refused', why: 'answers 401 (Unauthorized); look at `token_file`' }],
    [404, {}, { end: 'refused', why: 'answers 404 (Not Found); correct the address' }],
    [413, {}, { end: 'refused', why: 'answers 413 (Payload Too Large); it does not take this message' }],
    [
      303,
      { Location: '/login' },
      { end: 'refused', why: 'answers 303 (See Other); it does not take this message' },
    ],
    [304, {}, { end: 'refused', why: 'answers 304 (Not Modified); it does not take this message' }],
    [799, {}, { end: 'later', why: 'answers 799' }],
  ])('but says %i is tried again only where that can help', async (status, headers, outcome) => {
    const { url } = await httpServer((_, response) => response.writeHead(status, headers).end());
    expect(await sent(url)).toEqual(outcome);
  });

  test('and wants to speak another protocol has refused the message; it is not waited for at all', async () => {
    const url = await tcpServer((socket) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
      ),
    );
    expect(await sent(url)).toEqual({
      end: 'refused',
      why: 'answers 101 (Switching Protocols); it does not take this message',
    });
  });

  test('is not called with a token of two lines; the token is not in the sentence', async () => {
    const { heard, url } = await httpServer((_, response) => response.writeHead(204).end());
    const post = { url: new URL(url), headers: { Authorization: 'Bearer tk_1\nX-Evil: tk_2' }, body };
    expect(await deliver(post, { after: crankedClock().after })).toEqual({
      end: 'later',
      why: 'is not called: no header can carry the token; write it into `token_file` as one line of plain letters',
    });
    expect(heard).toEqual([]);
  });

  test('and says nothing at all is waited for 10 s, not longer', async () => {
    const { url, heard } = await httpServer(() => {});
    const { time, send } = letter(url);
    const outcome = send();
    await eventually(() => expect(heard).toHaveLength(1));
    time.until(9_999);
    expect(await Promise.race([outcome, new Promise((r) => setImmediate(r, 'waits'))])).toBe('waits');
    time.until(10_000);
    expect(await outcome).toEqual({ end: 'later', why: 'did not answer within 10 s' });
  });

  test('but drips its answer letter by letter is waited for 10 s as a whole', async () => {
    let dripped = 0;
    const url = await tcpServer((socket) => {
      const drip = setInterval(() => {
        socket.write('HTTP/1.1 200 OK\r\nX: aaaaaaaaaaaaaaaaaaaa'.charAt(dripped++));
      }, 5);
      socket.on('close', () => clearInterval(drip));
    });
    const { time, send } = letter(url);
    const outcome = send();
    await eventually(() => expect(dripped).toBeGreaterThan(5));
    time.until(10_000);
    expect(await outcome).toEqual({ end: 'later', why: 'did not answer within 10 s' });
  });

  test.each<[string, Parameters<typeof tcpServer>[0], string]>([
    ['hangs up at once', (socket) => socket.destroy(), 'hangs up without an answer'],
    [
      'hangs up when it has read',
      (socket) => void socket.once('data', () => socket.end()),
      'hangs up without an answer',
    ],
    [
      'speaks no HTTP',
      (socket) => void socket.end('220 smtp.example.org ready\r\n'),
      'does not speak HTTP there; look at the port',
    ],
    [
      'has headers without end',
      (socket) => void socket.end(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`),
      'does not speak HTTP there; look at the port',
    ],
  ])('but %s is tried again', async (_, met, why) => {
    expect(await sent(await tcpServer(met))).toEqual({ end: 'later', why });
  });

  test('and is not there is tried again', async () => {
    expect(await sent(`http://127.0.0.1:${await freePort()}`)).toEqual({
      end: 'later',
      why: 'takes no connection; is it running, and is the port right?',
    });
    const unknown = Object.assign(new Error('getaddrinfo EAI_AGAIN ntfy.sh'), { code: 'EAI_AGAIN' });
    expect(troubleText(unknown)).toBe('is not found by its name; look at the network and the name');
  });
});

describe('a server that sends us elsewhere', () => {
  const redirects = (status: number, location: string) =>
    httpServer(({ url }, response) => {
      if (url === '/new') response.writeHead(200).end();
      else response.writeHead(status, { Location: location }).end();
    });

  test.each([301, 302, 307, 308])('within itself (%i) gets the same message there', async (status) => {
    const { url, heard } = await redirects(status, '/new');
    expect(await sent(`${url}/old`)).toEqual({ end: 'delivered' });
    expect(heard.map(({ path, body: text }) => [path, text])).toEqual([
      ['/old', body],
      ['/new', body],
    ]);
  });

  test.each([
    [
      'http://127.0.0.1:9/x',
      'redirects to 127.0.0.1:9, inside the own net: this is never followed; look at who runs that server',
    ],
    [
      'http://169.254.169.254/latest/meta-data',
      'redirects to 169.254.169.254, inside the own net: this is never followed; look at who runs that server',
    ],
    [
      'http://[::1]/',
      'redirects to [::1], inside the own net: this is never followed; look at who runs that server',
    ],
    [
      'http://[::ffff:10.0.0.1]/',
      'redirects to [::ffff:a00:1], inside the own net: this is never followed; look at who runs that server',
    ],
    [
      'http://2130706433/',
      'redirects to 127.0.0.1, inside the own net: this is never followed; look at who runs that server',
    ],
    [
      'http://router.lan/',
      'redirects to router.lan, inside the own net: this is never followed; look at who runs that server',
    ],
    [
      'file:///etc/passwd',
      'redirects to file:, inside the own net: this is never followed; look at who runs that server',
    ],
    [
      '//example.org/secret',
      'redirects to http://example.org, which is not followed; if that is right write it as the address',
    ],
    [
      'https://example.org/secret',
      'redirects to https://example.org, which is not followed; if that is right write it as the address',
    ],
    ['http://', 'redirects to no address; write the one that takes messages'],
  ])('to %s is not obeyed, and named without the path', async (location, why) => {
    const { url, heard } = await redirects(307, location);
    expect(await sent(url)).toEqual({ end: 'refused', why });
    expect(heard).toHaveLength(1);
  });

  test('in a circle is left after three requests', async () => {
    const { url, heard } = await redirects(307, '/again');
    expect(await sent(url)).toEqual({
      end: 'refused',
      why: 'sends us in a circle; write the address that takes messages',
    });
    expect(heard).toHaveLength(3);
  });
});

const noOpenssl = spawnSync('openssl', ['version']).error ? ' (skipped: openssl is not installed)' : '';

describe.skipIf(noOpenssl)(`a server with TLS${noOpenssl}`, () => {
  test('gets the message when its authority is ours, and nothing when it is a stranger', async () => {
    const own = certificate('IP:127.0.0.1');
    const { url, heard } = await httpsServer(own, (_, response) => response.writeHead(200).end());
    expect(await sent(url)).toEqual({
      end: 'later',
      why: 'has a certificate of an authority that is not known here; name that authority in `ca_file`',
    });
    expect(heard).toEqual([]);
    expect(await letter(url).send(own.cert)).toEqual({ end: 'delivered' });
    expect(heard.map((request) => request.body)).toEqual([body]);
  });

  test('and a certificate for another name gets nothing', async () => {
    const own = certificate('DNS:other.example');
    const { url, heard } = await httpsServer(own, (_, response) => response.writeHead(200).end());
    expect(await letter(url).send(own.cert)).toEqual({
      end: 'later',
      why: 'has a certificate for another name; write the name that it has',
    });
    expect(heard).toEqual([]);
  });

  test('that in truth has none is told', async () => {
    const { url } = await httpServer(() => {});
    expect(await sent(url.replace('http:', 'https:'))).toEqual({
      end: 'later',
      why: 'does not speak TLS there; look at the port, and at `http` or `https`',
    });
  });
});

describe('the own net', () => {
  test.each([
    ['http://127.0.0.1', true],
    ['http://10.1.2.3:8123', true],
    ['http://172.31.0.1', true],
    ['http://192.168.1.5', true],
    ['http://169.254.169.254', true],
    ['http://[fe80::1]', true],
    ['http://[fd12::1]', true],
    ['http://[::ffff:192.168.1.1]', true],
    ['http://homeassistant.local:8123', true],
    ['http://homeassistant:8123', true],
    ['http://172.32.0.1', false],
    ['http://11.0.0.1', false],
    ['http://8.8.8.8', false],
    ['http://[2001:db8::1]', false],
    ['http://ntfy.sh', false],
    ['http://10.0.0.1.example.org', false],
  ])('%s: %s', (url, own) => {
    expect(isOwnHost(new URL(url))).toBe(own);
  });

  test('is left by no name without encryption, whatever the name server says', async () => {
    // To a name server an address in figures is its own answer.
    const leads = (url: string, to: string, pinned?: string) =>
      new Promise<string>((resolve) =>
        lookupFor(new URL(url), pinned)(to, { all: true }, (error, found) =>
          resolve(error ? error.message : JSON.stringify(found)),
        ),
      );
    expect(isOwnAddress('203.0.113.5')).toBe(false);
    expect(await leads('http://ha.lan', '203.0.113.5')).toBe(
      'is no machine of the own net, which `http:` is only for; write `https:`',
    );
    expect(await leads('http://ha.lan', '192.168.1.5')).toBe('[{"address":"192.168.1.5","family":4}]');
    expect(await leads('https://ha.example', '203.0.113.5')).toBe('[{"address":"203.0.113.5","family":4}]');
    // Behind a redirect a name leads to the machine that sent it, and to no other.
    expect(await leads('https://ha.example', '10.0.0.1', '203.0.113.5')).toBe(
      '[{"address":"203.0.113.5","family":4}]',
    );
  });
});
