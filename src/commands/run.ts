import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { loadConfiguration } from '../config/configuration.ts';
import { secretProblems } from '../config/secrets.ts';
import { problemText } from '../model/errors.ts';
import { demo } from './demo.ts';
import { listenOrder } from './listen-order.ts';
import { ownCan, runFolder, serveUntilStopped } from './serving.ts';

const DEFAULT_FILE = 'gateway.yaml';

async function run({ config: path }: { config: string }): Promise<void> {
  const configuration = loadConfiguration(path);
  const { config } = configuration;
  await serveUntilStopped(
    {
      ...configuration,
      remarks: [...configuration.remarks, ...secretProblems(config).map(problemText)],
      listen: listenOrder(config),
      level: config.file.log.level,
      runFolder: runFolder(),
      // Only systemd names a folder that outlives a boot and is ours.
      stateFolder: process.env.STATE_DIRECTORY,
    },
    ownCan,
  );
}

/** `bmsgate run`: the service. */
export function addRun(program: Command): void {
  program
    .command('run')
    .description('the service: reads the batteries and serves the inverters of a gateway file')
    .option('--config <file>', 'the gateway file', DEFAULT_FILE)
    .action(run);
}

/** What `npm start` does: the service where there is a gateway file, else the demo. */
export function addStart(program: Command): void {
  program
    .command('start', { hidden: true })
    .action(() => (existsSync(DEFAULT_FILE) ? run({ config: DEFAULT_FILE }) : demo({})));
}
