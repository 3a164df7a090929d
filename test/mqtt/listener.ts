// Somebody else at the broker, who sees all that anybody could see: `mosquitto_sub`, and `mosquitto_pub` to speak.
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import { until } from '../house/until.ts';

const run = promisify(execFile);

export interface Message {
  readonly topic: string;
  readonly payload: string;
  /** It lay there before we listened. */
  readonly retain: boolean;
}

export interface Listener {
  readonly all: readonly Message[];
  readonly at: (topic: string) => string[];
  /** The newest at this topic. */
  readonly last: (topic: string) => string | undefined;
  readonly hears: (
    what: string,
    quietMs: number,
    fits: (message: Message) => boolean,
    from?: number,
  ) => Promise<Message>;
}

const HELLO = 'listener/hello';

export async function listen(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  port: number,
  args: readonly string[] = [],
): Promise<Listener> {
  const all: Message[] = [];
  const child = spawn('mosquitto_sub', ['-h', '127.0.0.1', '-p', `${port}`, '-t', '#', '-F', '%j', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface(child.stdout).on('line', (line) => {
    // An empty payload is null there.
    const { topic, payload, retain } = JSON.parse(line);
    if (topic !== HELLO) all.push({ topic, payload: payload ?? '', retain: retain === 1 });
    else hello = true;
  });
  let hello = false;
  onTestFinished(() => void child.kill('SIGKILL'));
  await until('the listener hears', 10_000, async () => {
    await say(port, HELLO, 'hello', args);
    return hello;
  });
  const at = (topic: string) => all.filter((m) => m.topic === topic).map(({ payload }) => payload);
  return {
    all,
    at,
    last: (topic) => at(topic).at(-1),
    hears: (what, quietMs, fits, from = 0) => until(what, quietMs, () => all.slice(from).find(fits)),
  };
}

export const say = async (
  port: number,
  topic: string,
  payload: string,
  args: readonly string[] = [],
): Promise<void> =>
  void (await run('mosquitto_pub', [
    '-h',
    '127.0.0.1',
    '-p',
    `${port}`,
    '-t',
    topic,
    '-m',
    payload,
    ...args,
  ]));

export const leave = (port: number, topic: string, payload: string) => say(port, topic, payload, ['-r']);

/** A payload that no command line takes. */
export function leaveLarge(port: number, topic: string, payload: string): Promise<void> {
  const child = spawn('mosquitto_pub', ['-h', '127.0.0.1', '-p', `${port}`, '-t', topic, '-r', '-s']);
  child.stdin.end(payload);
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
