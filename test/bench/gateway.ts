// The gateway as it ships, a process of its own with its children, reading packs from a capture that never ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureOf, gatewayText } from './packs.ts';

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
  readonly clear: () => void;
}

/** `inverters`: lines of the gateway file. */
export function benchGateway({
  packs,
  inverters,
}: {
  packs: number;
  inverters: readonly string[];
}): BenchGateway {
  mustBeBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-bench-'));
  const [capture, config] = [join(folder, 'packs.capture'), join(folder, 'gateway.yaml')];
  writeFileSync(capture, captureOf(packs));
  writeFileSync(config, gatewayText({ packs, inverters, logFolder: join(folder, 'log') }));
  return {
    start: () =>
      spawn(PROGRAM, ['replay', capture, '--loop', '--config', config], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    clear: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }),
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
