// The one place that calls a server of an alert. It reads nothing of what the server says but the first lines of its answer.
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { After } from '../model/timers.ts';
import { answerMeans, type Meaning } from './answer.ts';
import type { Outcome } from './courier.ts';
import { lookupFor } from './lookup.ts';
import type { Post } from './post.ts';
import { troubleText } from './trouble-text.ts';

const PATIENCE_MS = 10_000;
/** A body is let run out, so that the server is not cut short; one without end is. */
const MOST_BODY_BYTES = 65_536;
const MOST_HEADER_BYTES = 8192;
const MOST_HOPS = 3;

export interface DeliveryOptions {
  readonly after: After;
  /** PEM; without it the authorities that Node knows. */
  readonly ca?: string;
}

function runOut(response: IncomingMessage, done: () => void): void {
  let bytes = 0;
  response.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) response.destroy();
  });
  response.on('error', () => {}).on('close', done);
}

/** Loaded where it is used; an `import` of `node:http` would load Node's `fetch` (see web/node-http.ts). */
const open = (url: URL, options: RequestOptions): ClientRequest =>
  process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http').request(url, options);

interface Answer {
  readonly meaning: Meaning;
  /** Who answered. */
  readonly address: string;
}

/** One request. The patience ends with the body, which nobody waits for. Rejects when there is no answer. */
async function ask(url: URL, post: Post, lookup: LookupFunction, o: DeliveryOptions): Promise<Answer> {
  const call = open(url, {
    method: 'POST',
    headers: { ...post.headers, 'Content-Length': Buffer.byteLength(post.body) },
    agent: false,
    maxHeaderSize: MOST_HEADER_BYTES,
    lookup,
    ...(o.ca !== undefined && { ca: o.ca }),
  });
  const late = new Error(`did not answer within ${PATIENCE_MS / 1000} s`);
  const cancel = o.after(PATIENCE_MS, () => call.destroy(late));
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  call.on('error', (error) => {
    cancel();
    reject(error);
  });
  call.on('response', (response) => {
    resolve({ meaning: answerMeans(url, response), address: response.socket.remoteAddress ?? '' });
    runOut(response, cancel);
  });
  // With nobody who takes it over Node lets go of such a connection and says nothing: the message would wait for ever.
  call.on('upgrade', (response, socket) => {
    cancel();
    socket.destroy();
    resolve({ meaning: answerMeans(url, response), address: '' });
  });
  call.end(post.body);
  return promise;
}

/** Posts once, and goes along with the server when it moves the address within itself. Never rejects. */
export async function deliver(post: Post, options: DeliveryOptions): Promise<Outcome> {
  let { url } = post;
  let lookup = lookupFor(url);
  try {
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      const { meaning, address } = await ask(url, post, lookup, options);
      if (meaning.end !== 'moved') return meaning;
      url = meaning.to;
      lookup = lookupFor(url, address);
    }
    return { end: 'refused', why: 'sends us in a circle; write the address that takes messages' };
  } catch (error) {
    return { end: 'later', why: troubleText(error) };
  }
}
