// The gateway as it ships, a process of its own with its children, reading packs from a capture that never ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureOf, gatewayText } from './packs.ts';
import { serialUnit } from './serial-unit.ts';

const root = join(import.meta.dirname, '..', '..');
const PROGRAM = join(root, 'src', 'bmsgate.sh');

/** Throws a sentence when there is nothing to measure. */
export function mustBeBuilt(): void {
  if (!existsSync(join(root, 'dist', 'main.js')))
    throw new Error('dist/ is missing, and what ships is what is measured; run `npm run build`');
}

export interface BenchGateway {
  readonly start: () => ChildProcess;
  /** After its process has ended. */
  readonly clear: () => unknown;
}

/** `inverters`: lines of the gateway file. */
export interface BenchBank {
  readonly packs: number;
  readonly inverters: readonly string[];
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'bmsgate-bench-'));
const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });

export function benchGateway({ packs, inverters }: BenchBank): BenchGateway {
  mustBeBuilt();
  const folder = newFolder();
  const [capture, config] = [join(folder, 'packs.capture'), join(folder, 'gateway.yaml')];
  writeFileSync(capture, captureOf(packs));
  writeFileSync(config, gatewayText({ packs, inverters, logFolder: join(folder, 'log') }));
  return {
    start: () =>
      spawn(PROGRAM, ['replay', capture, '--loop', '--config', config], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    clear: () => remove(folder),
  };
}

/**
 * The service with all that a house has: packs on serial lines, log files, history, alerts, black box and, where `broker` is its
 * port, Home Assistant. `further` are lines of its file.
 */
export async function householdGateway(
  { packs, inverters }: BenchBank,
  broker?: number,
  further: readonly string[] = [],
): Promise<BenchGateway> {
  mustBeBuilt();
  const folder = newFolder();
  const config = join(folder, 'gateway.yaml');
  const units = await Promise.all(Array.from({ length: packs }, (_, no) => serialUnit(no)));
  const more = [
    `history: { path: ${join(folder, 'history.db')} }`,
    // Nothing takes the alerts, so that they wait as they would at worst.
    'alerts: [{ id: nobody, webhook: "http://127.0.0.1:9/" }]',
    ...(broker === undefined ? [] : [`mqtt: { url: "mqtt://127.0.0.1:${broker}" }`]),
    ...further,
  ];
  const serials = units.map(({ path }) => path);
  writeFileSync(config, gatewayText({ packs, inverters, serials, logFolder: join(folder, 'log'), more }));
  return {
    start: () =>
      spawn(PROGRAM, ['run', '--config', config], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, STATE_DIRECTORY: join(folder, 'state') },
      }),
    async clear() {
      await Promise.all(units.map(({ close }) => close()));
      remove(folder);
    },
  };
}

/** Ends a gateway and waits until it is gone. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => resolve());
  child.kill(signal);
  await promise;
}
