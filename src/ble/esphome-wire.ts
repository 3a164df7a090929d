import { connect, type Socket } from 'node:net';
import type { GatewayError } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import { type Frames, KEY_REMEDY, noiseFrames, plainFrames, type Raw } from './esphome-frames.ts';
import {
  bodyOf,
  idOf,
  type Message,
  type MessageName,
  type MessageValues,
  messageOf,
} from './esphome-messages.ts';
import { networkTrouble, type Trouble } from './esphome-trouble.ts';
import { within } from './timers.ts';

/** From the first packet to the end of the handshake. */
const OPEN_MS = 10_000;

export interface WireOptions {
  readonly host: string;
  readonly port: number;
  /** 32 bytes in base64; absent where the proxy's YAML has none. */
  readonly key?: string | undefined;
  readonly timers: Timers;
}

/** One open connection to a proxy. */
export interface Wire {
  readonly send: <N extends MessageName>(name: N, values: Partial<MessageValues<N>>) => void;
  /** Every message from now on; calling the result ends it. */
  readonly hear: (listener: (message: Message) => void) => () => void;
  /**
   * The first message in which `pick` finds something, or an error of `pick`, of the time limit or of the connection. The
   * listening begins at once, so ask before you send.
   */
  readonly expect: <T>(limitMs: number, pick: (message: Message) => T | undefined) => Promise<T>;
  /** Aborted, with the sentence as its reason, as soon as the connection is gone or `close` was called. */
  readonly gone: AbortSignal;
  readonly close: (why: GatewayError) => void;
}

const isKey = (key: string): boolean =>
  /^[A-Za-z0-9+/]{43}=$/.test(key) && Buffer.from(key, 'base64').length === 32;

/** The package is only loaded where a proxy has a key. */
async function framesFor(key: string | undefined, trouble: Trouble): Promise<Frames> {
  if (key === undefined) return plainFrames(trouble);
  if (!isKey(key)) throw trouble('its `key_file` holds no encryption key (32 bytes in base64)', KEY_REMEDY);
  const { createESPHomeHandshake } = await import('esphome-client');
  return noiseFrames(createESPHomeHandshake({ psk: Buffer.from(key, 'base64') }), trouble);
}

/** What comes in and goes out once there are frames. */
function wireOn(socket: Socket, frames: Frames, trouble: Trouble, timers: Timers) {
  const gone = new AbortController();
  const opened = Promise.withResolvers<void>();
  const listeners = new Set<(message: Message) => void>();

  const close = (why: unknown) => {
    if (gone.signal.aborted) return;
    const reason = networkTrouble(trouble, why);
    socket.destroy();
    listeners.clear();
    gone.abort(reason);
    opened.reject(reason);
  };

  const read = ({ id, body }: Raw): Message | undefined => {
    try {
      return messageOf(id, body);
    } catch (error) {
      throw trouble(
        `its message ${id} cannot be read`,
        'update bmsgate, or the firmware of the ESP32',
        error,
      );
    }
  };
  const take = (bytes: Buffer) => {
    for (const raw of frames.take(bytes)) {
      const message = read(raw);
      if (message) for (const listener of [...listeners]) listener(message);
    }
    if (frames.isOpen()) opened.resolve();
  };

  socket.on('connect', () => {
    socket.write(frames.opening);
    if (frames.isOpen()) opened.resolve();
  });
  socket.on('data', (bytes) => {
    try {
      take(bytes);
    } catch (error) {
      close(error);
    }
  });
  socket.on('error', close);
  socket.on('close', () => close(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));

  const hear: Wire['hear'] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const wire: Wire = {
    hear,
    close,
    gone: gone.signal,
    expect: (limitMs, pick) => expectOf(hear, gone.signal, timers, limitMs, pick),
    send: (name, values) => {
      if (!gone.signal.aborted) socket.write(frames.wrap({ id: idOf(name), body: bodyOf(name, values) }));
    },
  };
  return { wire, opened: opened.promise };
}

function expectOf<T>(
  hear: Wire['hear'],
  gone: AbortSignal,
  timers: Timers,
  limitMs: number,
  pick: (message: Message) => T | undefined,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onGone = () => reject(gone.reason);
  if (gone.aborted) onGone();
  gone.addEventListener('abort', onGone);
  const deaf = hear((message) => {
    try {
      const found = pick(message);
      if (found !== undefined) resolve(found);
    } catch (error) {
      reject(error);
    }
  });
  return within(timers, limitMs, promise).finally(() => {
    deaf();
    gone.removeEventListener('abort', onGone);
  });
}

/** Rejects with the one sentence. */
export async function openWire({ host, port, key, timers }: WireOptions, trouble: Trouble): Promise<Wire> {
  const frames = await framesFor(key, trouble);
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  const { wire, opened } = wireOn(socket, frames, trouble, timers);
  try {
    await within(timers, OPEN_MS, opened);
    return wire;
  } catch (error) {
    const reason = networkTrouble(trouble, error);
    wire.close(reason);
    throw reason;
  }
}
