import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { forkAhead } from '../forked.ts';
import { readInSteps } from '../read-aside.ts';

const DEFAULT_FILE = 'gateway.yaml';

/** The ear loads and the files are read while we load. */
async function run({ config: path }: { config: string }): Promise<void> {
  const reading = readInSteps({ type: 'service', path });
  const ear = forkAhead('ear');
  const { service } = await import('./service.ts');
  await service(reading, ear);
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
  program.command('start', { hidden: true }).action(async () => {
    if (existsSync(DEFAULT_FILE)) return run({ config: DEFAULT_FILE });
    const { demo } = await import('./demo.ts');
    return demo({});
  });
}
