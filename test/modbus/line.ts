// A serial line in memory with a slave at its end: what is sent to it, what comes back, and time that is cranked by hand.
import { vi } from 'vitest';
import type { LineHooks } from '../../src/modbus/line-server.ts';
import { type RtuHooks, type RtuSettings, rtuFrame, serveRtu } from '../../src/modbus/rtu.ts';
import type { OpenSerial, SerialLine, SerialListener } from '../../src/modbus/serial.ts';
import type { Slave } from '../../src/modbus/slave.ts';
import { serialTrouble } from '../../src/model/serial-trouble.ts';
import { bytes, hex } from './battery.ts';

interface Adapter {
  /** False: the kernel has not yet sent what it took. */
  drains?: boolean;
  /** What we send comes back to us. */
  echoes?: boolean;
  /** Throws while the adapter is not there. */
  beforeOpen?: () => void;
}

/** The request with its CRC. */
export const request = (unit: number, pdu: string): Uint8Array => rtuFrame(unit, bytes(pdu));

/** Any protocol at the end of such a line. Needs `vi.useFakeTimers()`; `performance.now` is cranked with the timers and is the clock. */
export async function lineServing<L>(
  serve: (hooks: Required<Pick<LineHooks, 'clock' | 'open'>>) => L,
  adapter: Adapter = {},
) {
  const said: Uint8Array[] = [];
  let listener: SerialListener | undefined;
  const adapterLine: SerialLine = {
    listen(to) {
      listener = to;
    },
    send(frame, done) {
      said.push(frame);
      if (adapter.echoes) setTimeout(() => listener?.onBytes(frame), 1);
      if (adapter.drains !== false) done();
    },
    close() {
      listener = undefined;
    },
  };
  const open: OpenSerial = async () => {
    adapter.beforeOpen?.();
    return adapterLine;
  };
  const link = serve({ clock: () => performance.now(), open });
  await vi.advanceTimersByTimeAsync(0);
  return {
    link,
    /** Bytes arrive, in one piece. */
    hear: (data: Uint8Array) => listener?.onBytes(data),
    /** Time passes. */
    pass: (ms: number) => vi.advanceTimersByTime(ms),
    /** What was sent since the last call, one entry per write call. */
    said: () => said.splice(0),
    unplug: () => listener?.onGone(serialTrouble('/dev/rs485', 'hung up')),
  };
}

/** Modbus RTU at the end of such a line, its bytes as hex. */
export async function lineWith(
  slaves: ReadonlyMap<number, Slave>,
  settings: Partial<RtuSettings> = {},
  hooks: RtuHooks = {},
  adapter: Adapter = {},
) {
  const line = await lineServing(
    (ground) =>
      serveRtu({ path: '/dev/rs485', baud: 9600, replyDelay: 0, ...settings }, slaves, {
        ...ground,
        ...hooks,
      }),
    adapter,
  );
  return {
    ...line,
    hear: (data: string | Uint8Array) => line.hear(typeof data === 'string' ? bytes(data) : data),
    said: () => line.said().map(hex),
  };
}
