// Servers of alerts as they are found in the world, on this machine.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';

export interface Heard {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Tests that run beside each other have to say whose end is meant. */
type Ends = Pick<TestContext, 'onTestFinished'>;

async function listening(server: Server, of: Ends = { onTestFinished }): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  of.onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

/** Reads each request whole before it answers. */
function attentive(answer: RequestListener) {
  const heard: Heard[] = [];
  const listener: RequestListener = async (request, response) => {
    heard.push({ path: request.url ?? '', headers: request.headers, body: await bodyOf(request) });
    answer(request, response);
  };
  return { heard, listener };
}

export async function httpServer(answer: RequestListener, of?: Ends) {
  const { heard, listener } = attentive(answer);
  const port = await listening(createServer(listener), of);
  return { heard, port, url: `http://127.0.0.1:${port}` };
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate that only knows itself, for one name. */
export function certificate(name: string): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-cert-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${name}`, '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  const made = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return made;
}

export async function httpsServer(own: Certificate, answer: RequestListener) {
  const { heard, listener } = attentive(answer);
  const port = await listening(createTlsServer({ ...own }, listener));
  return { heard, port, url: `https://127.0.0.1:${port}` };
}

export async function tcpServer(met: (socket: Socket) => void): Promise<string> {
  return `http://127.0.0.1:${await listening(createTcpServer(met))}`;
}
