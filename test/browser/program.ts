// The gateway as it ships, its page on a port of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureOf, gatewayText } from '../bench/packs.ts';
import { freePort } from '../house/site.ts';
import { until } from '../house/until.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'bmsgate.sh');
const START_MS = 20_000;

export interface Shown {
  readonly origin: string;
  /** Where Modbus TCP is served. */
  readonly tcp: number;
  readonly pid: number;
  /** Waits for such a line; gives its groups. */
  readonly prints: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly stop: () => Promise<void>;
}

function attend(child: ChildProcess, web: number, tcp: number): Shown {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => {
      output += text;
    });
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  child.on('close', () => resolve());
  return {
    origin: `http://127.0.0.1:${web}`,
    tcp,
    pid: child.pid ?? -1,
    prints: (pattern) =>
      until(`a line like ${pattern}`, START_MS, () => pattern.exec(output) ?? undefined).catch((error) => {
        throw new Error(`${error.message}; it said\n${output}`);
      }),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function start(web: number, tcp: number, args: readonly string[], folder = tmpdir()): Promise<Shown> {
  const env = { ...process.env, TMPDIR: folder };
  const shown = attend(spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'], env }), web, tcp);
  await Promise.all([shown.prints(/the page is served at/), shown.prints(/bank fresh/)]);
  return shown;
}

/** `bmsgate demo`. Everybody may look; `demo` with the printed password is an installer. `folder`: in place of the usual one for temporary files. */
export async function demo(folder?: string): Promise<Shown & { readonly password: string }> {
  const [web, tcp] = await Promise.all([freePort(), freePort()]);
  const words = ['demo', '--tcp', `127.0.0.1:${tcp}`, '--web', `127.0.0.1:${web}`];
  const shown = await start(web, tcp, words, folder);
  const [, password = ''] = await shown.prints(/log in at the page as demo with the password (\S+)/);
  return { ...shown, password };
}

/** Packs of 16 cells, all in parallel, played from a capture, and an inverter at Modbus TCP with others beside it. Everybody may look. */
export async function packsInARow(packs: number, others: readonly string[] = []): Promise<Shown> {
  const [web, tcp] = await Promise.all([freePort(), freePort()]);
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-page-'));
  const [capture, config] = [join(folder, 'packs.capture'), join(folder, 'gateway.yaml')];
  writeFileSync(capture, captureOf(packs));
  const inverters = [`{ id: ems, profile: generic-modbus, tcp: "127.0.0.1:${tcp}" }`, ...others];
  const more = [
    `web: { listen: "127.0.0.1:${web}", open_view: true, accounts: ${join(folder, 'accounts.json')} }`,
  ];
  writeFileSync(config, gatewayText({ packs, inverters, more }));
  const shown = await start(web, tcp, ['replay', capture, '--loop', '--config', config]);
  return {
    ...shown,
    async stop() {
      await shown.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
