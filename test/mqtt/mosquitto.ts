// A real broker for the tests: mosquitto on a free port of this machine, with TLS and passwords where wanted.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../house/site.ts';
import { until } from '../house/until.ts';

const MOSQUITTO = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/usr/bin/mosquitto'].find(existsSync);
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** The reason is printed in the test's name. */
export const noMosquitto = MOSQUITTO === undefined ? 'mosquitto is not installed' : undefined;
export const noTls = noMosquitto ?? (hasOpenssl ? undefined : 'openssl is not installed');

export interface BrokerOptions {
  /** Server certificate and key, by path. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly users?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Further lines of its configuration. */
  readonly more?: readonly string[];
  /** What it keeps outlives its restart. */
  readonly keeps?: boolean;
}

export interface Broker {
  readonly port: number;
  /** Starts it again after `stop`, on the same port. */
  readonly start: () => Promise<void>;
  /** As a service is stopped. */
  readonly stop: () => Promise<void>;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly log: () => string;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });

function passwordFile(folder: string, users: Readonly<Record<string, string>>): string {
  const path = join(folder, 'passwords');
  writeFileSync(path, '', { mode: 0o600 });
  for (const [user, password] of Object.entries(users))
    execFileSync('mosquitto_passwd', ['-b', path, user, password], { stdio: 'ignore' });
  return path;
}

function configuration(folder: string, port: number, options: BrokerOptions): string {
  const { tls, users, more = [], keeps } = options;
  const lines = [
    'user root',
    `listener ${port} 127.0.0.1`,
    ...(tls ? [`certfile ${tls.cert}`, `keyfile ${tls.key}`] : []),
    ...(users ? [`password_file ${passwordFile(folder, users)}`] : ['allow_anonymous true']),
    ...(keeps ? ['persistence true', `persistence_location ${folder}/`, 'autosave_interval 1'] : []),
    'log_type all',
    ...more,
  ];
  const path = join(folder, 'mosquitto.conf');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** Takes what is to be done when the broker is wanted no longer. */
export interface Cleaning {
  readonly onTestFinished: (clean: () => Promise<void>) => void;
}

export async function startBroker(
  { onTestFinished }: Cleaning,
  options: BrokerOptions = {},
): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-mosquitto-'));
  const port = options.port ?? (await freePort());
  const config = configuration(folder, port, options);
  let child: ChildProcess | undefined;
  let log = '';
  const stop = () =>
    new Promise<void>((resolve) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve()).kill();
    });
  const start = async () => {
    child = spawn(MOSQUITTO ?? 'mosquitto', ['-c', config], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text) => {
        log += String(text);
      });
    await until('mosquitto listens', 5000, () => accepts(port));
  };
  onTestFinished(async () => {
    child?.kill('SIGCONT');
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await start();
  return { port, start, stop, signal: (signal) => child?.kill(signal), log: () => log };
}
