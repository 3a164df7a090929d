import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/bms/driver.ts';
import { drivers } from '../../src/bms/drivers.ts';
import { jbd } from '../../src/bms/jbd.ts';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { inTime, recognise, unrecognised } from '../../src/bms/overheard/conversation.ts';
import { overhear } from '../../src/bms/overheard/overhear.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { readBtsnoop } from '../../src/bytes/btsnoop.ts';
import { toHex } from '../../src/bytes/hex.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { hex } from './captures.ts';
import {
  asked,
  at,
  att,
  connected,
  connectedEnhanced,
  disconnected,
  discovery,
  type Logged,
  reset,
  snoopLog,
  told,
} from './snoop-log.ts';

const A = 'A4:C1:38:00:00:01';
const B = 'A4:C1:38:00:00:02';
const askBasic = hex('dda50300fffd77');
const askCells = hex('dda50400fffc77');
const pack = (socPct: number): BatteryReading => ({
  voltageV: 13.24,
  currentA: -5,
  socPct,
  cellVoltagesV: [3.312, 3.314, 3.31, 3.313],
  temperaturesC: [25.2, 24.7],
});
const answerOf = (request: Uint8Array, socPct: number): Uint8Array =>
  jbdAnswer(pack(socPct), request) ?? new Uint8Array();

/** One question and its answer on a link. */
const talk = (handle: number, request: Uint8Array, socPct = 80, size?: number): Logged[] => [
  ...asked(handle, request, size),
  ...told(handle, answerOf(request, socPct), size),
];

const visit = (size?: number): Logged[] => [
  reset,
  connected(0x40, A),
  ...discovery(0x40, size),
  ...talk(0x40, askBasic, 80, size),
  ...talk(0x40, askCells, 80, size),
  disconnected(0x40),
];

const unitsIn = (bytes: Uint8Array) => {
  const snoop = readBtsnoop(bytes);
  return 'message' in snoop ? [] : overhear(snoop.packets);
};
const conversationsIn = (bytes: Uint8Array) =>
  unitsIn(bytes).flatMap((unit) => recognise(unit, drivers) ?? []);

const part = (answer: Answer): unknown => {
  if (answer.kind !== 'part') return answer.kind;
  return answer.part === 'basic' ? answer.reading.socPct : answer.reading.cellVoltagesV;
};
const saidIn = (bytes: Uint8Array) =>
  transcribe(jbd, inTime(conversationsIn(bytes))).said.map(({ unit, answer }) => [unit, part(answer)]);

const cells = [3.312, 3.314, 3.31, 3.313];

describe('the visit of a phone to a battery', () => {
  test('is a conversation with its address, characteristics, MTU and times', () => {
    const [conversation, ...others] = conversationsIn(snoopLog(visit()));
    expect(others).toEqual([]);
    expect(conversation).toMatchObject({
      unit: { name: A, gatt: { mtu: 185 } },
      driver: { id: 'jbd' },
      channel: { service: 'ff00', notify: 'ff01', write: 'ff02' },
      answers: 2,
    });
    expect(conversation?.entries.map(({ seconds, unit, from }) => [seconds, unit, from])).toEqual(
      ['us', 'battery', 'battery', 'us', 'battery'].map((from, i) => [
        expect.closeTo(0.12 + i / 100),
        A,
        from,
      ]),
    );
    expect(toHex(conversation?.entries[0]?.bytes ?? new Uint8Array())).toBe(toHex(askBasic));
  });

  test.each([1001, 1002, 2001] as const)('reads alike in datalink %i', (datalink) => {
    expect(saidIn(snoopLog(visit(), datalink))).toEqual([
      [A, 80],
      [A, cells],
    ]);
  });

  test('reads alike in data packets of any size', () => {
    for (let size = 1; size < 40; size++)
      expect(saidIn(snoopLog(visit(size)))).toEqual([
        [A, 80],
        [A, cells],
      ]);
  });

  test('reads alike when the phone knew the characteristics, or the link was there before the log', () => {
    const known = [connectedEnhanced(0x40, A), ...talk(0x40, askCells)];
    expect(saidIn(snoopLog(known))).toEqual([[A, cells]]);
    expect(conversationsIn(snoopLog(known))[0]?.channel).toEqual({});
    expect(saidIn(snoopLog(talk(0x47, askCells)))).toEqual([['handle-0x0047', cells]]);
  });

  test('that only switches notifications on is no conversation', () => {
    const [unit] = unitsIn(snoopLog([connected(0x40, A), ...discovery(0x40)]));
    expect(unit && recognise(unit, drivers)).toBeUndefined();
    expect(unit && unrecognised(unit).entries).toEqual([]);
    expect([...(unit?.gatt.uuids ?? [])]).toEqual([
      [at.notify, 'ff01'],
      [at.write, 'ff02'],
      [at.switch, '2902'],
    ]);
  });

  test('of another kind is kept as raw bytes', () => {
    const log = [connected(0x40, A), ...asked(0x40, hex('0102')), ...told(0x40, hex('030405'))];
    const [unit] = unitsIn(snoopLog(log));
    expect(unit && recognise(unit, drivers)).toBeUndefined();
    expect(unit && unrecognised(unit).entries).toMatchObject([
      { from: 'us', unit: A, bytes: hex('0102') },
      { from: 'battery', unit: A, bytes: hex('030405') },
    ]);
  });
});

describe('several links', () => {
  test('at once are heard each by itself, even piece by piece', () => {
    const [a, b] = [talk(0x40, askCells, 80, 7), talk(0x41, askBasic, 61, 5)];
    const mixed = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [a[i], b[i]]).flat();
    const log = [connected(0x40, A), connected(0x41, B), ...mixed.filter((one) => one !== undefined)];
    expect(saidIn(snoopLog(log)).sort()).toEqual([
      [A, cells],
      [B, 61],
    ]);
  });

  test('one after the other may have one handle; a unit that comes back is the same unit', () => {
    const on = (address: string, socPct: number) => [
      connected(0x40, address),
      ...talk(0x40, askBasic, socPct),
      disconnected(0x40),
    ];
    expect(saidIn(snoopLog([...on(A, 80), ...on(B, 61), ...on(A, 79)]))).toEqual([
      [A, 80],
      [B, 61],
      [A, 79],
    ]);
  });

  test('end with a reset of the controller', () => {
    const [question, ...answer] = talk(0x40, askBasic);
    if (!question) throw new Error('the test asks nothing');
    const log = [connected(0x40, A), question, ...answer.slice(0, 1), reset, ...answer.slice(1)];
    expect(saidIn(snoopLog(log))).toEqual([]);
  });
});

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
