// What only a real port can show, on a PTY pair with masters of other people: the RS485 reference, sections 1.4, 2 and 3.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { setTimeout as rest } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { quietTimeMs } from '../../src/modbus/line-server.ts';
import { connectMaster } from '../../src/modbus/master.ts';
import { type RtuSettings, serveRtu } from '../../src/modbus/rtu.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { eventually } from '../eventually.ts';
import { genericBattery, hex } from './battery.ts';
import { request } from './line.ts';
import { dice, noise } from './streams.ts';
import { named, noMbpoll, noSocat, ptyPair, stateQueue } from './wires.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

/** Longer than this machine stands still for its other users. */
const OTHERS_MS = 500;

const SOC = request(1, '03 01 00 00 01');
const SOC_76 = hex(request(1, '03 02 00 4C'));

/** Our slave at one end, and the other end. */
async function wire(settings: Partial<RtuSettings> = {}, slaves = new Map([[1, genericBattery()]])) {
  const pty = await ptyPair();
  cleanUp.push(pty.remove);
  const states = stateQueue();
  const link = serveRtu({ path: pty.slave, baud: 9600, ...settings }, slaves, { onState: states.onState });
  cleanUp.push(link.close);
  await states.next();
  return { path: pty.master, link, slaves };
}

/** The inverter's end as a file that never waits. */
function endOf(path: string) {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  cleanUp.push(() => closeSync(fd));
  const buffer = new Uint8Array(4096);
  const read = (): Uint8Array => {
    try {
      return buffer.slice(0, readSync(fd, buffer));
    } catch {
      return new Uint8Array(); // nothing has come yet
    }
  };
  let heard: Uint8Array = new Uint8Array();
  return {
    write: (bytes: Uint8Array) => writeSync(fd, bytes),
    /** The next bytes, and when the first of them was there. */
    async answer(length: number) {
      let atMs = 0;
      while (heard.length < length) {
        heard = Buffer.concat([heard, read()]);
        if (heard.length > 0 && atMs === 0) atMs = monotonicMs();
        await new Promise((turn) => setImmediate(turn));
      }
      const answer = hex(heard.subarray(0, length));
      heard = heard.subarray(length);
      return { answer, atMs };
    },
  };
}

/** Not in a timer: after those the event loop looks at its files first. */
async function standStill(ms: number): Promise<void> {
  await new Promise((turn) => setImmediate(turn));
  for (const untilMs = monotonicMs() + ms; monotonicMs() < untilMs; );
}

describe.skipIf(noSocat)(named('on a real port', noSocat), { timeout: 300_000 }, () => {
  test('a request that comes byte by byte with the gaps of USB adapters is answered', async () => {
    const { path } = await wire({ idleMs: OTHERS_MS });
    const end = endOf(path);
    for (const gapMs of [0, 1, 2, 5, 10]) {
      for (const byte of SOC) {
        end.write(Uint8Array.of(byte));
        if (gapMs) await rest(gapMs);
      }
      expect((await end.answer(7)).answer).toBe(SOC_76);
    }
  });

  test('a request whose second half comes while the process stands still is answered all the same', async () => {
    const { path } = await wire({ idleMs: OTHERS_MS });
    const end = endOf(path);
    for (const cut of [1, 4, 7]) {
      end.write(SOC.subarray(0, cut));
      await rest(10);
      end.write(SOC.subarray(cut));
      await standStill(OTHERS_MS + 50);
      expect((await end.answer(7)).answer).toBe(SOC_76);
    }
  });

  test.each([
    [9600, 'none'],
    [19_200, 'even'],
    [115_200, 'none'],
  ] as const)('at %i baud, parity %s, no answer begins earlier than t3.5', async (baud, parity) => {
    const { path } = await wire({ baud, parity });
    const end = endOf(path);
    const waitedMs: number[] = [];
    for (let i = 0; i < 50; i++) {
      const askedAtMs = monotonicMs();
      end.write(SOC);
      const { answer, atMs } = await end.answer(7);
      expect(answer).toBe(SOC_76);
      waitedMs.push(atMs - askedAtMs);
    }
    expect(Math.min(...waitedMs)).toBeGreaterThanOrEqual(quietTimeMs({ path, baud, parity }));
  });

  test('two units and a stranger share the line: each answers for itself, nobody for the stranger', async () => {
    const other = genericBattery();
    other.image[0] = 12;
    const { path, link } = await wire(
      {},
      new Map([
        [1, genericBattery()],
        [7, other],
      ]),
    );
    const end = endOf(path);
    for (let round = 0; round < 10; round++) {
      end.write(SOC);
      expect((await end.answer(7)).answer).toBe(SOC_76);
      end.write(request(9, '03 01 00 00 01'));
      await rest(10);
      end.write(request(9, '03 02 12 34'));
      await rest(10);
      end.write(request(7, '03 01 00 00 01'));
      expect((await end.answer(7)).answer).toBe(hex(request(7, '03 02 00 0C')));
    }
    expect(link.counters).toMatchObject({ requests: 20, answers: 20, foreignFrames: 20 });
  });
});

describe.skipIf(noSocat)(
  named('modbus-serial, with noise before each of its questions', noSocat),
  { timeout: 300_000 },
  () => {
    test('hears 200 right answers and writes 50 registers', async () => {
      const { path, slaves } = await wire({ baud: 115_200, replyDelay: 0 });
      const end = openSync(path, constants.O_WRONLY | constants.O_NOCTTY);
      cleanUp.push(() => closeSync(end));
      const master = await connectMaster({ bus: { path, baud: 115_200 }, unit: 1, timeoutMs: 20_000 });
      cleanUp.push(master.close);
      const roll = dice(7);
      const written: string[] = [];
      for (let i = 0; i < 200; i++) {
        writeSync(end, noise(roll));
        expect(await master.read('holding', 0x100, 3)).toEqual([76, 528, 0xff83]);
        if (i % 4) continue;
        writeSync(end, noise(roll));
        const [at, value] = [roll(8), roll(0x10000)];
        await master.write(0x180 + at, [value]);
        written.push(`0x018${at}=${value}`);
      }
      expect(slaves.get(1)?.written).toEqual(written);
    });
  },
);

/** `mbpoll` asks until it is stopped; what it prints is counted. */
function mbpoll(path: string) {
  const line = ['-m', 'rtu', '-b', '9600', '-P', 'none', '-a', '1', '-0', '-t', '4', '-r', '256', '-c', '3'];
  const child: ChildProcess = spawn('mbpoll', [...line, '-l', '20', '-o', '1', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)));
  cleanUp.push(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return {
    count: (pattern: RegExp) => text.match(new RegExp(pattern, 'g'))?.length ?? 0,
    text: () => text,
  };
}

describe.skipIf(noMbpoll)(
  named('mbpoll, with noise between its questions', noMbpoll),
  { timeout: 300_000 },
  () => {
    test('is answered a hundred times, and misses few', async () => {
      const { path, link } = await wire();
      const poll = mbpoll(path);
      const end = openSync(path, constants.O_WRONLY | constants.O_NOCTTY);
      cleanUp.push(() => closeSync(end));
      const roll = dice(8);
      let bursts = 0;
      await eventually(async () => {
        writeSync(end, noise(roll));
        bursts++;
        expect(poll.count(/\[256\]:\s+76\n/)).toBeGreaterThan(100);
      });
      expect(poll.count(/\[257\]:\s+528\n/)).toBeGreaterThan(100);
      // A question that noise touches inside of what looks like a longer frame cannot be told from a part of that.
      expect(poll.count(/failed/)).toBeLessThanOrEqual(5);
      expect(bursts).toBeGreaterThan(20);
      expect(link.counters.resyncBytes).toBeGreaterThan(100);
    });
  },
);
