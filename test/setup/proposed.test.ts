import { describe, expect, test } from 'vitest';
import { type KnownPack, madeBank, proposedIds, proposedStrings } from '../../src/bank/proposed.ts';
import { proposedEnvelope } from '../../src/bank/proposed-envelope.ts';

const lfp = { fullV: 3.45, emptyV: 2.9, overV: 3.65, underV: 2.5 };
const packs = (count: number, pack: Omit<KnownPack, 'id'>): KnownPack[] =>
  proposedIds(count).map((id) => ({ id, ...pack }));

describe('strings are proposed by what the batteries are', () => {
  test('batteries of 48 V stand in parallel', () => {
    expect(proposedStrings(packs(3, { cells: 16 }))).toEqual([['a'], ['b'], ['c']]);
  });

  test('four of 12 V make one string of 48 V, eight make two', () => {
    expect(proposedStrings(packs(4, { cells: 4 }))).toEqual([['a', 'b', 'c', 'd']]);
    expect(proposedStrings(packs(8, { cells: 4 }))).toHaveLength(2);
  });

  test('two of 24 V make one string of 48 V', () => {
    expect(proposedStrings(packs(2, { cells: 8 }))).toEqual([['a', 'b']]);
  });

  test('two of 12 V make 24 V, three stay in parallel', () => {
    expect(proposedStrings(packs(2, { cells: 4 }))).toEqual([['a', 'b']]);
    expect(proposedStrings(packs(3, { cells: 4 }))).toEqual([['a'], ['b'], ['c']]);
  });

  test('unequal ones are never proposed in parallel', () => {
    const unequal = [
      { id: 'a', cells: 16 },
      { id: 'b', cells: 15 },
    ];
    expect(proposedStrings(unequal)).toEqual([['a', 'b']]);
  });

  test('no battery makes no string', () => expect(proposedStrings([])).toEqual([]));
});

describe('a bank shows what its strings make', () => {
  test('in series the volts add up, in parallel the ampere-hours', () => {
    const four = packs(4, { cells: 8, capacityAh: 100, voltageV: 26.4 });
    expect(
      madeBank(
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
        four,
        3.2,
      ),
    ).toMatchObject({
      cells: 16,
      voltageV: 52.8,
      capacityAh: 200,
    });
  });

  test('the weakest of a string is its capacity', () => {
    const [a, b] = packs(2, { cells: 8 });
    const two = [
      { ...a, capacityAh: 100 },
      { ...b, capacityAh: 80 },
    ] as KnownPack[];
    expect(madeBank([['a', 'b']], two).capacityAh).toBe(80);
  });

  test('what is not known is not told', () => {
    expect(madeBank([['a']], packs(1, { cells: 16 }))).toEqual({ cells: 16 });
  });

  test('strings of unequal cells, and of voltages that would push amperes into each other, are trouble', () => {
    const cells = [
      { id: 'a', cells: 16 },
      { id: 'b', cells: 15 },
    ];
    expect(madeBank([['a'], ['b']], cells).trouble).toMatchObject({ kind: 'cells', string: 2 });
    const volts = [
      { id: 'a', cells: 16, voltageV: 52.8 },
      { id: 'b', cells: 16, voltageV: 51.9 },
    ];
    expect(madeBank([['a'], ['b']], volts).trouble).toMatchObject({ kind: 'voltage', string: 2 });
    const near = [
      { id: 'a', cells: 16, voltageV: 52.8 },
      { id: 'b', cells: 16, voltageV: 52.5 },
    ];
    expect(madeBank([['a'], ['b']], near).trouble).toBeUndefined();
  });
});

describe('an envelope is proposed from what the batteries bear', () => {
  test('half the capacity an hour, and cells that stay away from damage', () => {
    expect(proposedEnvelope([['a'], ['b']], packs(2, { cells: 16, capacityAh: 100 }), lfp)).toEqual({
      chargeCurrentA: 100,
      dischargeCurrentA: 100,
      cellMaxV: 3.6,
      cellMinV: 2.8,
    });
  });

  test('less where a BMS would trip sooner', () => {
    const weak = packs(1, { cells: 16, capacityAh: 100, chargeOverCurrentA: 30, dischargeOverCurrentA: 200 });
    expect(proposedEnvelope([['a']], weak, lfp)).toMatchObject({ chargeCurrentA: 27, dischargeCurrentA: 50 });
  });

  test('in series the weakest decides', () => {
    const two = [
      { id: 'a', cells: 8, capacityAh: 100 },
      { id: 'b', cells: 8, capacityAh: 60 },
    ];
    expect(proposedEnvelope([['a', 'b']], two, lfp).chargeCurrentA).toBe(30);
  });

  test('and never more than what a person said of a battery', () => {
    const own = packs(2, { cells: 16, capacityAh: 100, chargeCurrentA: 20, dischargeCurrentA: 80 });
    expect(proposedEnvelope([['a'], ['b']], own, lfp)).toMatchObject({
      chargeCurrentA: 40,
      dischargeCurrentA: 100,
    });
  });

  test('without a capacity no current is guessed', () => {
    const unknown = packs(1, { cells: 16, chargeOverCurrentA: 100 });
    expect(proposedEnvelope([['a']], unknown, lfp)).toEqual({ cellMaxV: 3.6, cellMinV: 2.8 });
  });
});

test('names are the first letters that are free', () => {
  expect(proposedIds(3, ['b'])).toEqual(['a', 'c', 'd']);
  expect(new Set(proposedIds(64)).size).toBe(64);
});
