// What an inverter hears on a CAN bus, through candump with the kernel's own time stamps, and what 0x351 and 0x359 mean.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { monotonicMs } from '../../../src/model/freshness.ts';

export interface Heard {
  /** Monotonic, from the kernel's stamp. */
  readonly atMs: number;
  readonly id: number;
  readonly data: Buffer;
}

export interface Bus {
  readonly heard: readonly Heard[];
  readonly of: (id: number, fromMs?: number) => Heard[];
  readonly child: ChildProcess;
}

/** candump stamps by the wall clock, which nobody sets in the guest. */
const wallAheadMs = Date.now() - monotonicMs();

export function candump(name: string): Bus {
  const child = spawn('candump', ['-L', name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const heard: Heard[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const [, seconds, id, data] = /^\(([\d.]+)\) \S+ ([0-9A-F]+)#([0-9A-F]*)$/.exec(line) ?? [];
    if (seconds === undefined || id === undefined || data === undefined) return;
    const atMs = Number(seconds) * 1000 - wallAheadMs;
    heard.push({ atMs, id: Number.parseInt(id, 16), data: Buffer.from(data, 'hex') });
  });
  return {
    heard,
    child,
    of: (id, fromMs = 0) => heard.filter((frame) => frame.id === id && frame.atMs >= fromMs),
  };
}

/** CCL and DCL of 0x351, A. */
export const currentsOf = ({ data }: Heard): [number, number] => [
  data.readInt16LE(2) / 10,
  data.readInt16LE(4) / 10,
];

/** Whether 0x359 shows the sign of old data: byte 3 bit 3. */
export const showsStale = ({ data }: Heard): boolean => ((data[3] ?? 0) & 8) !== 0;
