import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tcpTrouble } from '../../src/model/tcp-trouble.ts';
import { serveMetrics } from '../../src/web/metrics-server.ts';
import { crankedClock } from '../can/clock.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../house/site.ts';

/** A listener on a port of its own, with what it said. */
async function served(page: () => Promise<string> = async () => 'up 1\n') {
  const port = await freePort();
  const time = crankedClock();
  const said: string[] = [];
  const start = () => {
    const server = serveMetrics({ host: '127.0.0.1', port }, page, {
      after: time.after,
      say: ({ level, text }) => void said.push(`${level} ${text}`),
    });
    onTestFinished(server.close);
    return server;
  };
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);
  return { port, time, said, start, get };
}

describe('the listener of /metrics', () => {
  test('gives the page to GET, and refuses everything else', async () => {
    const { start, get, said } = await served();
    start();
    await eventually(() => expect(said).toHaveLength(1));
    const page = await get('/metrics?x=1');
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      'up 1\n',
    ]);
    for (const path of ['/', '/metrics/', '/metricsx', '/../metrics/..'])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD']) {
      const refused = await get('/metrics', { method });
      expect([method, refused.status, refused.headers.get('allow')]).toEqual([method, 405, 'GET']);
    }
  });

  test('says once that its port is in use, and serves when it is free', async () => {
    const { start, get, said, port, time } = await served();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    start();
    await eventually(() => expect(said).toHaveLength(1));
    expect(said).toEqual([
      `error metrics.listen 127.0.0.1:${port}: the port is in use; stop the other program (sudo ss -ltnp shows it) or choose another port`,
    ]);
    time.until(9999);
    other.close();
    await once(other, 'close');
    time.until(10_000);
    await eventually(() => expect(said).toHaveLength(2));
    expect(said[1]).toBe(`notice /metrics is served at http://127.0.0.1:${port}/metrics`);
    expect((await get('/metrics')).status).toBe(200);
  });

  test('answers 500 for a page that cannot be made, says so once, and goes on', async () => {
    let broken = true;
    const { start, get, said } = await served(async () => {
      if (broken) throw new Error('no page');
      return 'up 1\n';
    });
    start();
    await eventually(() => expect(said).toHaveLength(1));
    for (let scrape = 0; scrape < 3; scrape++) expect((await get('/metrics')).status).toBe(500);
    expect(said.splice(1)).toEqual(['error /metrics failed: no page']);
    broken = false;
    expect((await get('/metrics')).status).toBe(200);
    broken = true;
    expect((await get('/metrics')).status).toBe(500);
    expect(said.splice(1)).toEqual(['error /metrics failed: no page']);
  });

  test('gives one page a connection, however many questions a client sends at once', async () => {
    let pages = 0;
    const { start, said, port } = await served(async () => `page ${++pages}\n`);
    start();
    await eventually(() => expect(said).toHaveLength(1));
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
    });
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(500));
    await once(socket, 'close');
    expect(pages).toBe(1);
    expect(heard).toContain('page 1\n');
  });

  test('lets go of clients that ask and do not read, and has room for others then', {
    timeout: 300_000,
  }, async () => {
    const long = 'x'.repeat(20_000_000);
    let pages = 0;
    const { start, get, said, port } = await served(async () => (++pages > 16 ? 'up 1\n' : long));
    start();
    await eventually(() => expect(said).toHaveLength(1));
    const dawdlers = Array.from({ length: 16 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    onTestFinished(() => dawdlers.forEach((socket) => void socket.destroy()));
    for (const socket of dawdlers) socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually(() => expect(pages).toBe(16));
    await expect(get('/metrics')).rejects.toThrow();
    await eventually(async () => expect((await get('/metrics')).status).toBe(200));
  });

  test('lets go of what is no HTTP and of headers without end, and takes no more than 16 at once', async () => {
    const { start, get, said, port } = await served();
    start();
    await eventually(() => expect(said).toHaveLength(1));
    for (const nonsense of [
      '\x01\x03\x00\x00\x00\n\n',
      `GET /metrics HTTP/1.1\r\nX: ${'a'.repeat(10_000)}`,
    ]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(nonsense);
      await once(socket.resume(), 'close');
    }
    const idle = Array.from({ length: 16 }, () => connect(port, '127.0.0.1'));
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    const more = connect(port, '127.0.0.1');
    more.on('error', () => {});
    await once(more, 'close');
    for (const socket of idle) socket.destroy();
    await eventually(async () => expect((await get('/metrics')).status).toBe(200));
  });
});

test('what is wrong with an IPv6 address is told with its brackets, as the gateway file has it', () => {
  const trouble = tcpTrouble({ host: '::1', port: 9469 }, 'metrics.listen', new Error('listen EADDRINUSE'));
  expect(trouble.message).toMatch(/^metrics\.listen \[::1\]:9469: the port is in use/);
});
