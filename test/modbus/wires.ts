// Real wires for the tests: a PTY pair from `socat`, programs of other people, and our slave at one end.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LinkEvents, LinkState } from '../../src/modbus/link.ts';

export const run = promisify(execFile);

export interface PtyPair {
  readonly master: string;
  readonly slave: string;
  /** Both ends hang up, as when an adapter is unplugged. */
  unplug(): Promise<void>;
  /** The same names again. */
  plug(): Promise<void>;
  remove(): Promise<void>;
}

const succeeds = (program: string, args: string[]): boolean => spawnSync(program, args).status === 0;

/** The reason is printed in the test's name. */
const missing = (present: boolean, what: string): string | undefined => (present ? undefined : what);

export const noSocat = missing(succeeds('socat', ['-V']), 'socat is not installed');
export const noMbpoll = noSocat ?? missing(succeeds('mbpoll', ['-V']), 'mbpoll is not installed');
export const noPymodbus =
  noSocat ??
  missing(
    succeeds('/usr/bin/python3', ['-c', 'import pymodbus, serial']),
    'python3-pymodbus is not installed',
  );

export const named = (name: string, reason: string | undefined) =>
  reason === undefined ? name : `${name} (skipped: ${reason})`;

export async function ptyPair(): Promise<PtyPair> {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-rtu-'));
  const [master, slave] = [join(folder, 'master'), join(folder, 'slave')];
  let socat: ChildProcess | undefined;

  const plug = () =>
    new Promise<void>((resolve) => {
      const ends = [master, slave].map((link) => `pty,raw,echo=0,link=${link}`);
      socat = spawn('socat', ['-d', '-d', ...ends], { stdio: ['ignore', 'ignore', 'pipe'] });
      socat.stderr?.on('data', (text) => String(text).includes('starting data transfer') && resolve());
    });
  const unplug = () =>
    new Promise<void>((resolve) => {
      if (!socat || socat.exitCode !== null) return resolve();
      socat.once('exit', () => resolve()).kill();
    });
  await plug();
  return {
    master,
    slave,
    plug,
    unplug,
    async remove() {
      await unplug();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The states of a link as they come: `next` waits for one that has not been taken yet. */
export function stateQueue(): { onState: NonNullable<LinkEvents['onState']>; next(): Promise<LinkState> } {
  const states: LinkState[] = [];
  let wake = () => {};
  return {
    onState(state) {
      states.push(state);
      wake();
    },
    async next() {
      while (states.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      // The loop above ends only when there is one.
      return states.shift() as LinkState;
    },
  };
}
