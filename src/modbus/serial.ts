// The one door to `serialport`: a line that is open, gives bytes, takes bytes, and says when it is gone.
import { readSync, writeSync } from 'node:fs';
import type { GatewayError } from '../model/errors.ts';
import { serialTrouble } from '../model/serial-trouble.ts';

export interface SerialSettings {
  readonly path: string;
  readonly baud: number;
  readonly parity?: 'none' | 'even' | 'odd';
  readonly stopBits?: 1 | 2;
}

export interface SerialListener {
  readonly onBytes: (bytes: Uint8Array) => void;
  /** At most once, and not after `close`. */
  readonly onGone: (error: GatewayError) => void;
}

export interface SerialLine {
  /** Once, at once after opening. */
  listen(listener: SerialListener): void;
  /** One write call; `done` when the last byte has left the kernel. A failure is told by `onGone`, not here. */
  send(bytes: Uint8Array, done: () => void): void;
  close(): void;
}

/** Rejects with PORT_UNAVAILABLE. */
export type OpenSerial = (settings: SerialSettings) => Promise<SerialLine>;

async function openPort({ path, baud, parity = 'none', stopBits = 1 }: SerialSettings) {
  const { SerialPort } = await import('serialport');
  const port = await SerialPort.binding.open({ path, baudRate: baud, parity, stopBits, lock: true });
  if (!('poller' in port)) throw new Error('serial lines need Linux');
  // FTDI adapters hold bytes back for 16 ms unless told otherwise; drivers that cannot (PTYs) stay as they are.
  await port.set({ brk: false, dtr: true, rts: true, lowLatency: true }).catch(() => {});
  return port;
}

type Port = Awaited<ReturnType<typeof openPort>>;

/** What the kernel keeps of a line that is not read (N_TTY_BUF_SIZE): one read takes all that piled up. */
const KERNEL_BYTES = 4096;

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** What a system call gives; undefined when it would have had to wait. */
function unlessBusy(call: () => number): number | undefined {
  try {
    return call();
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

/** What has come; undefined when nothing has after all. A line that was hung up reads as empty for ever, which is an error here. */
function readNow(fd: number, buffer: Uint8Array): Uint8Array | undefined {
  const count = unlessBusy(() => readSync(fd, buffer));
  if (count === 0) throw new Error('hung up');
  return count === undefined ? undefined : buffer.slice(0, count);
}

/** One write call; what a full kernel buffer did not take follows when it can. Done when all has left. */
async function sendNow(port: Port, bytes: Uint8Array): Promise<void> {
  const taken = unlessBusy(() => writeSync(port.fd ?? -1, bytes)) ?? 0;
  if (taken < bytes.length) await port.write(Buffer.from(bytes.subarray(taken)));
  await port.drain();
}

/**
 * Reads and writes the port's own descriptor: the stream of `serialport` takes three thread changes per answer and half of
 * the speed (test/bench/rtu.ts), and its read loop spins on a line that was hung up.
 */
function lineOn(port: Port, path: string): SerialLine {
  const buffer = new Uint8Array(KERNEL_BYTES);
  let listener: SerialListener | undefined;

  const close = () => {
    listener = undefined;
    if (port.isOpen) port.close().catch(() => {});
  };
  const lost = (error: unknown) => {
    const told = listener;
    close();
    told?.onGone(serialTrouble(path, error));
  };
  // The poller calls from outside the event loop's own turn, where a throw or a promise would be lost: hence the immediate.
  const watch = () => port.poller.once('readable', (error) => setImmediate(receive, error));
  const receive = (pollError: Error | null) => {
    if (!listener) return;
    let bytes: Uint8Array | undefined;
    try {
      if (pollError) throw pollError;
      bytes = readNow(port.fd ?? -1, buffer);
    } catch (error) {
      return lost(error);
    }
    watch();
    if (bytes) listener.onBytes(bytes);
  };
  return {
    listen(to) {
      listener = to;
      watch();
    },
    send: (bytes, done) => void sendNow(port, bytes).then(done, lost),
    close,
  };
}

export const openSerial: OpenSerial = async (settings) => {
  try {
    return lineOn(await openPort(settings), settings.path);
  } catch (error) {
    throw serialTrouble(settings.path, error);
  }
};
