// The ear of a soak: replaced at once when it ends, as the gateway does; its handles and memory are counted.
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { earReport } from '../../src/ble/heard-orders.ts';
import type { EarReport, ListenOrder } from '../../src/ble/orders.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { type ForkedEar, forkEar } from '../rig/ear.mts';
import { medianOf } from './spread.ts';

/** Younger ears are still loading and connecting. */
const SETTLED_MS = 30_000;
/** Fewer readings in a third say nothing of a trend. */
const LEAST_READINGS = 9;

interface Reading {
  readonly ageMs: number;
  readonly handles: number;
  readonly rssMb: number;
}

interface Running {
  readonly ear: ForkedEar;
  readonly startedMs: number;
  readonly readings: Reading[];
}

/** One ear from its start to its end: medians of the first and the last third of its settled life. */
export interface Life {
  readonly livedS: number;
  readonly handles?: readonly [first: number, last: number];
  readonly rssMb?: readonly [first: number, last: number];
}

export interface KeptEarOptions {
  readonly order: ListenOrder;
  readonly airDir: string | undefined;
  readonly heard: (report: EarReport) => void;
  readonly fail: (sentence: string) => void;
}

export interface KeptEar {
  readonly pid: () => number | undefined;
  readonly kill: () => void;
  /** Stops the process where it is; the result lets it go on. */
  readonly freeze: () => () => void;
  /** Once a second. */
  readonly measure: () => void;
  readonly stop: () => Promise<readonly Life[]>;
}

function readingOf(pid: number, ageMs: number): Reading | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const handles = readdirSync(`/proc/${pid}/fd`).length;
    return { ageMs, handles, rssMb: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024 };
  } catch {
    return undefined; // it has just ended
  }
}

function lifeOf(livedMs: number, readings: readonly Reading[]): Life {
  const settled = readings.filter(({ ageMs }) => ageMs >= SETTLED_MS);
  const third = Math.floor(settled.length / 3);
  const livedS = livedMs / 1000;
  if (third < LEAST_READINGS) return { livedS };
  const pair = (key: 'handles' | 'rssMb') =>
    [settled.slice(0, third), settled.slice(-third)].map((part) => medianOf(part.map((r) => r[key])));
  const [[h0 = 0, h1 = 0], [m0 = 0, m1 = 0]] = [pair('handles'), pair('rssMb')];
  return { livedS, handles: [h0, h1], rssMb: [m0, m1] };
}

export function keptEar({ order, airDir, heard, fail }: KeptEarOptions): KeptEar {
  const lives: Life[] = [];
  let [isKilled, isStopping] = [false, false];

  const judge = (life: Life) => {
    lives.push(life);
    const [first, last] = life.handles ?? [0, 0];
    if (last > first)
      fail(`the ear's open files went from ${first} to ${last} in ${life.livedS.toFixed(0)} s`);
  };

  const launch = (): Running => {
    const ear = forkEar(order, airDir, 'pipe');
    const started: Running = { ear, startedMs: monotonicMs(), readings: [] };
    ear.child.on('message', (message) => {
      const report = earReport(message);
      if (report) heard(report);
    });
    if (ear.child.stderr)
      createInterface({ input: ear.child.stderr }).on('line', (line) => fail(`the ear complains: ${line}`));
    ear.child.on('exit', (code, signal) => {
      judge(lifeOf(monotonicMs() - started.startedMs, started.readings));
      if (!isKilled && !isStopping) fail(`the ear ended by itself (${signal ?? `exit ${code}`})`);
      isKilled = false;
      if (!isStopping) now = launch();
    });
    return started;
  };
  let now = launch();

  return {
    pid: () => now.ear.child.pid,
    kill: () => {
      isKilled = now.ear.child.kill('SIGKILL');
    },
    freeze: () => {
      const { child } = now.ear;
      child.kill('SIGSTOP');
      return () => child.kill('SIGCONT');
    },
    measure: () => {
      const { ear, startedMs, readings } = now;
      const reading = ear.child.pid && readingOf(ear.child.pid, monotonicMs() - startedMs);
      if (reading) readings.push(reading);
    },
    stop: async () => {
      isStopping = true;
      now.ear.child.kill('SIGCONT');
      now.ear.child.disconnect();
      await now.ear.exited;
      return lives;
    },
  };
}
