// What an inverter hears on a CAN bus, through candump with the kernel's own time stamps, and what 0x351 and 0x359 mean.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { monotonicMs } from '../../../src/model/freshness.ts';
import { until } from '../../house/until.ts';

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

const BEATS = 12;
const WINDOWS = 4;

/**
 * Waits until a frame came once a second; gives how even. A machine that others use too stands still now and then, which moves
 * a beat; a wrong period is wrong in every window.
 */
export async function evenBeats(bus: Bus, id: number): Promise<string> {
  const uneven: string[] = [];
  for (let fromMs = monotonicMs(); uneven.length < WINDOWS; fromMs = monotonicMs()) {
    const frames = () => bus.of(id, fromMs);
    await until(`${BEATS} beats`, 2000 * BEATS, () => frames().length >= BEATS);
    const atMs = frames().map((frame) => frame.atMs);
    const gaps = atMs
      .slice(1)
      .map((ms, i) => ms - (atMs[i] ?? ms))
      .sort((a, b) => a - b);
    const [median = 0, worst = 0] = [gaps[gaps.length >> 1], gaps.at(-1)];
    const text = `median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`;
    const again = uneven.length ? `; listened again: ${uneven.join('; ')}` : '';
    if (Math.abs(median - 1000) < 20 && worst < 1200) return `${text}${again}`;
    uneven.push(text);
  }
  throw new Error(`in none of ${WINDOWS} windows; ${uneven.join('; ')}`);
}

/** CCL and DCL of 0x351, A. */
export const currentsOf = ({ data }: Heard): [number, number] => [
  data.readInt16LE(2) / 10,
  data.readInt16LE(4) / 10,
];

/** Whether 0x359 shows the sign of old data: byte 3 bit 3. */
export const showsStale = ({ data }: Heard): boolean => ((data[3] ?? 0) & 8) !== 0;
