import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBtsnoop, type Snoop } from '../../src/bytes/btsnoop.ts';
import { connected, disconnected, type Logged, reset, snoopLog } from '../bms/snoop-log.ts';

const link = connected(0x40, 'A4:C1:38:00:00:01');
const data: Logged = { received: false, packet: [2, 0x40, 0, 1, 0, 0xdd] };
const log = [reset, link, data, disconnected(0x40)];

function read(bytes: Uint8Array): Snoop {
  const snoop = readBtsnoop(bytes);
  if ('message' in snoop) throw new Error(snoop.message);
  return snoop;
}

describe('a snoop log', () => {
  test.each([1001, 1002, 2001] as const)('of datalink %i gives the same packets', (datalink) => {
    const { packets, problem } = read(snoopLog(log, datalink));
    expect(problem).toBeUndefined();
    expect(packets.map(({ kind, sentBy, seconds }) => [seconds, sentBy, kind])).toEqual([
      [0, 'host', 'command'],
      [0.01, 'controller', 'event'],
      [0.02, 'host', 'data'],
      [0.03, 'controller', 'event'],
    ]);
    expect(packets.map(({ bytes }) => [...bytes])).toEqual(log.map(({ packet }) => packet.slice(1)));
  });

  test('tells the controllers of a Linux monitor apart', () => {
    const bytes = snoopLog([link], 2001);
    bytes[16 + 9] = 3; // the upper half of the flags
    expect(read(bytes).packets[0]?.adapter).toBe(3);
  });

  test('goes on when the clock of the phone is set back', () => {
    const times = [5_000_000n, 6_000_000n, 1_000_000n, 1_500_000n];
    const { packets } = read(snoopLog(times.map((micros) => ({ ...data, micros }))));
    expect(packets.map(({ seconds }) => seconds)).toEqual([0, 1, 1, 1.5]);
  });

  test('names a packet of which it kept only the start, and those that it lost', () => {
    const snoop = read(snoopLog([link, { ...data, kept: 4 }, { ...data, drops: 2 }, { ...data, drops: 2 }]));
    expect(snoop).toMatchObject({ cutRecords: [2], lostPackets: 2 });
    expect(snoop.packets.map(({ isCut }) => isCut)).toEqual([false, true, false, false]);
    expect(snoop.packets.map(({ isAfterLoss }) => isAfterLoss)).toEqual([false, false, true, false]);
  });

  test.each([
    [new Uint8Array(), 'is no btsnoop file'],
    [new TextEncoder().encode('# bmsgate capture 1\n'), 'is no btsnoop file'],
    [snoopLog([]).subarray(0, 12), 'ends within its first 16 bytes'],
    [snoopLog(log, 1002, 2), 'is btsnoop of version 2; this program reads version 1'],
    [snoopLog(log).with(15, 0xeb), 'holds packets of type 1003'],
  ])('that is none says so (%#)', (bytes, message) => {
    expect(readBtsnoop(bytes)).toEqual({ message: expect.stringContaining(message) });
  });

  test('without a record is a log of nothing', () => {
    expect(read(snoopLog([]))).toEqual({ packets: [], cutRecords: [], lostPackets: 0 });
  });

  test('with a damaged length ends there and keeps what came before', () => {
    const bytes = snoopLog(log);
    const second = 16 + 24 + reset.packet.length;
    bytes[second + 4] = 0xff;
    expect(read(bytes)).toMatchObject({
      packets: [{ kind: 'command' }],
      problem: `the length of a record is damaged (record 2, byte ${second})`,
    });
  });

  test('that is cut anywhere keeps every whole record and says where it ends', () => {
    const bytes = snoopLog(log);
    const sizes = log.map(({ packet }) => 24 + packet.length);
    for (let length = 16; length < bytes.length; length++) {
      const { packets, problem } = read(bytes.subarray(0, length));
      const ends = sizes.map((_, i) => 16 + sizes.slice(0, i + 1).reduce((a, b) => a + b, 0));
      expect(packets).toHaveLength(ends.filter((end) => end <= length).length);
      const isBetween = length === 16 || ends.includes(length);
      expect(problem === undefined).toBe(isBetween);
      if (problem)
        expect(problem).toMatch(/^the file ends in the (head|middle) of a record \(record \d, byte \d+\)$/);
    }
  });

  test('of random bytes, or with flipped bits, never throws', () => {
    const good = snoopLog(log);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(good.length * 8 - 1), (random, bit) => {
        readBtsnoop(random);
        readBtsnoop(Uint8Array.of(...good.subarray(0, 16), ...random));
        readBtsnoop(good.with(bit >> 3, (good[bit >> 3] ?? 0) ^ (1 << (bit & 7))));
      }),
    );
  });
});
