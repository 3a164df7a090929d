import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CodecBattery } from '../../src/modbus/codec-battery.ts';
import { serveKostal } from '../../src/modbus/kostal.ts';
import { feed, forget, newKostalLine } from '../../src/modbus/kostal-framing.ts';
import type { LineSettings } from '../../src/modbus/line-server.ts';
import { kinds, kostalFrame, readKostal, stuffed, unstuffed } from '../../src/profile/serial/kostal-frame.ts';
import { bytes, hex } from './battery.ts';
import { lineServing } from './line.ts';

const READ_INFO = '09 62 FF 02 FF 29 4A 08 23 00';
const READ_STATUS = '09 62 FF 02 FF 29 53 03 1F 00';
/** The status frame as an implementation in the field sends it: payload 06, checksum EF. */
const STATUS = '08 E2 FF 02 FF 29 06 EF 00';
const ACK = '07 E3 FF 02 FF 29 F4 00';
/** The battery information of the same implementation, with its zeros. */
const INFO_PLAIN =
  '00 E2 FF 02 FF 29 00 00 80 43 E4 70 8A 5C B5 00 D3 00 00 00 C8 41 C2 18 00 00 59 42 00 00 00 00 05 00 A0 00 00 00 4D 00';

const write = (...content: number[]) => kostalFrame({ kind: kinds.write, content: Uint8Array.from(content) });

const contents = new Map([
  [0x084a, bytes(INFO_PLAIN).slice(6, -2)],
  [0x0353, bytes('06')],
]);

const battery = (speaks = true): CodecBattery & { told: string[] } => {
  const told: string[] = [];
  return {
    told,
    speaks: () => speaks,
    answer: (code) => contents.get(code),
    perBattery: new Set(),
    accepts(code, content) {
      told.push(`${code.toString(16)}: ${hex(content)}`);
      return code === 0x47 || (code === 0x5e && content[0] !== 0xff);
    },
  };
};

async function lineWith(
  served: CodecBattery = battery(),
  settings: Partial<LineSettings> = {},
  adapter: Parameters<typeof lineServing>[1] = {},
) {
  const heard: number[] = [];
  const faults: unknown[] = [];
  const telegrams: (string | number | undefined)[][] = [];
  const line = await lineServing(
    (ground) =>
      serveKostal({ path: '/dev/rs485', baud: 57_600, replyDelay: 0, ...settings }, () => served, {
        ...ground,
        onRequest: (_, address) => heard.push(address),
        onTelegram: (_, address, told) => {
          const { request: ask, reply } = told();
          telegrams.push([address, hex(ask), reply && hex(reply)]);
        },
        onFault: (error) => faults.push(error),
      }),
    adapter,
  );
  return {
    ...line,
    heard,
    faults,
    telegrams,
    hear: (data: string | Uint8Array) => line.hear(typeof data === 'string' ? bytes(data) : data),
    said: () => line.said().map(hex),
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const content = fc.uint8Array({ maxLength: 247 });

test('who watches the line is told each question and its answer as they are on the wire', async () => {
  const { hear, said, telegrams } = await lineWith();
  const write = kostalFrame({ kind: kinds.write, content: Uint8Array.of(0x47, 1, 0, 2) });
  await hear(write);
  expect(telegrams).toEqual([[0, hex(write), said()[0]]]);
});

describe('zeros in a frame', () => {
  test('become pointers to the next, and come back', () => {
    const plain = Uint8Array.of(0, 1, 0, 0, 5, 0);
    expect([...stuffed(plain)]).toEqual([2, 1, 1, 2, 5, 0]);
    expect(unstuffed(stuffed(plain))).toEqual(plain);
  });

  test('of any frame: none is left but the last, and reading gives what was written', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(kinds)), content, (kind, told) => {
        const frame = kostalFrame({ kind, content: told });
        expect(frame.indexOf(0)).toBe(frame.length - 1);
        expect(readKostal(frame)).toEqual({ kind, content: told });
      }),
    );
  });

  test('a checksum of 0 is a zero like any other', () => {
    // Header and E2 add up to 0x30B: content F5 makes the sum 0.
    const frame = kostalFrame({ kind: kinds.told, content: Uint8Array.of(0xf5) });
    expect(hex(frame)).toBe('07 E2 FF 02 FF 29 F5 01 00');
    expect(readKostal(frame)?.content).toEqual(Uint8Array.of(0xf5));
  });

  test('a pointer that leads past the end, or to a zero before it, is damage', () => {
    for (const damaged of [
      '09 E3 FF 02 FF 29 F4 00',
      '06 E3 FF 02 FF 29 F4 00',
      '07 E3 FF 02 00 29 F4 00',
      '00',
    ])
      expect(readKostal(bytes(damaged))).toBeUndefined();
  });

  test('any single byte that changed on the way is seen', () => {
    fc.assert(
      fc.property(content, fc.nat(), fc.integer({ min: 1, max: 255 }), (told, place, change) => {
        const frame = kostalFrame({ kind: kinds.told, content: told });
        const at = place % frame.length;
        frame[at] = ((frame[at] ?? 0) + change) & 0xff;
        expect(readKostal(frame)).toBeUndefined();
      }),
    );
  });
});

describe('a stream of bytes', () => {
  const newLine = () => newKostalLine({ resyncBytes: 0, crcErrors: 0 });
  const frames = (...pieces: Uint8Array[]) => {
    const line = newLine();
    return pieces.flatMap((piece) => feed(line, piece));
  };

  test('gives the same frames in pieces of any size, with noise before each', () => {
    const noise = fc.uint8Array({ maxLength: 6 });
    const question = fc.constantFrom(READ_INFO, READ_STATUS, ACK).map(bytes);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, question), { maxLength: 4 }),
        fc.integer({ min: 1, max: 20 }),
        (sent, size) => {
          const stream = Buffer.concat(sent.flat());
          const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
            Uint8Array.from(stream.subarray(i * size, (i + 1) * size)),
          );
          expect(frames(...pieces)).toEqual(sent.map(([, frame]) => readKostal(frame)));
        },
      ),
    );
  });

  test('without end is not remembered for ever, and a frame behind it is heard', () => {
    const line = newLine();
    feed(line, new Uint8Array(10_000).fill(0x55));
    expect(line.rest.length).toBe(255);
    expect(feed(line, bytes(READ_INFO))).toHaveLength(1);
    expect(line.counters).toEqual({ resyncBytes: 10_000, crcErrors: 0 });
  });

  test('that stops is forgotten, and counted', () => {
    const line = newLine();
    feed(line, bytes('09 62 FF'));
    forget(line);
    expect(line.counters.resyncBytes).toBe(3);
    expect(feed(line, bytes('02 FF 29 4A 08 23 00'))).toEqual([]);
  });
});

describe('on the line', () => {
  test('a read is answered in one write call, with its zeros stuffed and its checksum', async () => {
    const line = await lineWith();
    line.hear(READ_STATUS);
    line.hear(READ_INFO);
    const [status, info = ''] = line.said();
    expect(status).toBe(STATUS);
    expect(hex(unstuffed(bytes(info)) ?? new Uint8Array())).toBe(INFO_PLAIN);
    expect(line.link.counters).toMatchObject({ requests: 2, answers: 2, crcErrors: 0 });
  });

  test('a write is acknowledged as the profile says', async () => {
    const served = battery();
    const line = await lineWith(served);
    for (const told of [write(0x5e, 0x00), write(0x47, 1, 2, 3, 4), write(0x5e, 0xff)]) line.hear(told);
    expect(line.said()).toEqual([ACK, ACK]);
    expect(served.told).toEqual(['5e: 00', '47: 01 02 03 04', '5e: FF']);
  });

  test('an unknown read, a read cut short and an answer of somebody are not answered', async () => {
    const line = await lineWith();
    const reads = [[0x50, 0x00], [0x4a], []].map((code) =>
      kostalFrame({ kind: kinds.read, content: Uint8Array.from(code) }),
    );
    for (const heard of [...reads, write(), bytes(ACK), bytes(STATUS)]) line.hear(heard);
    expect(line.said()).toEqual([]);
    expect(line.link.counters).toMatchObject({ requests: 4, foreignFrames: 2, answers: 0 });
  });

  test('a battery that says nothing acknowledges nothing and hears no write', async () => {
    const served = battery(false);
    const line = await lineWith(served);
    for (const asked of [READ_INFO, READ_STATUS]) line.hear(asked);
    line.hear(write(0x47, 0));
    expect([line.said(), served.told, line.heard]).toEqual([[], [], [0, 0, 0]]);
  });

  test('a battery that throws is silent, and the reason is kept', async () => {
    const answer = () => {
      throw new Error('map');
    };
    const line = await lineWith({ ...battery(), answer });
    line.hear(READ_INFO);
    expect([line.said(), line.faults]).toEqual([[], [new Error('map')]]);
  });

  test.each([
    ['wrong checksum', '09 62 FF 02 FF 29 4A 08 24 00'],
    ['another header', '09 62 FF 03 FF 29 4A 08 22 00'],
    ['a pointer astray', '08 62 FF 02 FF 29 4A 08 23 00'],
    ['longer than a pointer reaches', `${'11 '.repeat(300)}00`],
  ])('%s: is as if it had not come', async (_, damaged) => {
    const line = await lineWith();
    line.hear(damaged);
    expect(line.said()).toEqual([]);
    expect(line.link.counters).toMatchObject({ crcErrors: 1, requests: 0 });
    line.hear(READ_STATUS);
    expect(line.said()).toEqual([STATUS]);
  });

  test('half a question and then silence: the other half says nothing, the next question is heard', async () => {
    const line = await lineWith();
    line.hear(READ_INFO.slice(0, 11));
    line.pass(60);
    line.hear(READ_INFO.slice(12));
    expect(line.said()).toEqual([]);
    line.hear(READ_STATUS);
    expect(line.said()).toEqual([STATUS]);
  });

  test('one byte at a time, with zeros of an idle line before', async () => {
    const line = await lineWith();
    for (const byte of bytes(`00 00 FF 00 ${READ_STATUS}`)) line.hear(Uint8Array.of(byte));
    expect(line.said()).toEqual([STATUS]);
  });

  test('of what piled up only the newest is answered', async () => {
    const line = await lineWith();
    line.hear(`${READ_INFO} ${READ_STATUS}`);
    expect(line.said()).toEqual([STATUS]);
  });

  test('our own answer that the adapter gives back is dropped', async () => {
    const line = await lineWith(undefined, { localEcho: true }, { echoes: true });
    line.hear(READ_STATUS);
    line.pass(1000);
    expect(line.link.counters).toMatchObject({ requests: 1, echoBytes: 9, foreignFrames: 0 });
  });
});
