// The gateway as systemd keeps it: `bmsgate run` with its three processes, started again a second after it ended, its output into a
// pipe that may be left unread.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { constants, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { monotonicMs } from '../../../src/model/freshness.ts';
import { childrenOf } from '../../house/process.ts';

const RESTART_MS = 1000;
const root = join(import.meta.dirname, '..', '..', '..');
const NODE = join(root, 'node_modules/.bin/node');
const JUNK = '-';

export interface KeptGateway {
  readonly pid: () => number | undefined;
  readonly child: (head: 'ear' | 'office') => number | undefined;
  readonly kill: () => void;
  /** Nobody reads the log, and the pipe is full; the result reads it again. */
  readonly blockLog: () => () => void;
  readonly lines: readonly { readonly atMs: number; readonly text: string }[];
  readonly starts: () => number;
  readonly stop: () => Promise<void>;
}

export interface KeptOptions {
  readonly config: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly fail: (sentence: string) => void;
  /** Told before it is started again. */
  readonly ended: () => void;
}

/** A pipe with a name: we read one end, the gateway has the other, and can be made to find it full. */
function logPipe(path: string, hear: (line: string) => void) {
  execFileSync('mkfifo', [path]);
  const reader = new Socket({ fd: openSync(path, constants.O_RDWR | constants.O_NONBLOCK), readable: true });
  createInterface(reader).on('line', (line) => {
    if (line && !line.startsWith(JUNK)) hear(line.replace(/^<\d>/, ''));
  });
  const junk = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const fill = () => {
    for (let isFull = false; !isFull; )
      try {
        writeSync(junk, `\n${JUNK.repeat(62)}\n`);
      } catch {
        isFull = true;
      }
  };
  const block = () => {
    reader.pause();
    const filling = setInterval(fill, 100); // what the stream took before it paused makes room
    fill();
    return () => {
      clearInterval(filling);
      reader.resume();
    };
  };
  return { writer: () => openSync(path, constants.O_WRONLY), block, close: () => reader.destroy() };
}

export function keptGateway({ config, folder, env, fail, ended }: KeptOptions): KeptGateway {
  const lines: { atMs: number; text: string }[] = [];
  const pipe = logPipe(join(folder, 'log-pipe'), (text) => lines.push({ atMs: monotonicMs(), text }));
  let [starts, isKilled, isStopping] = [0, false, false];
  let child: ChildProcess | undefined;

  function start(): void {
    starts++;
    const out = pipe.writer();
    child = spawn(NODE, [join(root, 'src/main.ts'), 'run', '--config', config], {
      env: { ...process.env, ...env },
      stdio: ['ignore', out, out],
    });
    child.on('exit', (code, signal) => {
      child = undefined;
      if (isStopping) return;
      if (!isKilled) fail(`the gateway ended by itself (${signal ?? `exit ${code}`}): ${lines.at(-1)?.text}`);
      isKilled = false;
      ended();
      setTimeout(() => !isStopping && start(), RESTART_MS);
    });
  }
  start();

  return {
    pid: () => child?.pid,
    child: (head) => childrenOf(child?.pid ?? -1).find(({ command }) => command.includes(`${head}.ts`))?.pid,
    kill: () => {
      isKilled = child?.kill('SIGKILL') ?? false;
    },
    blockLog: pipe.block,
    lines,
    starts: () => starts,
    async stop() {
      isStopping = true;
      const last = child;
      if (last) await new Promise<void>((done) => void last.on('exit', () => done()).kill('SIGTERM'));
      pipe.close();
    },
  };
}
