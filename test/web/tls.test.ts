import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { httpLimits } from '../../src/web/http-server.ts';
import { ownCertificate } from '../../src/web/own-certificate.ts';
import { openPort } from '../../src/web/port.ts';
import { serveWeb } from '../../src/web/server.ts';
import type { TlsOrders } from '../../src/web/tls.ts';
import { crankedClock } from '../can/clock.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../house/site.ts';
import { CODE, PASSWORD, paperFile } from './web-house.ts';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-06-01T00:00:00Z');
const names = { hostname: 'cellar', hosts: ['battery.example.org'], isSecure: true };

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'bmsgate-tls-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

async function secure(tls: TlsOrders) {
  const port = await freePort();
  const time = crankedClock();
  const said: string[] = [];
  const server = await serveWeb(
    {
      at: { host: '127.0.0.1', port },
      hosts: [],
      tls,
      page: '/nowhere',
      version: '1',
      store: paperFile().store,
      isOpenView: false,
      cost: { N: 16, r: 1, p: 1 },
      random: () => Number(CODE),
      routes: [],
    },
    {
      clock: time.clock,
      wallClock: () => Date.now(),
      after: time.after,
      say: ({ level, text }) => void said.push(`${level} ${text}`),
    },
  );
  onTestFinished(server.close);
  await eventually(() => expect(said.some((line) => line.includes('is served at'))).toBe(true));
  /** The fingerprint that a client sees, with the answer. */
  async function visit(options: RequestOptions = {}, body?: string) {
    const asking = request({
      port,
      host: '127.0.0.1',
      path: '/api/v1/session',
      rejectUnauthorized: false,
      agent: false,
      ...options,
    });
    asking.end(body);
    const [response] = await once(asking, 'response');
    response.resume();
    const socket = response.socket as { getPeerCertificate(): { fingerprint256: string } };
    return {
      fingerprint: socket.getPeerCertificate().fingerprint256,
      headers: response.headers,
      status: response.statusCode,
    };
  }
  return { port, time, said, visit };
}

describe('a certificate of its own', () => {
  test('is made once, for the names and addresses of this machine, and told by its fingerprint', async () => {
    const own = folder();
    const first = await secure({ own });
    const certificate = new X509Certificate(readFileSync(join(own, 'page.crt')));
    expect((await first.visit()).fingerprint).toBe(certificate.fingerprint256);
    expect(first.said).toContainEqual(
      `notice HTTPS with the certificate of fingerprint ${certificate.fingerprint256} (SHA-256)`,
    );
    expect(certificate.checkHost('localhost')).toBeDefined();
    expect(certificate.checkHost(`${hostname().split('.')[0]?.toLowerCase()}.local`)).toBeDefined();
    expect(certificate.checkIP('127.0.0.1')).toBeDefined();
    for (const file of ['page.crt', 'page.key'])
      expect([file, statSync(join(own, file)).mode & 0o777]).toEqual([file, 0o600]);
    const second = await secure({ own });
    expect((await second.visit()).fingerprint).toBe(certificate.fingerprint256);
  });

  test('goes with cookies for HTTPS alone', async () => {
    const { visit, port } = await secure({ own: folder() });
    const body = JSON.stringify({ code: CODE, password: PASSWORD });
    const claim = await visit(
      {
        method: 'POST',
        path: '/api/v1/claim',
        headers: { 'content-type': 'application/json', origin: `https://127.0.0.1:${port}` },
      },
      body,
    );
    expect(claim.status).toBe(200);
    expect(claim.headers['set-cookie']?.[0]).toMatch(
      /^__Host-bmsgate=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure$/,
    );
    // It would hold for every port of this machine.
    expect(claim.headers['strict-transport-security']).toBeUndefined();
  });

  test('answers plain HTTP with where to go, and goes on for who speaks HTTPS', async () => {
    const { visit, port } = await secure({ own: folder() });
    const plain = await fetch(`http://127.0.0.1:${port}/cells?x=1`, { redirect: 'manual' });
    expect([plain.status, plain.headers.get('location'), await plain.text()]).toEqual([
      308,
      `https://127.0.0.1:${port}/cells?x=1`,
      'this gateway speaks HTTPS only\n',
    ]);
    expect((await visit({ headers: { host: 'evil.example' } })).status).toBe(421);
    expect((await visit()).status).toBe(200);
  });

  test('is made anew a month before it ends, and when a name is missing in it', async () => {
    const own = folder();
    const at = async (ms: number, hosts = names.hosts) => {
      const { certificateFile } = await ownCertificate(own, {
        wallClock: () => ms,
        names: { ...names, hosts },
      });
      return new X509Certificate(readFileSync(certificateFile));
    };
    const made = await at(NOW);
    expect((Date.parse(made.validTo) - NOW) / DAY_MS).toBe(800);
    expect((await at(NOW + 769 * DAY_MS)).fingerprint256).toBe(made.fingerprint256);
    expect((await at(NOW + 771 * DAY_MS)).fingerprint256).not.toBe(made.fingerprint256);
    const named = await at(NOW + 772 * DAY_MS, ['other.example.org']);
    expect(named.checkHost('other.example.org')).toBeDefined();
  });

  test('that was made while the clock was wrong is made anew when it is right', async () => {
    const own = folder();
    const at = async (ms: number) => {
      const { certificateFile } = await ownCertificate(own, { wallClock: () => ms, names });
      return new X509Certificate(readFileSync(certificateFile)).validFrom;
    };
    const wrong = await at(NOW + 1000 * DAY_MS);
    expect(await at(NOW)).not.toBe(wrong);
  });
});

test.each(['page.crt', 'page.key'])(
  'a certificate of its own whose %s is damaged is made anew',
  async (file) => {
    const own = folder();
    const ground = { wallClock: () => NOW, names };
    await ownCertificate(own, ground);
    for (const damaged of ['', 'no certificate', readFileSync(join(own, file), 'utf8').slice(0, 60)]) {
      writeFileSync(join(own, file), damaged);
      const { certificateFile, keyFile } = await ownCertificate(own, ground);
      const key = createPrivateKey(readFileSync(keyFile));
      expect(new X509Certificate(readFileSync(certificateFile)).checkPrivateKey(key)).toBe(true);
    }
  },
);

/** However it comes about. */
const closed = (socket: Duplex) => new Promise((resolve) => socket.once('close', resolve));

describe('who begins and does not go on', () => {
  /** A port whose clients have a fifth of a second. */
  async function hasty() {
    const limits = { ...httpLimits, headersTimeout: 200, requestTimeout: 200, handshakeTimeout: 200 };
    const port = await openPort((_, response) => void response.end('here'), {
      tls: { own: folder() },
      names,
      wallClock: Date.now,
      after: () => () => {},
      say: () => {},
      limits: { ...limits, connectionsCheckingInterval: 50 },
    });
    port.server.listen(0, '127.0.0.1');
    await once(port.server, 'listening');
    onTestFinished(port.close);
    const { port: number } = port.server.address() as AddressInfo;
    return () => {
      // It does not end its side when the other one does.
      const socket = connect({ port: number, host: '127.0.0.1', allowHalfOpen: true });
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {});
      socket.resume();
      return socket;
    };
  }

  const drip = (socket: Duplex) => {
    const dripping = setInterval(() => socket.write('a'), 20);
    onTestFinished(() => clearInterval(dripping));
  };

  test('with the handshake is let go', async () => {
    const socket = (await hasty())();
    socket.write('\x16\x03\x01', 'latin1');
    await once(socket, 'end');
  });

  test('with the headers, and adds to them now and then, is let go under plain HTTP', async () => {
    const socket = (await hasty())();
    socket.write('GET / HTTP/1.1\r\nX: ');
    drip(socket);
    await closed(socket);
  });

  test('with the headers, and adds to them now and then, is let go under HTTPS as well', async () => {
    const raw = (await hasty())();
    const socket = tlsConnect({ socket: raw, rejectUnauthorized: false });
    socket.on('error', () => {});
    socket.resume();
    await once(socket, 'secureConnect');
    socket.write('GET / HTTP/1.1\r\nX: ');
    drip(socket);
    await closed(socket);
  });
});

describe('a certificate of the user', () => {
  async function files(name: string) {
    const made = await ownCertificate(folder(), { wallClock: Date.now, names: { ...names, hostname: name } });
    return { cert: readFileSync(made.certificateFile), key: readFileSync(made.keyFile) };
  }

  test('is read again when it was renewed; a bad one is told once, and the last good one stays', async () => {
    const place = folder();
    const [certificateFile, keyFile] = [join(place, 'a.crt'), join(place, 'a.key')];
    const put = ({ cert, key }: { cert: Buffer; key: Buffer }) => {
      writeFileSync(certificateFile, cert);
      writeFileSync(keyFile, key, { mode: 0o600 });
    };
    const [old, renewed] = [await files('old'), await files('renewed')];
    put(old);
    const { visit, time, said } = await secure({ certificateFile, keyFile });
    const seen = async () => (await visit()).fingerprint;
    const fingerprint = ({ cert }: { cert: Buffer }) => new X509Certificate(cert).fingerprint256;
    expect(await seen()).toBe(fingerprint(old));
    expect((await visit()).headers['strict-transport-security']).toBe('max-age=31536000');
    put({ cert: renewed.cert, key: old.key });
    for (let n = 0; n < 3; n++) {
      time.until(time.clock() + 60_000);
      await eventually(() =>
        expect(said.at(-1)).toMatch(/^error web.tls: .*; the last good certificate stays in force$/),
      );
    }
    expect(said.filter((line) => line.startsWith('error'))).toHaveLength(1);
    expect(await seen()).toBe(fingerprint(old));
    put(renewed);
    await eventually(async () => {
      time.until(time.clock() + 60_000);
      expect(await seen()).toBe(fingerprint(renewed));
    });
  });

  test('whose key everybody may read is not used until nobody else can', async () => {
    const place = folder();
    const [certificateFile, keyFile] = [join(place, 'a.crt'), join(place, 'a.key')];
    const { cert, key } = await files('open');
    writeFileSync(certificateFile, cert);
    writeFileSync(keyFile, key);
    chmodSync(keyFile, 0o644);
    const { said, visit, time } = await secure({ certificateFile, keyFile });
    expect(said.find((line) => line.startsWith('error'))).toContain(
      `${keyFile} can be read by everybody; run \`chmod o-rwx ${keyFile}\``,
    );
    await expect(visit()).rejects.toThrow();
    chmodSync(keyFile, 0o640);
    await eventually(async () => {
      time.until(time.clock() + 60_000);
      expect((await visit()).status).toBe(200);
    });
  });

  test('that is not there is one sentence, and nothing is served without it, not even plainly', async () => {
    const { said, visit, port } = await secure({
      certificateFile: '/nowhere/a.crt',
      keyFile: '/nowhere/a.key',
    });
    expect(said.find((line) => line.startsWith('error'))).toMatch(
      /^error web.tls: ENOENT: .*\/nowhere\/a.crt.*; the page cannot be served over HTTPS until that is mended$/,
    );
    await expect(visit()).rejects.toThrow();
    await expect(fetch(`http://127.0.0.1:${port}/api/v1/session`)).rejects.toThrow();
  });
});
