// Who sends a frame again and again: our beat, a plain `setInterval`, the kernel for python3-can; and an ear that stamps it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as rest } from 'node:timers/promises';
import { startBeat } from '../../src/can/beat.ts';
import { memoryBus } from '../../src/can/memory-bus.ts';
import type { CanPort } from '../../src/can/port.ts';
import { socketCan } from '../../src/can/socketcan.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { after } from '../../src/timers.ts';
import { monologue } from '../can/monologue.ts';

export const EVERY_MS = 100;
/** The first frames of a turn wait for cold code and for the ear's own start; no sender is judged by them. */
const WARM_UP = 3;
const EAR_STARTS_MS = 500;
export const isOnWire = existsSync('/sys/class/net/vcan0');

const frame: CanFrame = { id: 0x351, extended: false, data: new Uint8Array(8) };
const deaf = { onFrame() {}, onFault() {} };
const inMemory = memoryBus();

type Stop = () => void;
export type Sender = (port: CanPort) => Stop;

const beat: Sender = ({ send }) =>
  startBeat({ everyMs: EVERY_MS, speaker: monologue(() => [frame]), send, clock: monotonicMs, after }).stop;

const interval: Sender = ({ send }) => {
  const timer = setInterval(send, EVERY_MS, frame);
  return () => clearInterval(timer);
};

const python = `
import can, time
bus = can.Bus(interface="socketcan", channel="vcan0")
bus.send_periodic(can.Message(arbitration_id=0x351, is_extended_id=False, data=[0] * 8), ${EVERY_MS / 1000})
time.sleep(3600)`;

const pythonCan: Sender = () => {
  const child = spawn('/usr/bin/python3', ['-c', python], { stdio: 'inherit' });
  return () => child.kill();
};

export const senders: readonly (readonly [string, Sender])[] = [
  ['bmsgate', beat],
  ['setInterval', interval],
  ...(isOnWire ? [['python3-can (kernel BCM)', pythonCan] as const] : []),
];

interface Ear {
  /** The moments of the next frames, ms. */
  readonly moments: Promise<number[]>;
  readonly port: CanPort;
}

function linesOf({ stdout }: ChildProcess): Promise<string[]> {
  const lines: string[] = [];
  return new Promise((done) => {
    if (stdout)
      createInterface(stdout)
        .on('line', (line) => lines.push(line))
        .once('close', () => done(lines));
  });
}

/** By the kernel's own stamps, taken by an ear outside of all senders. */
async function listenOnWire(frames: number): Promise<Ear> {
  const dump = spawn('candump', ['-L', '-n', String(frames), 'vcan0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const moments = linesOf(dump).then((lines) => lines.map((line) => Number(line.slice(1, 18)) * 1000));
  await rest(EAR_STARTS_MS);
  return { moments, port: socketCan('vcan0', []).open(deaf) };
}

function listenInMemory(frames: number): Ear {
  const atMs: number[] = [];
  const moments = new Promise<number[]>((done) => {
    const ear = inMemory.open({
      ...deaf,
      onFrame() {
        if (atMs.push(monotonicMs()) < frames) return;
        ear.close();
        done(atMs);
      },
    });
  });
  return { moments, port: inMemory.open(deaf) };
}

/** The moments of so many frames of one sender, ms. */
export async function turn(sender: Sender, frames: number): Promise<number[]> {
  const { moments, port } = await (isOnWire ? listenOnWire : listenInMemory)(frames + WARM_UP);
  const stop = sender(port);
  const atMs = await moments;
  stop();
  port.close();
  return atMs.slice(WARM_UP);
}
