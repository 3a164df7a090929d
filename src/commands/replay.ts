import type { Command } from 'commander';
import { driverIds } from '../bms/drivers.ts';
import { forkAhead } from '../forked.ts';
import type { ReplayOptions } from './replay-file.ts';

/** What serves loads an ear meanwhile; what reads loads too. */
async function replay(file: string, options: ReplayOptions): Promise<void> {
  const { start: startReader } = forkAhead('reader');
  const ear = options.explain || options.wires ? undefined : forkAhead('ear');
  const { replayFile } = await import('./replay-file.ts');
  await replayFile(file, options, { ear, startReader });
}

/** `bmsgate replay`: what was recorded, in place of the radio. */
export function addReplay(program: Command): void {
  program
    .command('replay <file>')
    .description(
      'a capture in place of the radio: served on Modbus TCP 127.0.0.1:1502 and vcan0, or explained; a scenario: explained; a black box: played and compared',
    )
    .option('--explain', 'print the limits and their reasons over time instead of serving')
    .option('--wires', 'of a black box: print every answer and every frame')
    .option(
      '--config <file>',
      'a gateway file for the bank and its inverters; a battery is the unit of its id or its address',
    )
    .option('--bms <id>', `BMS family, if the capture does not say: ${driverIds.join(', ')}`)
    .option('--loop', 'begin again at the end instead of falling silent')
    .action(replay);
}
