import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { cutMbap, mbapFrame } from '../../src/modbus/mbap.ts';
import type { Slave } from '../../src/modbus/slave.ts';
import { serveTcp, type TcpHooks, type TcpLink, type TcpSettings } from '../../src/modbus/tcp.ts';
import { eventually } from '../eventually.ts';
import { bytes, genericBattery, hex } from './battery.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function serving(
  slaves: ReadonlyMap<number, Slave> = new Map([[1, genericBattery()]]),
  settings: Partial<TcpSettings> = {},
  hooks: TcpHooks = {},
): Promise<TcpLink> {
  return new Promise((resolve) => {
    const link = serveTcp({ host: '127.0.0.1', port: 0, ...settings }, slaves, {
      ...hooks,
      onState(state) {
        hooks.onState?.(state);
        if (state.kind === 'open') resolve(link);
      },
    });
    open.push(link.close);
  });
}

async function master(link: TcpLink): Promise<Socket> {
  const socket = connect(link.port() ?? 0, '127.0.0.1').on('error', () => {});
  open.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** The next `count` answers, or fewer if the slave hangs up. */
async function answers(socket: Socket, count: number): Promise<string[]> {
  let heard = Buffer.alloc(0);
  const all = () => cutMbap(heard).requests;
  while (all().length < count && !socket.closed) {
    const [chunk] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [])]);
    if (!(chunk instanceof Uint8Array)) break;
    heard = Buffer.concat([heard, chunk]);
  }
  return all().map(({ id, unit, pdu }) => `${id} ${unit}: ${hex(pdu)}`);
}

const SOC = bytes('03 01 00 00 01');

describe('a master on TCP', () => {
  test('gets its transaction and unit back, whatever the pieces its request came in', async () => {
    const socket = await master(await serving());
    for (const byte of mbapFrame(0x1234, 1, SOC)) socket.write(Uint8Array.of(byte));
    expect(await answers(socket, 1)).toEqual(['4660 1: 03 02 00 4C']);
  });

  test('may send several requests before it reads: they are answered in order', async () => {
    const socket = await master(await serving());
    socket.write(Buffer.concat([7, 8, 9].map((id) => mbapFrame(id, 1, SOC))));
    expect(await answers(socket, 3)).toEqual(['7', '8', '9'].map((id) => `${id} 1: 03 02 00 4C`));
  });

  test.each([0, 255])('means the device itself with unit %i', async (unit) => {
    const socket = await master(await serving());
    socket.write(mbapFrame(1, unit, SOC));
    expect(await answers(socket, 1)).toEqual([`1 ${unit}: 03 02 00 4C`]);
  });

  test('hears nothing from a unit that is not there, and is not hung up on', async () => {
    const link = await serving();
    const socket = await master(link);
    socket.write(mbapFrame(1, 9, SOC));
    socket.write(mbapFrame(2, 1, SOC));
    expect(await answers(socket, 1)).toEqual(['2 1: 03 02 00 4C']);
    expect(link.counters).toMatchObject({ requests: 1, answers: 1, foreignFrames: 1 });
  });

  test('reaches each of several units', async () => {
    const other = genericBattery();
    other.image[0] = 12;
    const link = await serving(
      new Map([
        [3, genericBattery()],
        [4, other],
      ]),
    );
    const socket = await master(link);
    socket.write(Buffer.concat([mbapFrame(1, 4, SOC), mbapFrame(2, 3, SOC)]));
    expect(await answers(socket, 2)).toEqual(['1 4: 03 02 00 0C', '2 3: 03 02 00 4C']);
  });

  test('is told exception 03 for a PDU of the wrong length, and nothing is written', async () => {
    const battery = genericBattery();
    const socket = await master(await serving(new Map([[1, battery]])));
    socket.write(mbapFrame(1, 1, bytes('06 01 80 00 07 00')));
    expect(await answers(socket, 1)).toEqual(['1 1: 86 03']);
    expect(battery.written).toEqual([]);
  });

  test('that speaks another protocol is hung up on', async () => {
    const link = await serving();
    const socket = await master(link);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    expect(await answers(socket, 1)).toEqual([]);
    expect(link.counters.malformed).toBe(1);
  });

  test('that goes on with noise is answered what it asked before, and hung up on', async () => {
    const link = await serving();
    const socket = await master(link);
    socket.write(Buffer.concat([mbapFrame(1, 1, SOC), mbapFrame(2, 1, SOC), new Uint8Array(64).fill(0xff)]));
    expect(await answers(socket, 3)).toEqual(['1 1: 03 02 00 4C', '2 1: 03 02 00 4C']);
    expect(link.counters).toMatchObject({ requests: 2, answers: 2, malformed: 1 });
  });

  test('that asks without end and never reads does not fill our memory, and others are served', async () => {
    const link = await serving();
    const greedy = await master(link);
    greedy.pause();
    const flood = Buffer.concat(
      Array.from({ length: 4000 }, (_, id) => mbapFrame(id, 1, bytes('03 01 00 00 7D'))),
    );
    for (let i = 0; i < 40; i++) greedy.write(flood);
    const polite = await master(link);
    for (let i = 0; i < 200; i++) {
      polite.write(mbapFrame(1, 1, SOC));
      expect(await answers(polite, 1)).toHaveLength(1);
    }
    expect(link.counters.requests).toBeLessThan(150_000);
  });

  test('that does not read for a minute is not answered late by us: it was not there to be answered', async () => {
    let nowMs = 0;
    const link = await serving(undefined, {}, { clock: () => nowMs });
    const greedy = await master(link);
    greedy.pause();
    const flood = Buffer.concat(Array.from({ length: 100_000 }, (_, id) => mbapFrame(id & 0xffff, 1, SOC)));
    for (let i = 0; i < 4; i++) greedy.write(flood);
    let answered = -1;
    await eventually(() => {
      const before = answered;
      answered = link.counters.answers;
      expect(answered).toBe(before);
      expect(answered).toBeGreaterThan(0);
    });
    nowMs = 60_000;
    greedy.resume();
    await eventually(() => expect(link.counters.answers).toBe(400_000));
    expect(link.numbers()).toMatchObject({ counts: { lateAnswers: 0 }, answerTime: { maxMs: 0 } });
  });

  test('that asks twenty thousand things at once hears all of them in order, and nobody waits behind it', async () => {
    const link = await serving();
    const [greedy, polite] = [await master(link), await master(link)];
    const all = answers(greedy, 20_000);
    greedy.write(Buffer.concat(Array.from({ length: 20_000 }, (_, id) => mbapFrame(id, 1, SOC))));
    await once(greedy, 'data');
    polite.write(mbapFrame(1, 1, SOC));
    await answers(polite, 1);
    expect(link.counters.requests).toBeLessThan(10_000);
    expect((await all).map((answer) => Number.parseInt(answer, 10))).toEqual(
      Array.from({ length: 20_000 }, (_, id) => id),
    );
  });

  test('that polls keeps its place, however many come and say nothing', async () => {
    const link = await serving();
    const polling = await master(link);
    polling.write(mbapFrame(1, 1, SOC));
    await answers(polling, 1);
    for (let i = 0; i < 100; i++) await master(link);
    polling.write(mbapFrame(2, 1, SOC));
    expect(await answers(polling, 1)).toEqual(['2 1: 03 02 00 4C']);
    expect(link.counters.masters).toBe(16);
  });

  test('that is silent for too long is let go', async () => {
    const socket = await master(await serving(undefined, { idleMs: 20 }));
    await once(socket.resume(), 'close');
  });

  test('the seventeenth takes the place of the one that was silent longest', async () => {
    const link = await serving();
    const sockets: Socket[] = [];
    for (let i = 0; i < 16; i++) {
      const socket = await master(link);
      socket.write(mbapFrame(i, 1, SOC));
      await answers(socket, 1);
      sockets.push(socket);
    }
    const [first, second] = sockets;
    first?.write(mbapFrame(1, 1, SOC));
    if (first) await answers(first, 1);
    const last = await master(link);
    if (second) await once(second.resume(), 'close');
    last.write(mbapFrame(2, 1, SOC));
    expect(await answers(last, 1)).toHaveLength(1);
    expect([link.counters.masters, first?.closed]).toEqual([16, false]);
  });
});

describe('the address', () => {
  test('a port in use is one sentence that says what to do, and is taken when it is free again', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = address && typeof address === 'object' ? address.port : 0;
    const told: string[] = [];
    await new Promise<void>((resolve) => {
      const link = serveTcp({ host: '127.0.0.1', port }, new Map(), {
        onState(state) {
          told.push(state.kind === 'unavailable' ? state.why : state.kind);
          if (state.kind === 'unavailable') squatter.close();
          else resolve();
        },
      });
      open.push(link.close);
    });
    expect(told).toEqual([
      `tcp 127.0.0.1:${port}: the port is in use; stop the other program (sudo ss -ltnp shows it) or choose another port`,
      'back',
    ]);
  });

  test('after close the masters are hung up on and the port is free', async () => {
    const link = await serving();
    const socket = await master(link);
    const port = link.port();
    link.close();
    await once(socket.resume(), 'close');
    await serving(undefined, { port: port ?? 0 });
  });
});

describe('MBAP frames', () => {
  const frame = fc.tuple(fc.nat(0xffff), fc.nat(255), fc.uint8Array({ minLength: 1, maxLength: 253 }));

  test('are cut where they were joined, in whatever pieces', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.nat(1500), (frames, cut) => {
        const stream = Buffer.concat(frames.map((f) => mbapFrame(...f)));
        const first = cutMbap(stream.subarray(0, cut));
        const second = cutMbap(Buffer.concat([first.rest, stream.subarray(cut)]));
        const found = [...first.requests, ...second.requests];
        expect(found.map(({ id, unit, pdu }) => [id, unit, hex(pdu)])).toEqual(
          frames.map(([id, unit, pdu]) => [id, unit, hex(pdu)]),
        );
      }),
    );
  });

  test.each([
    ['another protocol', '00 01 00 01 00 06 01 03 01 00 00 01'],
    ['no function code', '00 01 00 00 00 01 01'],
    ['a length beyond 254', '00 01 00 00 00 FF 01 03'],
  ])('%s is malformed as soon as its head is there', (_, head) => {
    expect(cutMbap(bytes(head)).malformed).toBe(true);
  });
});
