// Listening that does not give up: a port in use, or an address that is not there yet, is told once and tried again.
import type { Server } from 'node:net';
import { tcpTrouble } from '../model/tcp-trouble.ts';
import type { After } from '../model/timers.ts';
import type { WebGround } from './ground.ts';
import type { Listening } from './metrics-server.ts';

const AGAIN_MS = 10_000;

export interface ListenOptions {
  readonly at: Listening;
  /** What the address stands at in the gateway file. */
  readonly key: string;
  readonly after: After;
  readonly say: WebGround['say'];
  readonly opened: () => void;
}

/** Calling the result ends the trying; the server is the caller's to close. */
export function keepListening(server: Server, { at, key, after, say, opened }: ListenOptions): () => void {
  let told: string | undefined;
  let cancel = () => {};
  let ended = false;
  server.on('error', (error) => {
    const { message: text } = tcpTrouble(at, key, error);
    if (text !== told) say({ level: 'error', text });
    told = text;
    if (!ended && !server.listening) cancel = after(AGAIN_MS, listen);
  });
  server.on('listening', () => {
    told = undefined;
    opened();
  });
  const listen = () => void server.listen(at.port, at.host);
  listen();
  return () => {
    ended = true;
    cancel();
  };
}
