import { type Command, InvalidArgumentError, Option } from 'commander';
import { noblePort } from '../ble/noble.ts';
import type { BleStack } from '../ble/orders.ts';
import { type BlePort, sameAddress } from '../ble/port.ts';
import { pause } from '../ble/timers.ts';
import type { Advert } from '../bms/driver.ts';
import { GatewayError } from '../model/errors.ts';
import { realTimers } from '../timers.ts';

/** What every command with a radio is told. */
export interface RadioOptions {
  readonly adapter: string;
  readonly stack: BleStack;
}

/** Long enough for a unit that advertises every few seconds. */
const HEAR_MS = 20_000;
/** The name comes in a second packet, after the advert. */
const NAME_MS = 1_000;

/** A line for a person. Names come from the air, where anybody may send escape sequences: they do not reach a terminal. */
export const print = (text: string): void => {
  process.stdout.write(`${text.replace(/(?!\n)\p{Cc}/gu, ' ')}\n`);
};

export function addressOf(text: string): string {
  if (/^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i.test(text)) return text.toUpperCase();
  throw new InvalidArgumentError('give an address such as A4:C1:38:00:00:01');
}

export const addRadioOptions = (command: Command): Command =>
  command
    .option('--adapter <name>', 'the Bluetooth adapter', 'hci0')
    .addOption(
      new Option('--stack <name>', 'the Bluetooth package')
        .choices(['stoprocent', 'abandonware'])
        .default('stoprocent'),
    );

/** Opens the radio for one task; Ctrl-C ends the task early, and the radio is closed in any case. */
export async function withRadio(
  options: RadioOptions,
  task: (port: BlePort, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  // The packages write their warnings to the console; what they mean we say in a sentence of ours.
  console.log = console.warn = () => {};
  const port = noblePort({ ...options, timers: realTimers });
  const ending = new AbortController();
  process.once('SIGINT', () => ending.abort(new Error('interrupted')));
  await port.open();
  try {
    await task(port, ending.signal);
  } finally {
    await port.close();
    // @abandonware/noble has no end: its timers would keep this process.
    setImmediate(() => process.exit());
  }
}

/** Listens for `forMs`; the newest advert of each unit, strongest first. */
export async function heardIn(port: BlePort, forMs: number, signal: AbortSignal): Promise<readonly Advert[]> {
  const heard = new Map<string, Advert>();
  await port.scan((advert) => heard.set(advert.address, { ...heard.get(advert.address), ...advert }));
  await pause(realTimers, forMs, signal);
  await port.stopScan();
  return [...heard.values()].sort((a, b) => (b.rssiDbm ?? -999) - (a.rssiDbm ?? -999));
}

/** The advert of one unit, with its name if it has one. */
export async function hearUnit(port: BlePort, address: string, signal: AbortSignal): Promise<Advert> {
  const enough = new AbortController();
  let found: Advert | undefined;
  await port.scan((advert) => {
    if (!sameAddress(advert.address, address)) return;
    if (!found) realTimers.after(NAME_MS, () => enough.abort());
    found = advert;
  });
  await pause(realTimers, HEAR_MS, AbortSignal.any([signal, enough.signal]));
  await port.stopScan();
  if (found) return found;
  const why = `not heard for ${HEAR_MS / 1000} s: out of reach, off, or in use by a phone; try \`bmsgate scan\``;
  throw new GatewayError('BLE_FAILED', { address, step: 'connect', why });
}
