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

/** Names that several units have: only the address tells these apart. */
function sharedNames(adverts: readonly Advert[]): ReadonlySet<string> {
  const names = adverts.flatMap(({ name }) => name ?? []);
  return new Set(names.filter((name, i) => names.indexOf(name) !== i));
}

const jsonOf = (advert: Advert, shared: ReadonlySet<string>) => ({
  address: advert.address,
  name: advert.name,
  ...(advert.name !== undefined && shared.has(advert.name) && { name_shared: true }),
  rssi_dBm: advert.rssiDbm,
  bms: driverFor(advert)?.id,
  services: advert.services,
});

const nameOf = ({ name = '' }: Advert, shared: ReadonlySet<string>): string =>
  shared.has(name) ? `${name}  (several have this name: go by the address)` : name;

const lineOf = (advert: Advert, shared: ReadonlySet<string>): string =>
  [
    advert.address,
    `${advert.rssiDbm ?? '?'} dBm`.padStart(8),
    (driverFor(advert)?.id ?? '-').padEnd(10),
    nameOf(advert, shared),
  ]
    .join('  ')
    .trimEnd();

const NOTHING =
  'no BMS was heard; a pack that a phone is connected to is silent, and `--all` shows what else is on the air';

function show(adverts: readonly Advert[], { json, all }: ScanOptions): void {
  const shown = all ? adverts : adverts.filter((advert) => driverFor(advert));
  if (shown.length === 0) process.stderr.write(`${NOTHING}\n`);
  const shared = sharedNames(adverts);
  const objects = () => shown.map((advert) => jsonOf(advert, shared));
  if (json) print(JSON.stringify(objects(), null, 2));
  else for (const advert of shown) print(lineOf(advert, shared));
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
