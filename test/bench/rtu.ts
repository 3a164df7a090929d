// Speed of the RTU slave (design, section 9), beside `modbus-serial`'s: node test/bench/rtu.ts [requests]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerSerial } from 'modbus-serial';
import { type RtuSettings, serveRtu } from '../../src/modbus/rtu.ts';
import type { Slave } from '../../src/modbus/slave.ts';

interface Spread {
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

interface Figures {
  readonly perSecond: number;
  readonly firstByteMs: Spread;
  readonly answerMs: Spread;
}

/** Starts a slave on a serial path and gives what stops it. */
type Start = (path: string) => Promise<() => void>;

const image = Uint16Array.from({ length: 0x88 }, (_, i) => i);
const battery: Slave = {
  functions: new Set([3]),
  mood: () => 'answer',
  read: (_, address, quantity) => image.slice(address - 0x100, address - 0x100 + quantity),
  write: () => false,
};

const ours =
  (settings: Pick<RtuSettings, 'replyDelay'>): Start =>
  (path) =>
    new Promise((resolve) => {
      const link = serveRtu({ path, baud: 9600, ...settings }, new Map([[1, battery]]), {
        onState: (state) => (state.kind === 'open' ? resolve(link.close) : console.error(state)),
      });
    });

const theirs =
  (interval: number): Start =>
  async (path) => {
    const vector = { getHoldingRegister: (address: number) => image[address - 0x100] ?? 0 };
    // `interval` is missing in its types (packages reference, 2.1).
    const settings = { path, baudRate: 9600, unitID: 1, interval };
    const port = new ServerSerial(vector, settings);
    await once(port, 'initialized');
    return () => port.close(() => {});
  };

async function measure(start: Start, requests: number): Promise<Figures> {
  const master = spawn('python3', [`${import.meta.dirname}/rtu-master.py`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: master.stdout })[Symbol.asyncIterator]();
  const stop = await start(String((await lines.next()).value));
  await sleep(100);
  master.stdin.end(`${JSON.stringify({ requests, warmup: Math.ceil(requests / 10) })}\n`);
  const figures = JSON.parse(String((await lines.next()).value));
  stop();
  return figures;
}

const ms = (n: number) => n.toFixed(3).padStart(7);
const spread = ({ min, p50, p99, max }: Spread) =>
  `min ${ms(min)}  p50 ${ms(p50)}  p99 ${ms(p99)}  max ${ms(max)} ms`;

const requests = Number(process.argv[2] ?? 20_000);
const runs: readonly (readonly [string, Start, number, 'firstByteMs' | 'answerMs'])[] = [
  ['bmsgate, reply_delay 0', ours({ replyDelay: 0 }), requests, 'answerMs'],
  ['bmsgate, t3.5 at 9600: first byte', ours({}), Math.ceil(requests / 20), 'firstByteMs'],
  ['modbus-serial, interval 1', theirs(1), Math.ceil(requests / 40), 'answerMs'],
  ['modbus-serial, as it comes (30)', theirs(30), Math.ceil(requests / 400), 'answerMs'],
];
for (const [name, start, count, which] of runs) {
  const figures = await measure(start, count);
  console.log(`${name.padEnd(34)} ${figures.perSecond.toFixed(0).padStart(6)}/s  ${spread(figures[which])}`);
}
process.exit();
