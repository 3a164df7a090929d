// A serial line in memory with a slave at its end: what is sent to it, what comes back, and time that is cranked by hand.
import { vi } from 'vitest';
import { type RtuHooks, type RtuSettings, rtuFrame, serveRtu } from '../../src/modbus/rtu.ts';
import {
  type OpenSerial,
  type SerialLine,
  type SerialListener,
  serialTrouble,
} from '../../src/modbus/serial.ts';
import type { Slave } from '../../src/modbus/slave.ts';
import { bytes, hex } from './battery.ts';

export interface LineUnderTest {
  /** Bytes arrive, in one piece. */
  hear(hexOrBytes: string | Uint8Array): void;
  /** Time passes. */
  pass(ms: number): void;
  /** What was sent since the last call, one entry per write call. */
  said(): string[];
  unplug(): void;
  readonly link: ReturnType<typeof serveRtu>;
}

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

/** Needs `vi.useFakeTimers()`; `performance.now` is cranked with the timers and is the clock. */
export async function lineWith(
  slaves: ReadonlyMap<number, Slave>,
  settings: Partial<RtuSettings> = {},
  hooks: RtuHooks = {},
  adapter: Adapter = {},
): Promise<LineUnderTest> {
  const said: string[] = [];
  let listener: SerialListener | undefined;
  const adapterLine: SerialLine = {
    listen(to) {
      listener = to;
    },
    send(frame, done) {
      said.push(hex(frame));
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
  const link = serveRtu({ path: '/dev/rs485', baud: 9600, replyDelay: 0, ...settings }, slaves, {
    clock: () => performance.now(),
    open,
    ...hooks,
  });
  await vi.advanceTimersByTimeAsync(0);
  return {
    link,
    hear: (data) => listener?.onBytes(typeof data === 'string' ? bytes(data) : data),
    pass: (ms) => vi.advanceTimersByTime(ms),
    said: () => said.splice(0),
    unplug: () => listener?.onGone(serialTrouble('/dev/rs485', 'hung up')),
  };
}
