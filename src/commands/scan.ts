import type { Command } from 'commander';
import type { Advert } from '../bms/driver.ts';
import { driverFor } from '../bms/drivers.ts';
import { durationMs } from './arguments.ts';
import { addRadioOptions, heardIn, print, type RadioOptions, withRadio } from './radio.ts';

interface ScanOptions extends RadioOptions {
  readonly for: number;
  readonly json?: boolean;
  readonly all?: boolean;
}

const jsonOf = (advert: Advert) => ({
  address: advert.address,
  name: advert.name,
  rssi_dBm: advert.rssiDbm,
  bms: driverFor(advert)?.id,
  services: advert.services,
});

const lineOf = (advert: Advert): string =>
  [
    advert.address,
    `${advert.rssiDbm ?? '?'} dBm`.padStart(8),
    (driverFor(advert)?.id ?? '-').padEnd(10),
    advert.name ?? '',
  ]
    .join('  ')
    .trimEnd();

const NOTHING =
  'no BMS was heard; a pack that a phone is connected to is silent, and `--all` shows what else is on the air';

function show(adverts: readonly Advert[], { json, all }: ScanOptions): void {
  const shown = all ? adverts : adverts.filter((advert) => driverFor(advert));
  if (shown.length === 0) process.stderr.write(`${NOTHING}\n`);
  if (json) print(JSON.stringify(shown.map(jsonOf), null, 2));
  else for (const advert of shown) print(lineOf(advert));
}

export function addScan(program: Command): void {
  const command = program
    .command('scan')
    .description('BMS units in reach, with the driver that matches')
    .option('--for <duration>', 'how long to listen', durationMs, 10_000)
    .option('--json', 'as JSON')
    .option('--all', 'also what no driver knows')
    .action((options: ScanOptions) =>
      withRadio(options, async (port, signal) => show(await heardIn(port, options.for, signal), options)),
    );
  addRadioOptions(command);
}
