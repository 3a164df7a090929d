// What candump prints of an interface, with the kernel's stamps, and how even its beats are.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { until } from './can-wire.mts';

export function linesOf(child: ChildProcess): string[] {
  const lines: string[] = [];
  if (child.stdout) createInterface(child.stdout).on('line', (line) => lines.push(line));
  return lines;
}

/** candump's lines, from when it listens. */
export async function dumpOf(name: string) {
  const dump = spawn('candump', ['-L', name]);
  const lines = linesOf(dump);
  while (!(await until(() => lines.length > 0, 300))) execFileSync('cansend', [name, '7FF#']);
  const own = () => lines.filter((line) => !line.includes(' 7FF#'));
  return { own, stop: () => dump.kill() };
}

export interface Seen {
  readonly atMs: number;
  readonly id: string | undefined;
}

export const seenOf = (line: string): Seen => ({
  atMs: Number(line.slice(1, 18)) * 1000,
  id: line.split(/[ #]/)[2],
});

/** Of beats that begin with 0x351 once a second: how far off one of them and the whole row was. */
export const offOf = (seen: readonly Seen[]): { periodMs: number; wholeMs: number } => {
  const first = seen.filter(({ id }) => id === '351').map(({ atMs }) => atMs);
  const off = first.slice(1).map((atMs, i) => Math.abs(atMs - (first[i] ?? 0) - 1000));
  const wholeMs = Math.abs((first.at(-1) ?? 0) - (first[0] ?? 0) - 1000 * (first.length - 1));
  return { periodMs: Math.max(...off), wholeMs };
};
