// The program as a person runs it: a process of its own, with or without a terminal, its output and its children.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { childrenOf, isAlive, type Kin } from '../house/process.ts';
import { until } from '../house/until.ts';

const root = join(import.meta.dirname, '..', '..');
const NODE = join(root, 'node_modules/.bin/node');
const MAIN = join(root, 'src/main.ts');

export interface Program {
  readonly pid: number;
  /** Everything printed so far, on either stream. */
  readonly output: () => string;
  /** Waits for a line like this; gives its groups. */
  readonly prints: (pattern: RegExp, limitMs?: number) => Promise<RegExpExecArray>;
  /** Types into its terminal. */
  readonly type: (text: string) => void;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Every process that it started, and theirs. */
  readonly family: () => Kin[];
}

const kinOf = (pid: number): Kin[] => childrenOf(pid).flatMap((kin) => [kin, ...kinOf(kin.pid)]);

function attend(child: ChildProcess, { onTestFinished }: TestContext): Program {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => {
      output += text;
    });
  const { promise: ended, resolve } = Promise.withResolvers<number | string>();
  // Not `exit`: what it printed last may still be underway then.
  child.on('close', (code, signal) => resolve(signal ?? code ?? -1));
  const pid = child.pid ?? -1;
  onTestFinished(async () => {
    const left = kinOf(pid);
    child.kill('SIGTERM');
    await ended;
    for (const kin of left) if (isAlive(kin.pid)) process.kill(kin.pid, 'SIGKILL');
  });
  return {
    pid,
    ended,
    output: () => output,
    prints: (pattern, limitMs = 20_000) =>
      until(`a line like ${pattern}`, limitMs, () => pattern.exec(output) ?? undefined).catch((error) => {
        throw new Error(`${error.message}; it said\n${output}`);
      }),
    type: (text) => void child.stdin?.write(text),
    signal: (signal) => void child.kill(signal),
    family: () => kinOf(pid),
  };
}

/** Runs until it ends or its test does. */
export const bmsgate = (context: TestContext, ...args: readonly string[]): Program =>
  attend(spawn(NODE, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }), context);

/** The same on a terminal of its own, in the place of its shell (dash turns any Ctrl-C into 130); what is typed goes there, Ctrl-C is `\x03`. */
export const onTerminal = (context: TestContext, ...args: readonly string[]): Program =>
  attend(
    spawn('script', ['-qefc', ['exec', NODE, MAIN, ...args].join(' '), '/dev/null'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
    context,
  );

/** Runs to its end. */
export async function finished(context: TestContext, ...args: readonly string[]) {
  const program = bmsgate(context, ...args);
  const status = await program.ended;
  return { status, output: program.output() };
}
