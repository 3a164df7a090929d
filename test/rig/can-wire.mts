// One virtual CAN wire for one battery: candump as the ear, cansend as the voice, `bmsgate emulate` as the battery.
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { monotonicMs } from '../../src/model/freshness.ts';
import type { Heard } from './can-part.mts';

const run = promisify(execFile);
const main = new URL('../../src/main.ts', import.meta.url).pathname;

export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export async function until(isTrue: () => boolean, limitMs: number): Promise<boolean> {
  for (const endMs = monotonicMs() + limitMs; !isTrue() && monotonicMs() < endMs; await pause(5));
  return isTrue();
}

export interface Wire {
  readonly name: string;
  /** Everything that others than us said, stamped by the kernel (ms, its wall clock). */
  readonly heard: readonly Heard[];
  /** What we said, as `cansend` took it, and when it was on the wire. */
  readonly said: readonly { readonly atMs: number; readonly text: string }[];
  /** Says this frame, as `cansend` takes it. */
  readonly say: (text: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const ECHO_LIMIT_MS = 20_000;

/** Makes the interface and listens to it; resolves once what is said on it is heard. */
export async function openWire(name: string): Promise<Wire> {
  await run('ip', ['link', 'add', 'dev', name, 'type', 'vcan']);
  await run('ip', ['link', 'set', name, 'up']);
  const child = spawn('candump', ['-L', name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const heard: Heard[] = [];
  const ours: string[] = [];
  const said: { atMs: number; text: string }[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const [, seconds, id, data] = /^\(([\d.]+)\) \S+ ([0-9A-F]+)#([0-9A-F]*)$/.exec(line) ?? [];
    if (seconds === undefined || id === undefined || data === undefined) throw new Error(`candump: ${line}`);
    const atMs = Number(seconds) * 1000;
    const mine = ours.indexOf(`${id}#${data}`);
    if (mine >= 0) said.push({ atMs, text: ours.splice(mine, 1).join() });
    else heard.push({ atMs, id, bytes: Buffer.from(data, 'hex') });
  });
  const say = async (text: string): Promise<void> => {
    ours.push(text);
    await run('cansend', [name, text]);
  };
  await hearsItself(say, ours);
  return {
    name,
    heard,
    said,
    say,
    async close() {
      child.kill();
      await run('ip', ['link', 'del', name]);
    },
  };
}

/** Before the ear is open, what is said is lost. */
async function hearsItself(say: Wire['say'], ours: string[]): Promise<void> {
  const endMs = monotonicMs() + ECHO_LIMIT_MS;
  for (let said = 0; monotonicMs() < endMs; said++) {
    await say('7FF#');
    if (await until(() => ours.length <= said, 200)) {
      await until(() => ours.length === 0, 100);
      ours.length = 0;
      return;
    }
  }
  throw new Error('candump hears nothing');
}

export interface Battery {
  readonly pid: number | undefined;
  /** Resolves when it has ended. */
  readonly stop: () => Promise<void>;
}

/** Resolves once it serves; throws with its last words when it does not. */
export async function startBattery(args: readonly string[], limitMs: number): Promise<Battery> {
  const child = spawn(process.execPath, [main, 'emulate', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let end: string | undefined;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  const ended = new Promise<void>((done) =>
    child.once('close', (code, signal) => {
      end = `it ended with ${signal ?? code}`;
      done();
    }),
  );
  const serves = () => said.includes('these are not measurements');
  await until(() => end !== undefined || serves(), limitMs);
  if (end !== undefined || !serves()) {
    child.kill('SIGKILL');
    throw new Error(`it does not serve: ${end ?? `not within ${limitMs / 1000} s`}. ${said.trim()}`);
  }
  return {
    pid: child.pid,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
