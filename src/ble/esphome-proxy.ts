import { FEATURE, type Message, RAW } from './esphome-messages.ts';
import { takenWatch } from './esphome-taken.ts';
import { networkTrouble, type Trouble } from './esphome-trouble.ts';
import { openWire, type Wire, type WireOptions } from './esphome-wire.ts';

/** What the proxy alone has to answer. */
const ANSWER_MS = 5_000;
/** How long a proxy that listens for us may hear nothing at all. */
const SUBSCRIBED_MS = 10_000;
export const PING_EVERY_MS = 10_000;
/** A proxy that leaves a ping unanswered for so long is gone. */
export const PING_LIMIT_MS = 20_000;

/** The version of the API whose messages we know; proxies before 1.11 want a login, even one without a password. */
const API = { major: 1, minor: 12 } as const;
const NO_LOGIN_FROM = 11;

/** A proxy that has greeted us and listens on the air for us. */
export interface OpenProxy {
  readonly wire: Wire;
  /** From now on something ought to be heard, or nothing need be. */
  readonly listening: (isListening: boolean) => void;
  /** Connections that are free and that there are; undefined until it said so. */
  readonly slots: () => { readonly free: number; readonly limit: number } | undefined;
}

const named =
  <N extends Message['name']>(name: N) =>
  (message: Message): Extract<Message, { name: N }> | undefined =>
    // The name says which of the messages this is.
    message.name === name ? (message as Extract<Message, { name: N }>) : undefined;

async function greet(wire: Wire, trouble: Trouble): Promise<void> {
  const answered = wire.expect(ANSWER_MS, named('helloAnswer'));
  wire.send('hello', { client: 'bmsgate', ...API });
  const { major, minor } = await answered;
  if (major !== API.major)
    throw trouble(`it speaks version ${major} of its API, not ${API.major}`, 'update bmsgate');
  if (minor >= NO_LOGIN_FROM) return;
  const loggedIn = wire.expect(ANSWER_MS, named('loginAnswer'));
  wire.send('login', {});
  const { isRefused } = await loggedIn;
  if (isRefused)
    throw trouble('it wants a password', 'give its YAML `api: encryption: key:` in place of `password:`');
}

async function checkFeatures(wire: Wire, trouble: Trouble): Promise<number> {
  const answered = wire.expect(ANSWER_MS, named('deviceInfoAnswer'));
  wire.send('deviceInfo', {});
  const { features } = await answered;
  if (features === 0)
    throw trouble(
      'it is an ESPHome device without a Bluetooth proxy',
      'add `bluetooth_proxy: active: true` to its YAML',
    );
  if (!(features & FEATURE.connections))
    throw trouble(
      'it only listens and makes no connections',
      'set `bluetooth_proxy: active: true` in its YAML',
    );
  if (!(features & FEATURE.ownCache) || !(features & FEATURE.rawAdverts))
    throw trouble('its firmware is too old', 'install it anew with ESPHome 2023.7 or newer');
  return features;
}

/**
 * One client at a time: the firmware leaves a second one without a word (esphome: bluetooth_proxy.cpp), so silence after the
 * subscription is the sign. It also ends all links of a client that unsubscribes: we never do.
 */
async function subscribe(wire: Wire, features: number, trouble: Trouble): Promise<void> {
  const heard = wire.expect(SUBSCRIBED_MS, ({ name }) =>
    name === 'scannerState' || name === 'rawAdverts' ? true : undefined,
  );
  wire.send('subscribeAdverts', { flags: RAW });
  wire.send('subscribeFree', {});
  await heard.catch((error) => {
    if (wire.gone.aborted) throw error;
    if (features & FEATURE.scannerState)
      throw trouble(
        'it serves another program already',
        'take this proxy out of that program (Home Assistant, or a second gateway): a proxy has one client',
      );
  });
}

/** Answers the proxy's pings and sends our own; whatever comes shows that it lives. */
function keepAlive({ timers }: WireOptions, wire: Wire, trouble: Trouble): void {
  let cancel = () => {};
  const alive = () => {
    cancel();
    cancel = timers.after(PING_EVERY_MS, () => {
      wire.send('ping', {});
      cancel = timers.after(PING_LIMIT_MS, () =>
        wire.close(
          trouble(
            `it has been silent for ${PING_LIMIT_MS / 1000} s after a ping`,
            'look whether the ESP32 has power and a good Wi-Fi signal',
          ),
        ),
      );
    });
  };
  wire.gone.addEventListener('abort', () => cancel());
  alive();
  wire.hear(({ name }) => {
    alive();
    if (name === 'ping') wire.send('pingAnswer', {});
    if (name === 'goodbye') {
      wire.send('goodbyeAnswer', {});
      wire.close(trouble('it took its leave, as it does before a restart', 'it is opened again by itself'));
    }
  });
}

/** Rejects with the one sentence. */
export async function openProxy(options: WireOptions, trouble: Trouble): Promise<OpenProxy> {
  const wire = await openWire(options, trouble);
  let slots: ReturnType<OpenProxy['slots']>;
  keepAlive(options, wire, trouble);
  wire.hear((message) => {
    if (message.name === 'free') slots = { free: message.free, limit: message.limit };
  });
  try {
    await greet(wire, trouble);
    await subscribe(wire, await checkFeatures(wire, trouble), trouble);
    return { wire, slots: () => slots, listening: takenWatch(options.timers, wire, trouble) };
  } catch (error) {
    const reason = networkTrouble(trouble, error);
    wire.close(reason);
    throw reason;
  }
}
