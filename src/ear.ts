// The ear: the Bluetooth stack, the sessions and the decoders, in a process of their own, so that a stack that is stuck or has
// crashed is replaced without the wires noticing.
import { readFileSync } from 'node:fs';
import { type EarTape, earTape } from './blackbox/ear-tape.ts';
import type { Command } from './ble/command.ts';
import { isEarOrders } from './ble/heard-orders.ts';
import { type Listening, listen } from './ble/listen.ts';
import { noblePort } from './ble/noble.ts';
import type { CommandOrder, EarOrders, EarReport, ListenOrder, ListenTo, RadioOrder } from './ble/orders.ts';
import { addressKey, type BlePort } from './ble/port.ts';
import { recordedPort } from './ble/recorded.ts';
import { replayPort } from './ble/replay.ts';
import { simulatedPort } from './ble/simulated.ts';
import { watchStalls } from './ble/stall.ts';
import { within } from './ble/timers.ts';
import { parseCapture } from './bytes/capture.ts';
import { fromHex } from './bytes/hex.ts';
import { serveParent } from './forked.ts';
import { GatewayError, sentence } from './model/errors.ts';
import { realTimers } from './timers.ts';

interface Heard {
  readonly radio: string;
  readonly listening: Listening;
  readonly take: (order: EarOrders) => void;
}

type Order<F extends RadioOrder['form']> = Extract<RadioOrder, { form: F }>;

let heard: readonly Heard[] = [];
let tape: EarTape | undefined;
/** One order after the other: the adapter is let go before it is opened again. */
let work: Promise<void> = Promise.resolve();

const giveUp = (why: string): never => {
  process.stderr.write(`ear: ${why}\n`);
  process.exit(1);
};

let isReady = false;

const report = (message: EarReport) => {
  if (message.type === 'adapter') isReady = message.state === 'ready';
  send(message);
};

const { timers } = watchStalls(realTimers, (forMs) => {
  for (const { listening } of heard) listening.stalled();
  report({
    type: 'notice',
    text: `stood still for ${(forMs / 1000).toFixed(1)} s; what was queued is dropped`,
  });
});

function replay({ captureFile, isLooped = false }: Order<'replay'>, batteries: readonly ListenTo[]): BlePort {
  const capture = parseCapture(readFileSync(captureFile, 'utf8'));
  if (!('message' in capture)) return replayPort({ capture, batteries, timers, isLooped });
  const problems = [{ file: captureFile, line: capture.line, column: 1, message: capture.message }];
  throw new GatewayError('DOCUMENT_INVALID', { problems });
}

async function bluez({ adapter, passkeys }: Order<'bluez'>): Promise<BlePort> {
  const { bluezPort } = await import('./ble/bluez.ts');
  return bluezPort({ adapter, timers, passkeyOf: (address) => passkeys[addressKey(address)] });
}

async function esphome(radio: Order<'esphome'>): Promise<BlePort> {
  const { esphomePort } = await import('./ble/esphome.ts');
  return esphomePort({ ...radio, timers });
}

async function wired(radio: Order<'wired'>, units: readonly ListenTo[]): Promise<BlePort> {
  const { wiredPort } = await import('./ble/wired.ts');
  return wiredPort({ ...radio, units, timers });
}

interface Opened {
  readonly port: BlePort;
  /** Takes the orders that are for this radio. */
  readonly take?: Heard['take'];
}

/** The port of a radio; the package behind it is only loaded where there is such a radio. */
async function open(radio: RadioOrder, batteries: readonly ListenTo[]): Promise<Opened> {
  if (radio.form === 'replay') return { port: replay(radio, batteries) };
  if (radio.form === 'noble') return { port: noblePort({ ...radio, timers }) };
  if (radio.form === 'esphome') return { port: await esphome(radio) };
  if (radio.form === 'wired') return { port: await wired(radio, batteries) };
  if (radio.form === 'bluez') return { port: await bluez(radio) };
  const port = simulatedPort(batteries, radio.bank, timers);
  return { port, take: port.take };
}

/** The port, with every byte that goes through it on the tape, if there is one. */
const taped = (port: BlePort): BlePort => {
  const { note } = tape ?? {};
  return note ? recordedPort(port, note) : port;
};

async function begin({ radios, batteries, pollMs, isTaped, rests }: ListenOrder): Promise<Heard[]> {
  tape ??= isTaped ? earTape(timers, (piece) => send(piece)) : undefined;
  const [first] = radios;
  const ownOf = ({ name }: RadioOrder) =>
    batteries.filter((battery) => (battery.radio ?? first.name) === name);
  const opened = await Promise.all(
    radios.map(async (radio) => ({ radio, own: ownOf(radio), ...(await open(radio, ownOf(radio))) })),
  );
  return opened.map(({ radio, own, port: bare, take = () => {} }) => {
    const port = taped(bare);
    const { name, slots } = radio;
    const opensItself = radio.form === 'esphome' || radio.form === 'wired';
    const who = { radio: name, port, batteries: own, pollMs, slots, opensItself, rests };
    return { radio: name, take, listening: listen({ ...who, timers, report, giveUp }) };
  });
}

const end = async (): Promise<void> => {
  const ending = heard;
  heard = [];
  await Promise.all(ending.map(({ listening }) => listening.stop()));
};

/** A stack that does not let go of its adapter ends with this process. */
const END_MS = 5_000;

const obey = async (order: ListenOrder): Promise<void> => {
  await within(timers, END_MS, end()).catch((error) => giveUp(`the radio did not end: ${sentence(error)}`));
  try {
    heard = await begin(order);
  } catch (error) {
    report({ type: 'adapter', radio: order.radios[0].name, state: 'missing', why: sentence(error) });
  }
};

const commandOf = ({ errand, untilMs }: CommandOrder): Command | undefined => {
  if (errand.kind === 'fet') return { ...errand, untilMs };
  const bytes = fromHex(errand.hex);
  return bytes && { kind: 'raw', bytes, untilMs };
};

async function carryOut(order: CommandOrder): Promise<void> {
  const { number, battery } = order;
  const command = commandOf(order);
  const results = command ? heard.flatMap(({ listening }) => listening.command(battery, command) ?? []) : [];
  const result = (await results[0]) ?? { sent: [], heard: [], why: 'there is no such battery here' };
  report({ type: 'commanded', number, battery, ...result });
}

function take(message: unknown): void {
  if (!isEarOrders(message)) report({ type: 'notice', text: 'an order was not understood and is ignored' });
  else if (message.type === 'recover')
    heard.find(({ radio }) => radio === message.radio)?.listening.recover(message);
  else if (message.type === 'command') void carryOut(message);
  else if (message.type === 'rest') for (const { listening } of heard) listening.rest(message);
  else if (message.type === 'resume') for (const { listening } of heard) listening.resume(message.battery);
  else if (message.type !== 'listen') for (const { take } of heard) take(message);
  else work = work.then(() => obey(message));
}

process.on('uncaughtException', (error) => giveUp(sentence(error)));
const send = serveParent(take, () => {
  tape?.flush();
  return work.then(end);
});

// Both packages write their warnings to the console, which is not ours. Of an adapter that is not ready we say more ourselves.
console.log = console.warn = (...words: unknown[]) => {
  if (isReady) report({ type: 'notice', text: words.join(' ').trim() });
};
