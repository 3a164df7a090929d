// The two ends of a real child process: how a head is forked, and how it serves the parent that forked it.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Message, Running, Start } from './child.ts';
import { sentence } from './model/errors.ts';

export interface ForkOptions {
  readonly args?: readonly string[];
  /** Flags of Node; without them those that we run with. */
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** `ear` is `ear.ts` beside a running `.ts`, `ear.js` beside a built one; an absolute path is itself. */
const fileOf = (head: string): string =>
  head.startsWith('/')
    ? head
    : fileURLToPath(new URL(`${head}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url));

/**
 * The child shares our output, but it is not the one that systemd listens to. `advanced` serialization keeps `undefined`
 * apart from `null`: JSON would make a broken sensor `null`, and `null` counts as 0 °C.
 */
const forkNow = (head: string, o: ForkOptions) =>
  fork(fileOf(head), [...(o.args ?? [])], {
    ...(o.execArgv && { execArgv: [...o.execArgv] }),
    env: { ...process.env, ...o.env, NOTIFY_SOCKET: undefined, WATCHDOG_USEC: undefined },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });

function keep(child: ChildProcess, ...[heard, ended]: Parameters<Start>): Running {
  child.on('message', (message) => isMessage(message) && heard(message));
  child.on('error', (error) => child.pid === undefined && ended(error.message));
  child.on('exit', (code, signal) => child.pid !== undefined && ended(signal ?? `exit ${code}`));
  return {
    send: (message, taken) => child.connected && child.send(message, taken),
    kill: () => child.kill('SIGKILL'),
  };
}

/** For `KeptChild`. A machine without memory for a fork is a child that has ended, never an exception. */
export function forkHead(head: string, options: ForkOptions = {}): Start {
  return (heard, ended) => {
    try {
      return keep(forkNow(head, options), heard, ended);
    } catch (error) {
      setImmediate(() => ended(sentence(error)));
      return { send: () => false, kill: () => {} };
    }
  };
}

/** Undefined where it cannot be had; who wants it then is told why by `forkHead`. */
function forkIdle(head: string): ChildProcess | undefined {
  try {
    const child = forkNow(head, {}).on('error', () => {});
    child.unref();
    child.channel?.unref();
    return child;
  } catch {
    return undefined;
  }
}

/** A child that loads while we do. */
export interface Ahead {
  /** The first start takes it. */
  readonly start: Start;
  /** Gives it its order before that: the same one is not given again, and what it answers is heard at its start. */
  readonly order: (message: Message) => void;
}

/** Forks now. Until it is started the child holds up nothing and ends with us. */
export function forkAhead(head: string): Ahead {
  let ahead = forkIdle(head);
  let given: Message | undefined;
  const answers: unknown[] = [];
  const hear = (message: unknown) => void answers.push(message);
  ahead?.on('message', hear);
  const anew = forkHead(head);
  return {
    order(message) {
      if (!ahead?.connected) return;
      given = message;
      ahead.send(message, () => {});
    },
    start(heard, ended) {
      const child = ahead;
      ahead = undefined;
      if (!child?.connected) return anew(heard, ended);
      child.ref();
      child.channel?.ref();
      child.off('message', hear);
      const running = keep(child, heard, ended);
      process.nextTick(() => {
        for (const message of answers) child.emit('message', message);
      });
      return {
        ...running,
        send(message, taken) {
          const isGiven = given !== undefined && isDeepStrictEqual(message, given);
          given = undefined;
          return isGiven || running.send(message, taken);
        },
      };
    },
  };
}

/**
 * The child's side: answers pings, hands on every other message, ends when told to or when the parent is gone. Ctrl-C
 * in a terminal reaches the children too; there the parent decides. Returns the way back to the parent.
 */
export function serveParent(
  heard: (message: Message) => void,
  end: () => void | Promise<void> = () => {},
): (message: Message) => void {
  const send = (message: Message): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  let leaving = false;
  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    Promise.resolve(end())
      .catch(() => {})
      .finally(() => process.exit(0));
  };
  process.on('SIGINT', () => {});
  process.on('disconnect', leave);
  process.on('message', (message) => {
    if (!isMessage(message)) return;
    if (message.type === 'ping') send({ type: 'pong' });
    else if (message.type === 'stop') leave();
    else heard(message);
  });
  return send;
}
