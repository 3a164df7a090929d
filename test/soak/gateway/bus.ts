// What an inverter hears on a CAN interface: candump with the kernel's stamps, made monotonic although the wall clock is stepped.
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { monotonicMs } from '../../../src/model/freshness.ts';
import { FAMILY, type Frame } from './beats.ts';

export interface CanEar {
  /** Steps the wall clock. */
  readonly step: (set: () => void) => void;
  readonly close: () => void;
}

/** The wall clock is read in whole milliseconds, and we may be held up beside it. */
const DUST_MS = 50;
const FLOOD_EVERY_MS = 0.25; // eight bytes at 500 kbit/s

/** How far the wall clock is ahead of the monotonic one; the quickest of some looks, for we may be held up amid one. */
function aheadMs(): number {
  const looks = Array.from({ length: 9 }, () => {
    const fromMs = monotonicMs();
    const wallMs = Date.now();
    const toMs = monotonicMs();
    return { aheadMs: wallMs - toMs, tookMs: toMs - fromMs };
  });
  return looks.reduce((a, b) => (b.tookMs < a.tookMs ? b : a)).aheadMs;
}

/** A wall clock between two steps; from before the one to after the other, monotonic. */
interface WallClock {
  readonly aheadMs: number;
  readonly fromMs: number;
  toMs: number;
}

/** The stamp is of one of the wall clocks that there have been: the one that was in force at the moment which it makes of it. */
export const monotonicOf = (stampMs: number, clocks: readonly WallClock[], nowMs: number): number =>
  Math.max(
    ...clocks.flatMap(({ aheadMs, fromMs, toMs }) => {
      const atMs = stampMs - aheadMs;
      return atMs >= fromMs - DUST_MS && atMs <= Math.min(toMs, nowMs) + DUST_MS ? atMs : [];
    }),
  );

export function listenOn(name: string, hear: (frame: Frame) => void): CanEar {
  const filters = FAMILY.map((id) => `${id.toString(16)}:7FF`).join();
  // -D: an interface that goes down does not end it.
  const child = spawn('candump', ['-L', '-D', `${name},${filters}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  const clocks: WallClock[] = [{ aheadMs: aheadMs(), fromMs: 0, toMs: Number.POSITIVE_INFINITY }];
  const step = (set: () => void) => {
    const fromMs = monotonicMs();
    set();
    for (const last of clocks.slice(-1)) last.toMs = monotonicMs();
    clocks.push({ aheadMs: aheadMs(), fromMs, toMs: Number.POSITIVE_INFINITY });
  };
  createInterface(child.stdout).on('line', (line) => {
    const [, seconds, id, data] = /^\(([\d.]+)\) \S+ ([0-9A-F]+)#([0-9A-F]*)$/.exec(line) ?? [];
    if (seconds === undefined || id === undefined || data === undefined) return;
    const atMs = monotonicOf(Number(seconds) * 1000, clocks.slice(-3), monotonicMs());
    hear({ atMs, id: Number.parseInt(id, 16), data: Buffer.from(data, 'hex') });
  });
  return {
    step,
    close: () => child.kill(),
  };
}

/** What others say on the wire. A frame as `cansend` takes it. */
export function sayOn(name: string, ...frames: readonly string[]): void {
  for (const frame of frames) execFile('cansend', [name, frame], () => {});
}

/** As much as a bus of 500 kbit/s carries, of frames that the gateway hears and of others; the result ends it. */
export function flood(name: string): () => void {
  const floods = [
    ['-I', '305'],
    ['-I', 'i'],
  ].map((ids) =>
    spawn('cangen', [name, '-g', String(2 * FLOOD_EVERY_MS), '-L', '8', '-x', ...ids], { stdio: 'ignore' }),
  );
  return () => {
    for (const child of floods) child.kill();
  };
}
