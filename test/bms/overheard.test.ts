import { describe, expect, test } from 'vitest';
import { drivers } from '../../src/bms/drivers.ts';
import { recognise, unrecognised } from '../../src/bms/overheard/conversation.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { hex } from './captures.ts';
import {
  A,
  askBasic,
  askCells,
  B,
  cells,
  conversationsIn,
  saidIn,
  talk,
  unitsIn,
  visit,
} from './phone-visit.ts';
import {
  asked,
  at,
  connected,
  connectedEnhanced,
  disconnected,
  discovery,
  reset,
  snoopLog,
  told,
} from './snoop-log.ts';

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
