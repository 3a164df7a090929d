// Prints how punctual the beat is, idle and beside a busy process, next to a plain `setInterval` and the periodic sender
// of python3-can. On SocketCAN: test/rig/can-run -- node_modules/.bin/node test/bench/beat.ts. Where there is no vcan0 the
// bus is in memory: that measures our timing alone, on this machine's own kernel.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startBeat } from '../../src/can/beat.ts';
import { memoryBus } from '../../src/can/memory-bus.ts';
import type { CanPort } from '../../src/can/port.ts';
import { socketCan } from '../../src/can/socketcan.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { after } from '../../src/timers.ts';
import { monologue } from '../can/monologue.ts';

const EVERY_MS = 100;
/** The senders take turns, so that a noisy neighbour of this machine troubles them alike. */
const TURNS = 5;
/** The first frames of a turn wait for cold code and for the ear's own start; no sender is judged by them. */
const WARM_UP = 3;
const beatsPerTurn = Math.ceil(Number(process.argv[2] ?? 300) / TURNS) + WARM_UP;
const onWire = existsSync('/sys/class/net/vcan0');

const frame: CanFrame = { id: 0x351, extended: false, data: new Uint8Array(8) };
const deaf = { onFrame() {}, onFault() {} };
const inMemory = memoryBus();

type Stop = () => void;
type Sender = (port: CanPort) => Stop;

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

/** The moments of the next frames, ms: on the wire the kernel's own stamps, taken by an ear outside of all senders. */
async function listen(): Promise<{ readonly moments: Promise<number[]>; readonly port: CanPort }> {
  if (!onWire) return listenInMemory();
  const dump = spawn('candump', ['-L', '-n', String(beatsPerTurn), 'vcan0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const moments = linesOf(dump).then((lines) => lines.map((line) => Number(line.slice(1, 18)) * 1000));
  await new Promise((done) => setTimeout(done, 500));
  return { moments, port: socketCan('vcan0', []).open(deaf) };
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

function listenInMemory() {
  const atMs: number[] = [];
  const moments = new Promise<number[]>((done) => {
    const ear = inMemory.open({
      ...deaf,
      onFrame() {
        if (atMs.push(monotonicMs()) < beatsPerTurn) return;
        ear.close();
        done(atMs);
      },
    });
  });
  return { moments, port: inMemory.open(deaf) };
}

async function turn(sender: Sender): Promise<number[]> {
  const { moments, port } = await listen();
  const stop = sender(port);
  const atMs = await moments;
  stop();
  port.close();
  return atMs.slice(WARM_UP);
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;

const print = (cells: readonly string[]) =>
  console.log(cells.map((cell, i) => (i < 2 ? cell.padEnd(26) : cell.padStart(10))).join(''));

/** How far each period was off, and what the rhythm lost or gained in a turn at worst. */
function show(who: string, load: string, turns: readonly (readonly number[])[]): void {
  const off = turns.flatMap((atMs) => atMs.slice(1).map((at, i) => Math.abs(at - (atMs[i] ?? 0) - EVERY_MS)));
  const sorted = off.toSorted((a, b) => a - b);
  const lost = turns.map((atMs) => (atMs.at(-1) ?? 0) - (atMs[0] ?? 0) - (atMs.length - 1) * EVERY_MS);
  const drift = Math.max(...lost.map(Math.abs));
  const figures = [quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 1), drift];
  print([load, who, ...figures.map((ms) => ms.toFixed(2))]);
}

async function measure(load: string): Promise<void> {
  const senders = {
    'our beat': beat,
    setInterval: interval,
    ...(onWire && { 'python3-can (kernel BCM)': pythonCan }),
  };
  const turns = new Map<string, number[][]>(Object.keys(senders).map((who) => [who, []]));
  for (let i = 0; i < TURNS; i++)
    for (const [who, sender] of Object.entries(senders)) turns.get(who)?.push(await turn(sender));
  for (const [who, taken] of turns) show(who, load, taken);
}

console.log(
  `${TURNS} turns of ${beatsPerTurn - WARM_UP} beats, ${EVERY_MS} ms, ${onWire ? 'vcan0' : 'bus in memory'}`,
);
console.log('budget of our beat: p99 2 ms idle, 5 ms loaded');
print(['', '', 'p50 ms', 'p99 ms', 'max ms', 'drift ms']);
await measure('idle');
const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
await measure('beside a busy process');
busy.kill('SIGKILL');
console.log(execFileSync('uptime', { encoding: 'utf8' }).trim());
process.exit(0);
