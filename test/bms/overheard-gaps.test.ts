import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unrecognised } from '../../src/bms/overheard/conversation.ts';
import { hex } from './captures.ts';
import {
  A,
  answerOf,
  askBasic,
  askCells,
  cells,
  conversationsIn,
  saidIn,
  talk,
  unitsIn,
  visit,
} from './phone-visit.ts';
import { asked, att, connected, type Logged, snoopLog, told } from './snoop-log.ts';

describe('what is missing', () => {
  const cutAt = (log: readonly Logged[], i: number, kept: number): Logged[] =>
    log.map((one, j) => (i === j ? { ...one, kept } : one));

  test('a packet of which the log kept the start is not used, and the next answer is', () => {
    const log = [connected(0x40, A), ...talk(0x40, askBasic, 80), ...talk(0x40, askBasic, 79)];
    for (const kept of [1, 3, 5, 12, 20]) expect(saidIn(snoopLog(cutAt(log, 2, kept)))).toEqual([[A, 79]]);
  });

  test('behind a gap nothing is taken until a frame begins', () => {
    const [question, first, second] = talk(0x40, askBasic, 80);
    if (!question || !first || !second) throw new Error('the answer has two notifications');
    const log = [connected(0x40, A), question, { ...first, kept: 8 }, second, ...talk(0x40, askBasic, 79)];
    const [conversation] = conversationsIn(snoopLog(log));
    expect(conversation?.entries.map(({ from }) => from)).toEqual(['us', 'us', 'battery', 'battery']);
  });

  test('without a driver nothing is taken until the frame that lost a piece must be over', () => {
    const at = (ms: number, hexBytes: string): Logged[] =>
      told(0x40, hex(hexBytes)).map((one) => ({ ...one, micros: BigInt(ms) * 1000n }));
    const [lost, ...others] = [...at(1000, '01'), ...at(1010, '02'), ...at(1150, '03'), ...at(2000, '04')];
    if (!lost) throw new Error('nothing is lost');
    const first = { ...connected(0x40, A), micros: 0n };
    const [unit] = unitsIn(snoopLog([first, ...at(500, '00'), { ...lost, kept: 7 }, ...others]));
    expect(unit && unrecognised(unit).entries.map(({ bytes }) => bytes)).toEqual([hex('00'), hex('04')]);
  });

  test('a piece that was lost loses its packet, and no more', () => {
    const pieces = told(0x40, answerOf(askBasic, 80), 9);
    const log = (without: number) => [
      connected(0x40, A),
      ...asked(0x40, askBasic),
      ...pieces.filter((_, i) => i !== without),
      ...talk(0x40, askCells, 80, 9),
    ];
    for (let i = 0; i < pieces.length; i++) expect(saidIn(snoopLog(log(i)))).toEqual([[A, cells]]);
  });

  test('where the log says that packets are missing, nothing is put together over the gap', () => {
    const [start, ...others] = told(0x40, answerOf(askBasic, 80), 9);
    if (!start) throw new Error('the answer has no start');
    const log = [connected(0x40, A), ...asked(0x40, askBasic), start];
    const next = talk(0x40, askCells, 80, 9);
    const lossy = [...others, ...next].map((one) => ({ ...one, drops: 1 }));
    expect(saidIn(snoopLog([...log, ...lossy]))).toEqual([[A, cells]]);
    expect(saidIn(snoopLog([...log, ...others, ...next]))).toEqual([
      [A, 80],
      [A, cells],
    ]);
  });

  const log = snoopLog([...visit(9), ...visit()]);
  const truths = [
    [A, 80],
    [A, cells],
  ].map((one) => JSON.stringify(one));
  const untrueIn = (bytes: Uint8Array) =>
    saidIn(bytes).filter(
      ([, told]) => typeof told !== 'string' && !truths.includes(JSON.stringify([A, told])),
    );

  test('cut at any byte, what is told is true', () => {
    for (let length = 0; length < log.length; length++) expect(untrueIn(log.subarray(0, length))).toEqual([]);
  });

  test('with any bit flipped, a frame that is damaged gives no reading', () => {
    fc.assert(
      fc.property(fc.nat(log.length * 8 - 1), (bit) => {
        const bent = log.with(bit >> 3, (log[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
        expect(untrueIn(bent)).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  test('random packets on a known link never throw', () => {
    const packet = fc.tuple(fc.constantFrom(1, 2, 4), fc.uint8Array({ maxLength: 40 }));
    const random = fc.array(
      packet.map(([type, bytes]): Logged => ({ received: type === 4, packet: [type, ...bytes] })),
    );
    const words = fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ minLength: 1, maxLength: 30 })));
    fc.assert(
      fc.property(random, words, (packets, said) => {
        const pdus = said.flatMap(([isReceived, bytes]) => att(0x40, isReceived, [...bytes]));
        const found = conversationsIn(snoopLog([connected(0x40, A), ...packets, ...pdus]));
        expect(found.flatMap(({ answers }) => answers)).toEqual([]);
      }),
    );
  });
});
