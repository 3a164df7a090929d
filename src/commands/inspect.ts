import { Argument, type Command } from 'commander';
import { type BleLink, chooseChannel, type GattCharacteristic } from '../ble/port.ts';
import { pause } from '../ble/timers.ts';
import { CONNECT_MS } from '../ble/turns.ts';
import type { Advert } from '../bms/driver.ts';
import { driverFor, drivers } from '../bms/drivers.ts';
import { sentence } from '../model/errors.ts';
import { realTimers } from '../timers.ts';
import { durationMs } from './arguments.ts';
import { hearAll, printNotifications, printSummary } from './inspect-listen.ts';
import { tryAll } from './inspect-try.ts';
import { addRadioOptions, addressOf, hearUnit, print, type RadioOptions, withRadio } from './radio.ts';

interface InspectOptions extends RadioOptions {
  readonly listen?: number;
  readonly try?: true;
}

/** Several packs lose what is written sooner after the subscription (BLE reference 1.8). */
const SETTLE_MS = 500;

const characteristicLine = ({ uuid, properties }: GattCharacteristic): string =>
  `  ${uuid.padEnd(32)}  ${properties.join(', ')}`;

/** The driver that the advert points to, else the first whose characteristics are there. */
function verdict(advert: Advert, found: readonly GattCharacteristic[]): string {
  const driver = driverFor(advert) ?? drivers.find(({ gatt }) => chooseChannel(found, gatt));
  if (!driver)
    return 'no driver fits; `--bms` and service, notify, write of a battery in gateway.yaml overrule this';
  const channel = chooseChannel(found, driver.gatt);
  if (!channel) return `driver ${driver.id} by its advert, but none of its characteristics is here`;
  const { notify, write } = channel;
  return `driver ${driver.id}: service ${notify.service}, notify ${notify.uuid}, write ${write.uuid}`;
}

async function show(link: BleLink, advert: Advert): Promise<readonly GattCharacteristic[]> {
  const found = await link.discover();
  print(`${advert.address}  ${advert.name ?? 'without a name'}  ${advert.rssiDbm ?? '?'} dBm`);
  for (const service of new Set(found.map((c) => c.service))) {
    print(`service ${service}`);
    for (const c of found.filter((one) => one.service === service)) print(characteristicLine(c));
  }
  print(verdict(advert, found));
  return found;
}

/** What the list alone does not tell: who speaks, and who answers. */
async function probe(
  link: BleLink,
  found: readonly GattCharacteristic[],
  options: InspectOptions,
  signal: AbortSignal,
): Promise<void> {
  if (!options.listen && !options.try) return;
  const lost = new AbortController();
  link.onLost((why) => lost.abort(new Error(why)));
  const ending = AbortSignal.any([signal, lost.signal]);
  const heard = await hearAll(link, found);
  if (options.listen) {
    printNotifications(heard);
    await pause(realTimers, options.listen, ending);
    if (lost.signal.aborted) print(sentence(lost.signal.reason));
    printSummary(heard);
  } else await pause(realTimers, SETTLE_MS, ending);
  if (options.try) await tryAll(link, found, heard, ending);
}

export function addInspect(program: Command): void {
  const command = program
    .command('inspect')
    .description('the GATT services and characteristics of one unit, and the driver that would be used')
    .addArgument(new Argument('<address>', 'as `bmsgate scan` shows it').argParser(addressOf))
    .option('--listen <duration>', 'subscribe to everything and print what comes, e.g. 20s', durationMs)
    .option(
      '--try',
      'write the first read of every driver to each characteristic; says before what it will write',
    )
    .action((address: string, options: InspectOptions) =>
      withRadio(options, async (port, signal) => {
        const advert = await hearUnit(port, address, signal);
        const link = await port.connect(address, { timeoutMs: CONNECT_MS, signal });
        await show(link, advert)
          .then((found) => probe(link, found, options, signal))
          .finally(link.disconnect);
      }),
    );
  addRadioOptions(command);
}
