// A cable between the gateway's CAN interface and its inverter's, with a queue before it that can be plugged, as it is while
// nobody acknowledges; and a battery on it that says in each frame when it was true.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startBeat } from '../../src/can/beat.ts';
import { type BusEvent, openBus } from '../../src/can/bus.ts';
import { socketCan, type WantedId } from '../../src/can/socketcan.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { after } from '../../src/timers.ts';
import { monologue } from '../can/monologue.ts';

const run = promisify(execFile);

/** What the command prints; our event loop goes on meanwhile, for it is what is measured. */
export const sh = async (command: string): Promise<string> => (await run('bash', ['-c', command])).stdout;

export interface Cable {
  readonly near: string;
  readonly far: string;
}

const make = async ({ near, far }: Cable): Promise<void> => {
  await sh(
    `ip link add dev ${near} type vxcan peer name ${far} && ip link set ${far} up && ip link set ${near} up`,
  );
};

let cables = 0;

export async function layCable(): Promise<Cable> {
  const cable = { near: `vcan${10 + cables}`, far: `far${cables++}` };
  await make(cable);
  return cable;
}

export const cut = async ({ near }: Cable): Promise<void> => {
  await sh(`ip link del ${near}`);
};

export const layAgain = make;

/** A queue of so many bytes of frames before the cable; frames pass until it is plugged. */
export const addQueue = async ({ near }: Cable, bytes: number): Promise<void> => {
  await sh(
    `tc qdisc add dev ${near} root plug limit ${bytes} && tc qdisc change dev ${near} root plug release_indefinite`,
  );
};

/** From now on nobody acknowledges. */
export const plug = async ({ near }: Cable): Promise<void> => {
  await sh(`tc qdisc change dev ${near} root plug block`);
};

export const unplug = async ({ near }: Cable): Promise<void> => {
  await sh(`tc qdisc change dev ${near} root plug release_indefinite`);
};

/** Frames of one beat. */
export const BATCH = [0x351, 0x355, 0x356] as const;

export interface Heard {
  readonly atMs: number;
  readonly id: number;
  /** The moment at which what it says was true. */
  readonly trueAtMs: number;
}

/** Everything that arrives at the far end, by our own monotonic clock. */
export function listen({ far }: Cable) {
  const heard: Heard[] = [];
  const ear = socketCan(
    far,
    BATCH.map((id) => ({ id, extended: false })),
  ).open({
    onFrame: ({ id, data }) =>
      data.length === 8 &&
      heard.push({ atMs: monotonicMs(), id, trueAtMs: Buffer.from(data).readUInt32LE(0) }),
    onFault() {},
  });
  return {
    heard,
    /** What came since a moment. */
    since: (atMs: number) => heard.filter((frame) => frame.atMs >= atMs),
    close: ear.close,
  };
}

const KEEP_ALIVE: WantedId = { id: 0x305, extended: false };

function saying(nowMs: number): CanFrame[] {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setUint32(0, nowMs, true);
  return BATCH.map((id) => ({ id, extended: false, data }));
}

/** A battery on this interface that beats; `wanted`: what the kernel lets through to it. */
export function startSpeaking(
  name: string,
  everyMs = 1000,
  wanted: readonly WantedId[] | 'all' = [KEEP_ALIVE],
) {
  const events: BusEvent[] = [];
  const told = { frames: 0 };
  const bus = openBus({
    line: socketCan(name, wanted === 'all' ? undefined : wanted),
    clock: monotonicMs,
    after,
    onFrame: () => told.frames++,
    onFlow: () => beat.urgent(),
    onEvent: (event) => events.push(event),
  });
  const beat = startBeat({ everyMs, clock: monotonicMs, after, send: bus.send, speaker: monologue(saying) });
  return {
    bus,
    beat,
    events,
    told,
    kinds: () => events.map(({ kind }) => kind).join(' '),
    stop() {
      beat.stop();
      bus.close();
    },
  };
}

/** How long the event loop lets a timer of 5 ms wait beyond its time, ms. */
export function watchLoop() {
  const late: number[] = [];
  let lastMs = monotonicMs();
  const timer = setInterval(() => {
    const nowMs = monotonicMs();
    late.push(Math.max(0, nowMs - lastMs - 5));
    lastMs = nowMs;
  }, 5);
  return {
    stop(): { readonly p50: number; readonly p99: number; readonly max: number } {
      clearInterval(timer);
      return spread(late);
    },
  };
}

export function spread(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

export const spreadText = ({ p50, p99, max }: ReturnType<typeof spread>): string =>
  `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(1)} ms`;
