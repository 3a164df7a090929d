import { Argument, type Command } from 'commander';
import { type BleLink, chooseChannel, type GattCharacteristic } from '../ble/port.ts';
import { CONNECT_MS } from '../ble/turns.ts';
import type { Advert } from '../bms/driver.ts';
import { driverFor, drivers } from '../bms/drivers.ts';
import { addRadioOptions, addressOf, hearUnit, print, type RadioOptions, withRadio } from './radio.ts';

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

async function show(link: BleLink, advert: Advert): Promise<void> {
  const found = await link.discover();
  print(`${advert.address}  ${advert.name ?? 'without a name'}  ${advert.rssiDbm ?? '?'} dBm`);
  for (const service of new Set(found.map((c) => c.service))) {
    print(`service ${service}`);
    for (const c of found.filter((one) => one.service === service)) print(characteristicLine(c));
  }
  print(verdict(advert, found));
}

export function addInspect(program: Command): void {
  const command = program
    .command('inspect')
    .description('the GATT services and characteristics of one unit, and the driver that would be used')
    .addArgument(new Argument('<address>', 'as `bmsgate scan` shows it').argParser(addressOf))
    .action((address: string, options: RadioOptions) =>
      withRadio(options, async (port, signal) => {
        const advert = await hearUnit(port, address, signal);
        const link = await port.connect(address, { timeoutMs: CONNECT_MS, signal });
        await show(link, advert).finally(link.disconnect);
      }),
    );
  addRadioOptions(command);
}
