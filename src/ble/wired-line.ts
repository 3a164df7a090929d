// The door of this room to `serialport`: a line that is open, gives bytes, takes bytes, and says when it is gone.
import { readSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { GatewayError } from '../model/errors.ts';
import { serialTrouble } from '../model/serial-trouble.ts';
import type { Timers } from '../model/timers.ts';
import { within } from './timers.ts';

/** Hundreds of bytes at 9600 baud; a line that takes longer is gone. */
const WRITE_MS = 5_000;
/** What the kernel keeps of a line that is not read (N_TTY_BUF_SIZE). */
const KERNEL_BYTES = 4096;

export interface WiredLine {
  /** Everything that comes, once for each who listens; calling the result ends it. */
  readonly hear: (listener: (bytes: Uint8Array) => void) => () => void;
  /** One after the other; resolves when the last byte has left. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Aborted, with the sentence as its reason, when the line is gone or was closed. */
  readonly gone: AbortSignal;
  readonly close: (why: unknown) => Promise<void>;
}

async function openPort(path: string, baudRate: number) {
  const port = await SerialPort.binding.open({ path, baudRate, lock: true });
  if (!('poller' in port)) throw new Error('serial lines need Linux');
  // FTDI adapters hold bytes back for 16 ms unless told otherwise; drivers that cannot (PTYs) stay as they are.
  await port.set({ brk: false, dtr: true, rts: true, lowLatency: true }).catch(() => {});
  return port;
}

type Port = Awaited<ReturnType<typeof openPort>>;

const mustWait = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EAGAIN';

/** What has come, nothing when nothing has. A line that was hung up reads as empty for ever, which the stream of the package would spin on. */
function readNow(port: Port, buffer: Uint8Array): Uint8Array {
  try {
    const count = readSync(port.fd ?? -1, buffer);
    if (count === 0) throw new Error('hung up');
    return buffer.slice(0, count);
  } catch (error) {
    if (mustWait(error)) return new Uint8Array();
    throw error;
  }
}

function lineOn(port: Port, path: string, timers: Timers): WiredLine {
  const buffer = new Uint8Array(KERNEL_BYTES);
  const gone = new AbortController();
  const listeners = new Set<(bytes: Uint8Array) => void>();
  let writing: Promise<unknown> = Promise.resolve();

  const close = async (why: unknown) => {
    if (gone.signal.aborted) return;
    gone.abort(why instanceof GatewayError ? why : serialTrouble(path, why));
    listeners.clear();
    await port.close().catch(() => {});
  };
  // The poller calls from outside the event loop's own turn, where a throw or a promise would be lost: hence the immediate.
  const watch = () => port.poller.once('readable', (error) => setImmediate(receive, error));
  const receive = (pollError: Error | null) => {
    if (gone.signal.aborted) return;
    try {
      if (pollError) throw pollError;
      const bytes = readNow(port, buffer);
      watch();
      if (bytes.length > 0) for (const listener of [...listeners]) listener(bytes);
    } catch (error) {
      void close(error);
    }
  };
  const send = async (bytes: Uint8Array) => {
    gone.signal.throwIfAborted();
    await port.write(Buffer.from(bytes));
    await port.drain();
  };
  watch();
  return {
    gone: gone.signal,
    close,
    hear: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    write: (bytes) => {
      const sent = writing.then(() => within(timers, WRITE_MS, send(bytes)));
      writing = sent.catch(close);
      return sent;
    },
  };
}

/** Rejects with the one sentence. */
export async function openLine(path: string, baud: number, timers: Timers): Promise<WiredLine> {
  try {
    return lineOn(await openPort(path, baud), path, timers);
  } catch (error) {
    throw serialTrouble(path, error);
  }
}
