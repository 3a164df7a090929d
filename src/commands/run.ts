import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { forkAhead } from '../forked.ts';
import { GatewayError } from '../model/errors.ts';
import { readInSteps } from '../read-aside.ts';
import type { Listening } from '../web/metrics-server.ts';

const DEFAULT_FILE = 'gateway.yaml';
const SETUP_AT = '0.0.0.0:3001';

interface RunOptions {
  readonly config: string;
  readonly setup?: true;
  readonly listen?: Listening;
  readonly writeOnly?: true;
}

/** What cannot be read because it is not there has another remedy than to correct it. */
function orNamesSetup(path: string, error: unknown): never {
  if (existsSync(path)) throw error;
  const message = `${path}: there is no such file; \`bmsgate run --setup --config ${path}\` makes one with a phone or a browser, or correct the path`;
  throw new GatewayError('REFUSED', { message });
}

/** The ear loads and the files are read while we load. */
async function serve(path: string): Promise<void> {
  const reading = readInSteps({ type: 'service', path });
  const ear = forkAhead('ear');
  const [{ service }, { holdFile }] = await Promise.all([import('./service.ts'), import('../wires/hold.ts')]);
  // So that a setup beside us is refused. Two gateways of one file are told apart by their wires.
  await holdFile(path).catch(() => {});
  await service(reading, ear).catch((error) => orNamesSetup(path, error));
}

function usage(message: string): never {
  throw new InvalidArgumentError(message);
}

async function run({ config: path, setup, listen, writeOnly }: RunOptions): Promise<void> {
  if (setup) {
    const { firstStart } = await import('./first-start.ts');
    await firstStart(path, listen ?? hostAndPort(SETUP_AT));
    if (writeOnly) return;
  } else if (listen || writeOnly)
    throw new GatewayError('REFUSED', {
      message:
        '`--listen` and `--write-only` belong to `--setup`; afterwards `web:` of the gateway file says where the page is',
    });
  await serve(path);
}

/** `host:port`; an IPv6 address has its brackets off. */
function hostAndPort(text: string): Listening {
  const [, host = '', port = ''] = /^(\[[0-9a-f:]+\]|[^:\s]+):(\d{1,5})$/i.exec(text) ?? [];
  const number = Number(port);
  if (host === '' || number < 1 || number > 65_535) return usage(`write host and port, e.g. ${SETUP_AT}`);
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

/** `bmsgate run`: the service. */
export function addRun(program: Command): void {
  program
    .command('run')
    .description('the service: reads the batteries and serves the inverters of a gateway file')
    .option('--config <file>', 'the gateway file', DEFAULT_FILE)
    .option(
      '--setup',
      'make the gateway file first, with a phone or a browser; no inverter is served meanwhile',
    )
    .option('--listen <host:port>', `where the setup is reached; ${SETUP_AT} without`, hostAndPort)
    .option('--write-only', 'end when the setup has written the file, instead of going on as the service')
    .action(run);
}

/** What `npm start` does: the service where there is a gateway file, else the demo. */
export function addStart(program: Command): void {
  program.command('start', { hidden: true }).action(async () => {
    if (existsSync(DEFAULT_FILE)) return run({ config: DEFAULT_FILE });
    const { demo } = await import('./demo.ts');
    return demo({});
  });
}
