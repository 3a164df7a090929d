// The small listener that gives `/metrics` and nothing else.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { sentence } from '../model/errors.ts';
import { addressText, tcpTrouble } from '../model/tcp-trouble.ts';
import type { After } from '../model/timers.ts';
import { createServer } from './node-http.ts';

export interface Listening {
  readonly host: string;
  readonly port: number;
}

export interface MetricsGround {
  readonly after: After;
  readonly say: (line: { readonly level: 'notice' | 'error'; readonly text: string }) => void;
}

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const AGAIN_MS = 10_000;
const MOST_CONNECTIONS = 16;
/** A scraper that dawdles is let go. */
const PATIENCE_MS = 5000;
const MOST_HEADER_BYTES = 8192;

type Page = () => Promise<string>;

function refuse(response: ServerResponse, status: 404 | 405 | 500, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', ...(status === 405 && { Allow: 'GET' }) });
  response.end(`${text}\n`);
}

async function answer({ method, url = '' }: IncomingMessage, response: ServerResponse, page: Page) {
  if (url.split('?')[0] !== '/metrics') return refuse(response, 404, 'there is only /metrics here');
  if (method !== 'GET') return refuse(response, 405, 'GET is all that /metrics takes');
  const text = await page();
  response.writeHead(200, { 'Content-Type': CONTENT_TYPE }).end(text);
}

function newServer(page: Page, say: MetricsGround['say']): Server {
  const limits = {
    maxHeaderSize: MOST_HEADER_BYTES,
    headersTimeout: PATIENCE_MS,
    requestTimeout: PATIENCE_MS,
    connectionsCheckingInterval: PATIENCE_MS / 5,
  };
  let failed = false;
  const made = async () => {
    const text = await page();
    failed = false;
    return text;
  };
  const server = createServer(limits, (request, response) => {
    response.setHeader('Connection', 'close');
    answer(request, response, made).catch((error) => {
      if (!failed) say({ level: 'error', text: `/metrics failed: ${sentence(error)}` });
      failed = true;
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'the numbers could not be told');
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(PATIENCE_MS);
  // One page a connection: Node obeys all questions that arrive in one piece at once: thousands of pages, and an office that answers no ping meanwhile.
  server.maxRequestsPerSocket = 1;
  return server;
}

/** Serves the page until it is closed. A port in use is told once and tried again every 10 s; nothing here ends the process. */
export function serveMetrics(at: Listening, page: Page, { after, say }: MetricsGround) {
  let told: string | undefined;
  let server: Server | undefined;
  let cancel = () => {};
  let closed = false;

  function failed(error: unknown): void {
    server?.close();
    if (closed) return;
    const text = tcpTrouble(at, 'metrics.listen', error).message;
    if (text !== told) say({ level: 'error', text });
    told = text;
    cancel = after(AGAIN_MS, open);
  }
  function open(): void {
    server = newServer(page, say).once('error', failed);
    server.listen(at.port, at.host, () => {
      told = undefined;
      say({ level: 'notice', text: `/metrics is served at http://${addressText(at)}/metrics` });
    });
  }
  open();
  return {
    close() {
      closed = true;
      cancel();
      server?.close();
      server?.closeAllConnections();
    },
  };
}
