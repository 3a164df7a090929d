// In the guest, as a user without any privilege: what each radio (named as argument) says to them. Run by bluez.mts.
import { bluezPort } from '../../../src/ble/bluez.ts';
import { noblePort } from '../../../src/ble/noble.ts';
import { sentence } from '../../../src/model/errors.ts';
import { realTimers } from '../../../src/timers.ts';

// The package writes warnings of its own.
console.log = console.warn = () => {};
const print = (text: string) => process.stdout.write(`${text}\n`);

const adapter = 'hci0';
const timers = realTimers;
const port =
  process.argv[2] === 'bluez'
    ? bluezPort({ adapter, timers })
    : noblePort({ adapter, timers, stack: 'stoprocent', channel: 'user' });

try {
  await port.open();
  await new Promise<void>((resolve) => {
    port.scan((advert) => {
      print(`hears ${advert.name}`);
      resolve();
    });
  });
} catch (error) {
  print(sentence(error));
}
process.exit();
