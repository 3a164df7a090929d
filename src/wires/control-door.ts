import { rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { GatewayFile } from '../config/schema.ts';
import { sentence } from '../model/errors.ts';
import type { Control } from './control.ts';
import { makeFolder } from './last.ts';
import { type Permission, parseWish, permissionOf, refusalOf } from './wishes.ts';

/** What the door answers, a line of JSON each; the last has `end`, with why where it was not done. */
export type DoorLine = { readonly say: string } | { readonly end: true; readonly why?: string };

export const doorPath = (folder: string): string => `${folder}/control.sock`;

const MOST_BYTES = 4096;

export interface DoorGround extends Permission {
  readonly path: string;
  readonly control: Control;
  readonly report: (sentence: string) => void;
}

async function serveOne(socket: Socket, ground: DoorGround): Promise<void> {
  const answer = (line: DoorLine) => {
    if (socket.writable) socket.write(`${JSON.stringify(line)}\n`);
  };
  const end = (why: string | undefined) => answer(why === undefined ? { end: true } : { end: true, why });
  const left = new AbortController();
  socket.on('close', () => left.abort());
  let taken = false;
  const lines = createInterface(socket);
  // It says again what the socket said; unheard, that would end this process.
  lines.on('error', () => {});
  lines.on('line', async (line) => {
    if (taken) return;
    taken = true;
    const wish = parseWish(line, ground);
    const refusal = typeof wish === 'string' ? wish : refusalOf(wish, ground);
    if (typeof wish === 'string' || refusal) end(refusal);
    else end(await ground.control.carryOut(wish, (sentence) => answer({ say: sentence }), left.signal));
    socket.end();
  });
}

function welcome(socket: Socket, ground: DoorGround): void {
  // Whoever stays on the line does not keep a stopped gateway.
  socket.unref();
  socket.on('error', () => socket.destroy());
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) socket.destroy();
  });
  void serveOne(socket, ground);
}

/** Opens where nobody answers; what a gateway that was killed left there is swept away. */
function openAt(ground: DoorGround, refuse: (why: unknown) => void): Server {
  const { path } = ground;
  const server = createServer((socket) => welcome(socket, ground));
  server.on('error', refuse);
  rmSync(path, { force: true });
  // Bound within the call, so that it is never open to others.
  const others = process.umask(0o177);
  server.listen(path);
  process.umask(others);
  return server.unref();
}

/**
 * A socket of this machine, for this service's user and root alone: the only way by which a command comes in. Whatever is
 * wrong with its place keeps no wire from starting.
 */
export function openDoor(ground: DoorGround): () => void {
  const { path, report } = ground;
  const refuse = (why: unknown) => report(`commands by hand are not taken: ${sentence(why)}`);
  let server: Server | undefined;
  let isClosed = false;
  const attempt = (act: () => void) => {
    try {
      if (!isClosed) act();
    } catch (error) {
      refuse(error);
    }
  };
  attempt(() => {
    makeFolder(dirname(path));
    const knock = createConnection(path).unref();
    knock.on('connect', () => {
      knock.destroy();
      refuse(`another gateway takes them at ${path}; stop that one, or this one`);
    });
    knock.on('error', () =>
      attempt(() => {
        server = openAt(ground, refuse);
      }),
    );
  });
  return () => {
    isClosed = true;
    server?.close();
  };
}

/** The way in that a gateway file permits; nothing where it permits none. */
export function doorFor(
  file: GatewayFile,
  folder: string | undefined,
  control: Control,
  report: DoorGround['report'],
): () => void {
  const permission = permissionOf(file);
  if (!permission || folder === undefined) return () => {};
  return openDoor({ path: doorPath(folder), control, ...permission, report });
}
