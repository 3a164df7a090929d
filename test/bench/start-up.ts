// From the start of the process to the first Modbus answer with fresh, replayed data.
import { connect } from 'node:net';
import { setTimeout as rest } from 'node:timers/promises';
import { monotonicMs } from '../../src/model/freshness.ts';
import { bankOf, REGISTERS } from '../house/master.ts';
import { freePort } from '../house/site.ts';
import { benchGateway, ended } from './gateway.ts';
import { judgedRow, type Part } from './row.ts';

const ASK_EVERY_MS = 5;
const LIMIT_MS = 30_000;
const HEAD_BYTES = 9;
const question = Buffer.from([0, 1, 0, 0, 0, 6, 1, 3, 1, 0, 0, REGISTERS]);

/** Asks without waiting for answers, for a bank that was never heard is silent. Undefined when nothing came. */
function answerOn(port: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    const asking = setInterval(() => socket.write(question), ASK_EVERY_MS);
    const end = (answer?: Buffer) => {
      clearInterval(asking);
      socket.destroy();
      resolve(answer);
    };
    socket
      .on('error', () => {})
      .once('data', end)
      .once('close', () => end());
  });
}

async function firstAnswer(port: number): Promise<Buffer> {
  for (const sinceMs = monotonicMs(); monotonicMs() - sinceMs < LIMIT_MS; await rest(ASK_EVERY_MS)) {
    const answer = await answerOn(port);
    if (answer) return answer;
  }
  throw new Error(`no answer within ${LIMIT_MS / 1000} s of the start`);
}

async function startOnce(): Promise<number> {
  const port = await freePort();
  const line = `{ id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}" }`;
  const gateway = benchGateway({ packs: 1, inverters: [line] });
  const sinceMs = monotonicMs();
  const child = gateway.start();
  try {
    const answer = await firstAnswer(port);
    const tookMs = monotonicMs() - sinceMs;
    const words = Array.from({ length: REGISTERS }, (_, i) => answer.readUInt16BE(HEAD_BYTES + 2 * i));
    const { isLate, isStale, packsOnline } = bankOf(words);
    if (isLate || isStale || packsOnline !== 1) throw new Error('the first answer was not of fresh data');
    return tookMs;
  } finally {
    await ended(child);
    gateway.clear();
  }
}

export const startUp: Part = async function* ({ isQuick, say }) {
  say('start-up');
  const tookMs: number[] = [];
  for (let i = 0; i < (isQuick ? 3 : 10); i++) tookMs.push(await startOnce());
  const head = { part: 'start-up', what: 'process start → first answer with fresh data', unit: 'ms' };
  yield judgedRow(head, tookMs, 'max ≤ 1000', ({ max }) => max <= 1000);
};
