// The D-Bus system bus and BlueZ at its other end. Written on the package's messages, not on its proxies: those ask for an
// object's introspection first and add a match rule for every object that is looked at, until the bus allows no more.
import {
  DBusError,
  Message,
  type MessageBus,
  MessageFlag,
  MessageType,
  sessionBus,
  Variant,
} from 'dbus-next';
import type { Timers } from '../model/timers.ts';
import { bluezWhy } from './bluez-words.ts';
import { within } from './timers.ts';

export const SYSTEM_BUS = 'unix:path=/run/dbus/system_bus_socket';
export const BLUEZ = 'org.bluez';

/** What BlueZ itself answers at once. */
const CALL_MS = 5_000;

/** A signal, or a call of BlueZ to us. Values are plain: variants are unwrapped, `ay` is bytes. */
export interface BusMessage {
  readonly path: string;
  readonly iface: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

export interface Arguments {
  /** In D-Bus signature letters. Variants are made with `variant`. */
  readonly signature: string;
  readonly body: readonly unknown[];
}

/** What the bus tells us of BlueZ. */
export interface BusHands {
  readonly heard: (signal: BusMessage) => void;
  readonly owner: (isThere: boolean) => void;
  /** The answer, or undefined: the call is rejected. */
  readonly asked: (call: BusMessage) => Arguments | undefined;
  /** The bus itself is gone. */
  readonly ended: () => void;
}

export interface BluezBus {
  readonly call: (
    path: string,
    iface: string,
    member: string,
    args?: Arguments,
    limitMs?: number,
  ) => Promise<readonly unknown[]>;
  readonly close: () => void;
}

export const variant = (signature: string, value: unknown): Variant => new Variant(signature, value);

function plain(value: unknown): unknown {
  if (value instanceof Variant) return plain(value.value);
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

/** True for a refusal of BlueZ or the bus by this D-Bus error name. */
export const isRefusal = (error: unknown, name: string): boolean =>
  error instanceof Error && error.cause instanceof DBusError && error.cause.type === name;

const messageOf = ({ path, interface: iface, member, body }: Message): BusMessage => ({
  path,
  iface,
  member,
  body: body.map(plain),
});

const DBUS = 'org.freedesktop.DBus';
const ofBluez = `type='signal',sender='${BLUEZ}'`;
const rules = [
  `type='signal',sender='${DBUS}',member='NameOwnerChanged',arg0='${BLUEZ}'`,
  `${ofBluez},interface='${DBUS}.ObjectManager'`,
  `${ofBluez},interface='${DBUS}.Properties',path_namespace='/org/bluez'`,
];

const connected = (bus: MessageBus) =>
  new Promise<void>((resolve, reject) => {
    bus.on('connect', resolve);
    bus.on('error', reject);
  });

async function request(bus: MessageBus, to: string, call: BusMessage, signature = ''): Promise<Message> {
  const { path, iface, member, body } = call;
  const message = new Message({
    destination: to,
    path,
    interface: iface,
    member,
    signature,
    body: [...body],
    // Whoever stopped bluetoothd meant it: we do not start it again.
    flags: MessageFlag.NO_AUTO_START,
  });
  try {
    const reply = await bus.call(message);
    if (!reply) throw new Error('no reply was asked for');
    return reply;
  } catch (error) {
    if (!(error instanceof DBusError)) throw error;
    throw new Error(bluezWhy(error.type, error.text), { cause: error });
  }
}

const busItself = (bus: MessageBus, member: string, text: string) =>
  request(bus, DBUS, { path: '/org/freedesktop/DBus', iface: DBUS, member, body: [text] }, 's');

/** Takes what BlueZ says and asks, and only BlueZ: any process may send us a message. */
function listenTo(bus: MessageBus, owned: { by: string }, hands: BusHands): void {
  bus.on('message', (message) => {
    const { type, sender, member, body } = message;
    if (type !== MessageType.SIGNAL) return;
    if (sender === DBUS && member === 'NameOwnerChanged' && body[0] === BLUEZ) {
      owned.by = String(body[2]);
      hands.owner(owned.by !== '');
    } else if (sender === owned.by) hands.heard(messageOf(message));
  });
  bus.addMethodHandler((message: Message) => {
    const answer = message.sender === owned.by ? hands.asked(messageOf(message)) : undefined;
    if (!answer && !message.interface?.startsWith(BLUEZ)) return false;
    bus.send(
      answer
        ? Message.newMethodReturn(message, answer.signature, [...answer.body])
        : // The package's type says string here; its sources take the message.
          Message.newError(message as unknown as string, `${BLUEZ}.Error.Rejected`, 'not for this device'),
    );
    return true;
  });
}

/** Rejects with what the socket or the bus says. Afterwards whatever goes wrong with the bus is `ended`, once. */
export async function connectBus(address: string, hands: BusHands, timers: Timers): Promise<BluezBus> {
  const bus = sessionBus({ busAddress: address });
  const owned = { by: '' };
  let isOpen = true;
  const end = () => {
    if (isOpen) hands.ended();
    isOpen = false;
  };
  const close = () => {
    isOpen = false;
    bus.disconnect();
  };
  try {
    await within(timers, CALL_MS, connected(bus));
    listenTo(bus, owned, hands);
    for (const rule of rules) await within(timers, CALL_MS, busItself(bus, 'AddMatch', rule));
    const owner = await within(timers, CALL_MS, busItself(bus, 'GetNameOwner', BLUEZ)).catch(() => undefined);
    if (owner) owned.by = String(owner.body[0]);
  } catch (error) {
    close();
    throw error;
  }
  bus.on('error', end);
  // The package tells nobody that its stream has ended; this is where its sources keep it.
  const { stream } = (bus as unknown as { _connection: { stream: NodeJS.EventEmitter } })._connection;
  stream.on('close', end);
  return {
    call: async (path, iface, member, args, limitMs = CALL_MS) => {
      if (!isOpen) throw new Error('the D-Bus system bus is gone');
      const call = { path, iface, member, body: args?.body ?? [] };
      const reply = await within(timers, limitMs, request(bus, BLUEZ, call, args?.signature));
      return reply.body.map(plain);
    },
    close,
  };
}
