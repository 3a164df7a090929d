// The ear of a soak: replaced at once when it ends, as the gateway does; its open files and memory are counted.
import { createInterface } from 'node:readline';
import { earReport } from '../../src/ble/heard-orders.ts';
import type { EarReport, ListenOrder } from '../../src/ble/orders.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { type ForkedEar, forkEar } from '../rig/ear.mts';
import { emulationSignals } from '../rig/vm/emulation.mts';
import { inheritable, type Life, lifeOf, newFiles, type Reading, readingOf, whereItIs } from './ear-life.ts';

/** A healthy ear speaks within 4 s of its start, on an emulated processor too. */
const FIRST_WORD_MS = 60_000;
/** An ear that lets links go takes some seconds. */
const END_MS = 20_000;
const MOST_BROKEN_STARTS = 4;

interface Running {
  readonly ear: ForkedEar;
  readonly startedMs: number;
  readonly inherited: ReadonlySet<string>;
  /** From its first sample on: what it opens to begin is open by then, however slow the machine is. */
  readonly readings: Reading[];
  readonly isReading: () => boolean;
}

export interface KeptEarOptions {
  readonly order: ListenOrder;
  readonly airDir: string | undefined;
  /** Such a processor now and then kills a Node that starts, or makes it hang; that says nothing of the ear. */
  readonly isEmulated: boolean;
  readonly started: (nowMs: number) => void;
  readonly heard: (report: EarReport) => void;
  readonly say: (line: string) => void;
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
  /** The processor, not the ear, is to blame. */
  readonly isBroken: () => boolean;
}

interface Broken {
  readonly how: string;
  readonly isStart: boolean;
}

/** What an ear said before its first word and how it ended are held back until it is known whether it was the processor. */
function listened(ear: ForkedEar, { isEmulated, heard, fail }: KeptEarOptions) {
  const complaints: string[] = [];
  let [hasSpoken, hasRead, isHung] = [false, false, false];
  const complain = () => {
    for (const line of complaints.splice(0)) fail(`the ear complains: ${line}`);
  };
  const patience = setTimeout(() => {
    isHung = ear.child.kill('SIGKILL');
  }, FIRST_WORD_MS);
  ear.child.on('message', (message) => {
    hasSpoken = true;
    clearTimeout(patience);
    complain();
    const report = earReport(message);
    hasRead ||= report?.type === 'sample';
    if (report) heard(report);
  });
  if (ear.child.stderr)
    createInterface({ input: ear.child.stderr }).on('line', (line) => {
      complaints.push(line);
      if (hasSpoken || !isEmulated) complain();
    });
  const brokenBy = (signal: NodeJS.Signals | null): Broken | undefined => {
    clearTimeout(patience);
    const how = isHung ? 'hung' : emulationSignals.find((name) => name === signal);
    if (isEmulated && how) return { how, isStart: !hasSpoken };
    complain();
    return undefined;
  };
  /** `brokenBy`: how the processor broke it, once it has ended. */
  return { brokenBy, isReading: () => hasRead };
}

export function keptEar(o: KeptEarOptions): KeptEar {
  const lives: Life[] = [];
  let [isKilled, isStopping] = [false, false];
  let isBroken = false;
  let brokenStarts = 0;

  const judge = ({ startedMs, readings }: Running) => {
    const life = lifeOf(monotonicMs() - startedMs, readings);
    lives.push(life);
    const links = Math.max(0, ...readings.map(({ linkSockets }) => linkSockets));
    if (links > o.order.batteries.length) o.fail(`the ear had ${links} sockets of links open`);
    const [first, last] = life.handles ?? [0, 0];
    if (last <= first) return;
    const grown = newFiles(readings).join(', ');
    o.fail(`the ear's open files went from ${first} to ${last} in ${life.livedS.toFixed(0)} s: ${grown}`);
  };

  const ended = (broken: Broken | undefined, how: string) => {
    if (isKilled || isStopping) return;
    if (!broken) return o.fail(`the ear ended by itself (${how})`);
    if (broken.isStart && ++brokenStarts <= MOST_BROKEN_STARTS)
      return o.say(`tried again: the emulated processor broke an ear that started (${broken.how})`);
    isBroken = true;
    o.fail(`the emulated processor broke the ear (${broken.how})`);
  };

  /** No files and yet not gone: its main thread has ended alone, which only the kernel does to it. The gateway would kill it, too. */
  const isHeadless = (readings: readonly Reading[]) => {
    const [before, last] = readings.slice(-2);
    return before?.files.length === 0 && last?.files.length === 0;
  };

  const launch = (): Running => {
    const inherited = inheritable();
    const ear = forkEar(o.order, o.airDir, 'pipe');
    const { brokenBy, isReading } = listened(ear, o);
    const started: Running = { ear, startedMs: monotonicMs(), inherited, readings: [], isReading };
    o.started(started.startedMs);
    // Comes when all that it said was heard.
    ear.child.on('close', (code, signal) => {
      judge(started);
      ended(brokenBy(signal), signal ?? `exit ${code}`);
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
      const { ear, startedMs, inherited, readings, isReading } = now;
      const { pid } = ear.child;
      const reading = pid && isReading() && readingOf(pid, monotonicMs() - startedMs, inherited);
      if (reading) readings.push(reading);
      if (!o.isEmulated || isBroken || !isHeadless(readings)) return;
      isBroken = isKilled = true;
      o.fail(`the kernel ended the ear's main thread: ${whereItIs(pid)}`);
      ear.child.kill('SIGKILL');
    },
    stop: async () => {
      isStopping = true;
      const { child } = now.ear;
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGCONT');
      // Not by the end of its channel: Node tells of no `close` then.
      child.send({ type: 'stop' }, () => {});
      const patience = setTimeout(() => {
        o.fail(`the ear does not end within ${END_MS / 1000} s: ${whereItIs(child.pid)}`);
        child.kill('SIGKILL');
      }, END_MS);
      await closed;
      clearTimeout(patience);
      return lives;
    },
    isBroken: () => isBroken,
  };
}
