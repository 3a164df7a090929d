// The gateway as it runs in the field: a process of its own started by `bmsgate run`, its children, and what it prints.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { monotonicMs } from '../../src/model/freshness.ts';
import { until } from './until.ts';

const root = join(import.meta.dirname, '..', '..');
const NODE = join(root, 'node_modules/.bin/node');

const LAST_WORDS_MS = 3000;

export interface Line {
  readonly atMs: number;
  readonly text: string;
}

export interface GatewayProcess {
  readonly pid: number;
  readonly lines: readonly Line[];
  /** The texts that fit, without their priority, in the order in which they came. */
  readonly said: (pattern: RegExp, fromMs?: number) => string[];
  readonly hears: (pattern: RegExp, limitMs: number, fromMs?: number) => Promise<Line>;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Its exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>;
}

export interface Surroundings {
  readonly config: string;
  /** The virtual air; without it the adapters are the kernel's. */
  readonly airFolder?: string;
  /** For `/run/bmsgate` and `/var/lib/bmsgate`. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Further words behind `run --config …`. */
  readonly args?: readonly string[];
}

const start = ({ config, airFolder, folder, env, args = [] }: Surroundings): ChildProcess =>
  spawn(NODE, [join(root, 'src/main.ts'), 'run', '--config', config, ...args], {
    env: {
      ...process.env,
      ...(airFolder && {
        NODE_OPTIONS: `--require ${join(root, 'test/rig/hci-unix.js')}`,
        HCI_UNIX_DIR: airFolder,
      }),
      RUNTIME_DIRECTORY: join(folder, 'run'),
      STATE_DIRECTORY: join(folder, 'state'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

export function startGateway(surroundings: Surroundings): GatewayProcess {
  const child = start(surroundings);
  const lines: Line[] = [];
  for (const stream of [child.stdout, child.stderr])
    if (stream)
      createInterface(stream).on('line', (line) =>
        lines.push({ atMs: monotonicMs(), text: line.replace(/^<\d>/, '') }),
      );
  const { promise: exited, resolve } = Promise.withResolvers<number | string>();
  const end = (code: number | null, signal: NodeJS.Signals | null) => resolve(signal ?? code ?? -1);
  // What it printed last may still be underway; a child that it left behind may hold the pipe, and is not waited for.
  child.on('close', end).on('exit', (...how) => setTimeout(end, LAST_WORDS_MS, ...how).unref());
  const fitting = (pattern: RegExp, fromMs = Number.NEGATIVE_INFINITY) =>
    lines.filter(({ atMs, text }) => atMs >= fromMs && pattern.test(text));
  return {
    pid: child.pid ?? -1,
    lines,
    exited,
    said: (pattern, fromMs) => fitting(pattern, fromMs).map(({ text }) => text),
    hears: (pattern, limitMs, fromMs) =>
      until(`a line like ${pattern}`, limitMs, () => fitting(pattern, fromMs)[0]),
    signal: (signal) => child.kill(signal),
  };
}

export interface Kin {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** A process of this machine; undefined when it is gone, or a corpse that its parent has not looked at yet. */
function kinOf(pid: number): Kin | undefined {
  try {
    const [, state, parent] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return state === 'Z' ? undefined : { pid, parent: Number(parent), command };
  } catch {
    return undefined;
  }
}

export const isAlive = (pid: number): boolean => kinOf(pid) !== undefined;

/** By the kernel's own list: to look through all processes for them is much work where it is done every few milliseconds. */
function childPids(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** The children of a gateway: `ear` and `office`. */
export const childrenOf = (pid: number): Kin[] => childPids(pid).flatMap((child) => kinOf(child) ?? []);

/** The ear of a gateway; it may be between two. */
export const earOf = (pid: number): number | undefined =>
  childrenOf(pid).find(({ command }) => command.includes('ear.ts'))?.pid;
