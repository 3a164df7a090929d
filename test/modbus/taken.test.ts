// What was told counts once the line took it, whatever carries it.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { serveAscii } from '../../src/modbus/ascii.ts';
import type { CodecBattery } from '../../src/modbus/codec-battery.ts';
import { serveKostal } from '../../src/modbus/kostal.ts';
import { mbapFrame } from '../../src/modbus/mbap.ts';
import type { Slave } from '../../src/modbus/slave.ts';
import { serveTcp } from '../../src/modbus/tcp.ts';
import { asciiText } from '../../src/profile/serial/ascii-frame.ts';
import { kinds, kostalFrame } from '../../src/profile/serial/kostal-frame.ts';
import { eventually } from '../eventually.ts';
import { bytes, genericBattery } from './battery.ts';
import { lineServing, lineWith, request } from './line.ts';

const SOC = '03 01 00 00 01';
const LINE = { path: '/dev/rs485', baud: 9600, replyDelay: 0 } as const;

/** A battery of registers that counts which of its answers went out. */
function countedSlave() {
  const taken: number[] = [];
  let asked = 0;
  const slave: Slave = {
    ...genericBattery(),
    told: () => {
      asked++;
    },
    taken() {
      const nth = asked;
      return () => taken.push(nth);
    },
  };
  return { slave, taken };
}

/** The same behind a codec. */
function countedBattery() {
  const taken: number[] = [];
  let asked = 0;
  let isMade = false;
  const battery: CodecBattery = {
    perBattery: new Set([0x42]),
    speaks: () => true,
    answer() {
      asked++;
      isMade = true;
      return Uint8Array.of(1);
    },
    taken() {
      const nth = asked;
      const made = isMade;
      isMade = false;
      return made ? () => taken.push(nth) : undefined;
    },
    accepts: () => false,
  };
  return { battery, taken };
}

const asciiQuestion = (cid2 = 0x61, info = '02') =>
  Buffer.from(`${asciiText({ ver: '20', adr: 2, cid1: 0x46, cid2, info }).trim()}\r`, 'latin1');
const kostalQuestion = kostalFrame({ kind: kinds.read, content: Uint8Array.of(0x4a, 0x04) });

type Adapter = Parameters<typeof lineServing>[1];

const lines = {
  async rtu(adapter: Adapter) {
    const { slave, taken } = countedSlave();
    return { line: await lineWith(new Map([[1, slave]]), {}, {}, adapter), taken, ask: request(1, SOC) };
  },
  async ascii(adapter: Adapter) {
    const { battery, taken } = countedBattery();
    const batteries = new Map([[2, { battery, rtnEcho: false, onBadChecksum: 'silent' } as const]]);
    const line = await lineServing((ground) => serveAscii(LINE, batteries, ground), adapter);
    return { line, taken, ask: asciiQuestion() };
  },
  async kostal(adapter: Adapter) {
    const { battery, taken } = countedBattery();
    const line = await lineServing((ground) => serveKostal(LINE, () => battery, ground), adapter);
    return { line, taken, ask: kostalQuestion };
  },
};

describe.each(['rtu', 'ascii', 'kostal'] as const)('an answer on a serial line (%s)', (codec) => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is told when its last byte has left', async () => {
    const { line, taken, ask } = await lines[codec]({});
    line.hear(ask);
    line.pass(10);
    expect([line.said().length, taken]).toEqual([1, [1]]);
  });

  test('is told to nobody while the port has not taken it, nor when the port goes with it', async () => {
    const { line, taken, ask } = await lines[codec]({ drains: false });
    line.hear(ask);
    line.pass(10);
    expect(line.said().length).toBe(1);
    line.unplug();
    line.pass(10);
    expect(taken).toEqual([]);
  });

  test('that a newer question overtook is told to nobody; the newer one is', async () => {
    const { line, taken, ask } = await lines[codec]({});
    line.hear(Buffer.concat([ask, ask]));
    line.pass(10);
    expect([line.said().length, taken]).toEqual([1, [2]]);
  });
});

test('what is refused because it was asked of another battery is told to nobody', async () => {
  vi.useFakeTimers();
  const { line, taken } = await lines.ascii({});
  line.hear(asciiQuestion(0x42, '03'));
  line.pass(10);
  vi.useRealTimers();
  expect([line.said().length, taken]).toEqual([1, []]);
});

test('an answer on TCP is told when the connection took it, and not when the master is gone', async () => {
  const { slave, taken } = countedSlave();
  const link = serveTcp({ host: '127.0.0.1', port: 0 }, new Map([[1, slave]]));
  await eventually(() => expect(link.port()).toBeDefined());
  const master = connect(link.port() ?? 0, '127.0.0.1');
  await once(master, 'connect');
  master.write(mbapFrame(1, 1, bytes(SOC)));
  await once(master, 'data');
  await eventually(() => expect(taken).toEqual([1]));
  master.destroy();
  link.close();
});
