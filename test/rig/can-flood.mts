// A bus as full as it gets, heard with and without the kernel's filter: the event loop, the beats and Modbus beside it.
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { latenessBoundsMs } from '../../src/can/jitter.ts';
import type { WantedId } from '../../src/can/socketcan.ts';
import type { Slave } from '../../src/modbus/slave.ts';
import { serveTcp } from '../../src/modbus/tcp.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { cut, layCable, listen, sh, spread, spreadText, startSpeaking, watchLoop } from './can-cable.mts';
import { emulated } from './can-site.mts';
import { pause, until } from './can-wire.mts';
import { claim, step } from './steps.mts';

const FLOOD_MS = 8000;
const EVERY_MS = 500;
/** What a machine that others use may add. */
const SLOW_MS = emulated ? 5000 : 500;

const registers: Slave = {
  functions: new Set([3]),
  mood: () => 'answer',
  read: (_fc, _address, quantity) => new Uint16Array(quantity),
  write: () => false,
};

/** Reads ten registers again and again, each within the same event loop that takes the flood; gives the times, ms. */
async function readRegisters(port: number): Promise<{ readonly times: number[]; readonly stop: () => void }> {
  const times: number[] = [];
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  let sentMs = 0;
  const ask = () => {
    sentMs = monotonicMs();
    socket.write(Uint8Array.from([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 10]));
  };
  socket.on('data', () => {
    times.push(monotonicMs() - sentMs);
    setTimeout(ask, 20);
  });
  socket.on('connect', ask).on('error', () => {});
  await until(() => times.length > 0, SLOW_MS * 10);
  return { times, stop: () => socket.destroy() };
}

const received = async (name: string) => Number(await sh(`cat /sys/class/net/${name}/statistics/rx_packets`));

const sourceFile = new URL('can-source.mts', import.meta.url).pathname;

/** Frames of these ids, so many a second. */
const paced =
  (perSecond: number, ...ids: number[]) =>
  (far: string) =>
    spawn(process.execPath, [sourceFile, far, String(perSecond), ...ids.map(String)], { stdio: 'inherit' });

/** Frames of one id as fast as this machine can. */
const fullSpeed = (id: string) => (far: string) =>
  spawn('cangen', [far, '-g', '0', '-I', id, '-L', '8', '-i'], { stdio: 'ignore' });

interface Flood {
  readonly start: (far: string) => ChildProcess;
  /** What passes the kernel's filter. */
  readonly wanted: readonly WantedId[] | 'all';
  readonly isHeard: boolean;
  /** Beats that come in spite of it, of 1. */
  readonly beats: number;
}

async function under({ start, wanted, isHeard, beats: share }: Flood): Promise<string> {
  const cable = await layCable();
  const ear = listen(cable);
  const slave = serveTcp({ host: '127.0.0.1', port: 0 }, new Map([[1, registers]]));
  const battery = startSpeaking(cable.near, EVERY_MS, wanted);
  await until(() => slave.port() !== undefined && ear.heard.length > 0, SLOW_MS * 10);
  ear.close();
  const master = await readRegisters(slave.port() ?? 0);
  const source = start(cable.far);
  const idle = await received(cable.near);
  for (let waited = 0; (await received(cable.near)) < idle + 50 && waited < SLOW_MS * 20; waited += 100)
    await pause(100);
  const before = await received(cable.near);
  const fromMs = monotonicMs();
  const cpu = process.cpuUsage();
  const heardBefore = battery.bus.counters.received;
  const [beats, skipped] = [battery.beat.report().beats, battery.beat.report().skipped];
  const loop = watchLoop();
  await pause(FLOOD_MS);
  const lag = loop.stop();
  const report = battery.beat.report();
  const { user, system } = process.cpuUsage(cpu);
  const lastedMs = monotonicMs() - fromMs;
  const heard = battery.bus.counters.received - heardBefore;
  const perSecond = (((await received(cable.near)) - before) / lastedMs) * 1000;
  source.kill();
  const figures = {
    cpu: `${((user + system) / 10 / lastedMs).toFixed(0)} % of the CPU of the rig`,
    loop: spreadText(lag),
    modbus: `${master.times.length} Modbus answers, ${spreadText(spread(master.times))}`,
    beats: `${report.beats - beats} beats of ${Math.floor(lastedMs / EVERY_MS)}, ${report.skipped - skipped} skipped, ${lateText(report.lateness.counts)}`,
  };
  master.stop();
  slave.close();
  battery.stop();
  await cut(cable);
  claim(perSecond > 100, `the flood had only ${perSecond.toFixed(0)} frames/s`);
  claim(isHeard === heard > 100, `${heard} were heard`);
  claim(report.beats - beats >= Math.floor(FLOOD_MS / EVERY_MS) * share, figures.beats);
  claim(lag.p50 < SLOW_MS / 5, figures.loop);
  claim(master.times.length > 20, figures.modbus);
  return `${perSecond.toFixed(0)} frames/s, ${((heard / lastedMs) * 1000).toFixed(0)}/s heard, ${figures.cpu}; loop ${figures.loop}; ${figures.modbus}; ${figures.beats}`;
}

const bounds: readonly number[] = latenessBoundsMs;

function lateText(counts: readonly number[]): string {
  const total = counts.reduce((a, b) => a + b, 0);
  const within = (boundMs: number) => counts.slice(0, bounds.indexOf(boundMs) + 1).reduce((a, b) => a + b, 0);
  return `${((100 * within(5)) / total).toFixed(0)} % within 5 ms of the deadline, ${((100 * within(20)) / total).toFixed(0)} % within 20 ms`;
}

/** A bus error with every retry, as a controller with `berr-reporting` tells it. */
async function errorFlood(): Promise<string> {
  const cable = await layCable();
  const ear = listen(cable);
  const battery = startSpeaking(cable.near, EVERY_MS);
  await until(() => ear.heard.length > 0, SLOW_MS * 10);
  const loop = watchLoop();
  const fromMs = monotonicMs();
  const source = paced(3000, NO_ACK_FRAME)(cable.far);
  await until(() => battery.bus.counters.noAck > 0, SLOW_MS * 100);
  await until(() => battery.bus.counters.noAck > 6000, FLOOD_MS);
  source.kill();
  await pause(1000);
  const lag = loop.stop();
  const { noAck } = battery.bus.counters;
  const kinds = battery.kinds();
  const tookMs = monotonicMs() - fromMs;
  battery.stop();
  ear.close();
  await cut(cable);
  claim(noAck > 100 && kinds === 'open no-ack', `${noAck} error frames; ${kinds}`);
  return `${noAck} error frames in ${tookMs.toFixed(0)} ms are one line, "${kinds}"; loop ${spreadText(lag)}`;
}

/** CAN_ERR_FLAG | CAN_ERR_ACK. */
const NO_ACK_FRAME = 0x20000020;

const ours: readonly WantedId[] = [{ id: 0x305, extended: false }];

export async function floodSteps(): Promise<void> {
  await step('up to 8000 frames a second of a wanted id, 500 kbit/s carry 4500, hold up nothing', () =>
    under({ start: paced(8000, 0x305), wanted: ours, isHeard: true, beats: 0.6 }),
  );
  await step('up to 8000 frames a second of ids nobody wants, heard without a filter, hold up nothing', () =>
    under({ start: paced(8000, 0x123, 0x7ff), wanted: 'all', isHeard: true, beats: 0.6 }),
  );
  await step('ids nobody wants, as fast as the machine can, do not reach us through the filter', () =>
    under({ start: fullSpeed('123'), wanted: ours, isHeard: false, beats: 0.6 }),
  );
  await step('a wanted id as fast as the machine can leaves the beats alive', () =>
    under({ start: fullSpeed('305'), wanted: ours, isHeard: true, beats: 0.4 }),
  );
  await step('a flood of error frames is one line of the log', errorFlood);
}
