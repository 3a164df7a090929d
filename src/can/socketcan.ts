import { createRequire } from 'node:module';
import { frameKey } from '../model/can-frame.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import { ALL_ERRORS, ERROR_CLASSES, faultOf } from './error-frame.ts';
import { interfaceTraffic, interfaceTrouble } from './interface-state.ts';
import type { CanLine, CanListener, CanPort, Overhear, Overheard } from './port.ts';

/** One direction of interest: a frame identity that the profile listens to. */
export interface WantedId {
  readonly id: number;
  readonly extended: boolean;
}

interface Message {
  id: number;
  ext?: boolean;
  rtr?: boolean;
  err?: boolean;
  data: Buffer;
}

interface Filter {
  id: number;
  mask: number;
  invert?: boolean;
}

/** The part of `socketcan` 4.3.1 that we use; its own declarations do not compile (packages reference, section 3). */
interface RawChannel {
  start(): void;
  stop(): void;
  /** Bytes taken, or -1 without a reason. */
  send(message: Message): number;
  addListener(event: 'onMessage', heard: (message: Message) => void): void;
  addListener(event: 'onStopped', stopped: () => void): void;
  setRxFilters(filters: Filter[]): void;
  setErrorFilters(mask: number): void;
}

interface Library {
  createRawChannelWithOptions(name: string, options: { non_block_send: boolean }): RawChannel;
}

/** sizeof(struct can_frame): what a send returns that was taken. */
const FRAME_BYTES = 16;
const EXTENDED = 0x80000000;
const REMOTE = 0x40000000;
const MAX_BYTES = 8;
/** Hears nothing: the inverse of a mask that everything passes. An empty list would hear everything. */
const nothing: Filter = { id: 0, mask: 0, invert: true };

const filterOf = ({ id, extended }: WantedId): Filter => ({
  id: extended ? (id | EXTENDED) >>> 0 : id,
  mask: (EXTENDED | REMOTE | (extended ? 0x1fffffff : 0x7ff)) >>> 0,
});

/** One filter for each id, however many entries of a profile listen to it. */
function filtersOf(wanted: readonly WantedId[]): Filter[] {
  const ids = new Map(wanted.map((one) => [frameKey(one), one]));
  return ids.size > 0 ? [...ids.values()].map(filterOf) : [nothing];
}

const unavailable = (port: string, why: string, remedy: string, cause?: unknown) =>
  new GatewayError('PORT_UNAVAILABLE', { port, why, remedy }, { cause });

function library(port: string): Library {
  try {
    // The package is CommonJS with a native part that may be missing: loaded on first use, shaped as above.
    return createRequire(import.meta.url)('socketcan') as Library;
  } catch (error) {
    const remedy = 'install python3, make and g++, then run `npm run postinstall`';
    throw unavailable(port, 'the CAN driver `socketcan` is not built for this Node', remedy, error);
  }
}

function channelOf(name: string): RawChannel {
  const { createRawChannelWithOptions } = library(name);
  const trouble = interfaceTrouble(name);
  if (trouble?.kind === 'unavailable') throw unavailable(name, trouble.why, trouble.remedy);
  try {
    return createRawChannelWithOptions(name, { non_block_send: true });
  } catch (error) {
    throw unavailable(name, `it cannot be opened (${sentence(error)})`, 'run `modprobe can_raw`', error);
  }
}

function hear(message: Message, { onFrame, onFault, onOther }: CanListener): void {
  if (message.err) {
    const fault = faultOf(message.id, message.data);
    if (fault) onFault(fault);
  } else if (message.rtr || message.data.length > MAX_BYTES) onOther?.();
  else onFrame({ id: message.id, extended: message.ext === true, data: new Uint8Array(message.data) });
}

/** Where the interface goes away the channel stops by itself, and is told once. */
function running(channel: RawChannel, onStopped: () => void) {
  let alive = true;
  channel.addListener('onStopped', () => {
    if (!alive) return;
    alive = false;
    onStopped();
  });
  return {
    isAlive: () => alive,
    /** May take 100 ms: the library waits for its receiving thread. */
    close() {
      if (!alive) return;
      alive = false;
      channel.stop();
      // Its handles close a turn later and live in the channel, which must not be collected before.
      setTimeout(Object, 1000, channel).unref();
    },
  };
}

function openPort(name: string, listener: CanListener, wanted: readonly WantedId[] | undefined): CanPort {
  const channel = channelOf(name);
  const { isAlive, close } = running(channel, () => listener.onFault('stopped'));
  channel.setErrorFilters(ERROR_CLASSES);
  if (wanted) channel.setRxFilters(filtersOf(wanted));
  channel.addListener('onMessage', (message) => isAlive() && hear(message, listener));
  channel.start();
  return {
    send: ({ id, extended, data }) =>
      isAlive() && channel.send({ id, ext: extended, rtr: false, data: Buffer.from(data) }) === FRAME_BYTES,
    close,
  };
}

const asOverheard = ({ id, ext = false, rtr = false, err = false, data }: Message): Overheard => ({
  id,
  extended: ext,
  remote: rtr,
  isError: err,
  data,
});

/** Hears all that is on an interface, what this machine sends too; it has no way to send. */
export const overhear: Overhear = (name, onMessage, onStopped) => {
  const channel = channelOf(name);
  const { isAlive, close } = running(channel, onStopped);
  channel.setErrorFilters(ALL_ERRORS);
  channel.addListener('onMessage', (message) => isAlive() && onMessage(asOverheard(message)));
  channel.start();
  return {
    /** The library gives its socket back when memory is tidied up, which may be much later: nothing reaches it until then. */
    close() {
      channel.setRxFilters([nothing]);
      channel.setErrorFilters(0);
      close();
    },
  };
};

/** A SocketCAN interface. `wanted` is filtered in the kernel; left out, every frame is heard. */
export const socketCan = (name: string, wanted?: readonly WantedId[]): CanLine => ({
  name,
  open: (listener) => openPort(name, listener, wanted),
  trouble: () => interfaceTrouble(name),
  traffic: () => interfaceTraffic(name),
});
