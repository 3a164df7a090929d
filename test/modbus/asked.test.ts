import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { askedTable } from '../../src/modbus/asked.ts';
import { bytes, genericBattery } from './battery.ts';
import { lineWith, request } from './line.ts';

const read = (first: number, quantity: number) =>
  Uint8Array.of(3, first >> 8, first & 255, quantity >> 8, quantity & 255);

describe('what masters ask', () => {
  test('is counted by unit, function and range, with what was refused', () => {
    const table = askedTable();
    for (const unit of [1, 1, 2]) table.note(unit, bytes('03 01 00 00 12'), bytes('03 24'), 0);
    table.note(1, bytes('04 01 00 00 12'), bytes('84 01'), 0);
    table.note(1, bytes('10 01 80 00 02 04 00 07 00 02'), bytes('10 01 80 00 02'), 0);
    table.note(1, bytes('06 01 80 00 07'), undefined, 0);
    table.note(1, bytes('11'), bytes('11 02'), 0);
    expect(table.read()).toEqual({
      asked: [
        { unit: 1, code: 3, first: 0x100, quantity: 0x12, count: 2, refused: 0 },
        { unit: 1, code: 4, first: 0x100, quantity: 0x12, count: 1, refused: 1, exception: 1 },
        { unit: 1, code: 16, first: 0x180, quantity: 2, count: 1, refused: 0 },
        { unit: 1, code: 6, first: 0x180, quantity: 1, count: 1, refused: 0 },
        { unit: 1, code: 17, count: 1, refused: 0 },
        { unit: 2, code: 3, first: 0x100, quantity: 0x12, count: 1, refused: 0 },
      ],
      others: 0,
    });
  });

  test('is told apart for 32 ranges of a unit; the rest is only counted', () => {
    const table = askedTable();
    for (let first = 0; first < 50; first++) table.note(1, read(first, 1), undefined, first);
    table.note(2, read(7, 1), undefined, 60);
    const { asked, others } = table.read();
    expect([asked.filter(({ unit }) => unit === 1).length, others]).toEqual([32, 18]);
    expect(asked.at(-1)).toMatchObject({ unit: 2, first: 7, count: 1 });
  });

  test('gives the place of what nobody has asked for ten minutes to what is asked now', () => {
    const table = askedTable();
    for (let first = 0; first < 32; first++) table.note(1, read(first, 1), undefined, 1000 * first);
    table.note(1, read(0x100, 1), undefined, 600_000);
    expect(table.read().others).toBe(1);
    table.note(1, read(0x100, 1), undefined, 600_001);
    const { asked, others } = table.read();
    expect(asked.some(({ first }) => first === 0)).toBe(false);
    expect(asked.find(({ first }) => first === 0x100)).toMatchObject({ count: 1 });
    // One request found no place, and one row lost its own.
    expect(others).toBe(2);
  });

  test('loses no request, whatever is asked', () => {
    const requests = fc.array(
      fc.record({
        unit: fc.integer({ min: 1, max: 3 }),
        pdu: fc.uint8Array({ minLength: 1, maxLength: 12 }),
        atMs: fc.integer({ min: 0, max: 2_000_000 }),
      }),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(requests, (all) => {
        const table = askedTable();
        for (const { unit, pdu, atMs } of all) table.note(unit, pdu, undefined, atMs);
        const { asked, others } = table.read();
        expect(asked.reduce((sum, { count }) => sum + count, 0) + others).toBe(all.length);
        for (const unit of [1, 2, 3])
          expect(asked.filter((a) => a.unit === unit).length).toBeLessThanOrEqual(32);
      }),
    );
  });
});

describe('on a line with a clock that is cranked by hand', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const SOC = request(1, '03 01 00 00 01');
  const served = (replyDelay: number) => lineWith(new Map([[1, genericBattery()]]), { replyDelay });

  test('the time of an answer is that from the last byte of its request to the port, the reply delay included', async () => {
    const line = await served(10);
    line.hear(SOC.subarray(0, 3));
    line.pass(30);
    line.hear(SOC.subarray(3));
    line.pass(50);
    const { answerTime, counts } = line.link.numbers();
    expect([answerTime?.sumMs, answerTime?.maxMs]).toEqual([10, 10]);
    expect(counts).toMatchObject({ requests: 1, answers: 1, lateAnswers: 0, droppedAnswers: 0 });
  });

  test('an answer in whose place a newer one is sent is counted as dropped', async () => {
    const line = await served(10);
    line.hear(SOC);
    line.pass(5);
    line.hear(SOC);
    line.pass(20);
    expect(line.said()).toHaveLength(1);
    expect(line.link.numbers().counts).toMatchObject({ requests: 2, lateAnswers: 0, droppedAnswers: 1 });
  });

  test('an answer that leaves more than 20 ms after it was due is late', async () => {
    const adapter = { drains: true };
    const line = await lineWith(new Map([[1, genericBattery()]]), { replyDelay: 10 }, {}, adapter);
    line.hear(SOC);
    // The line does not become quiet until then.
    for (let i = 0; i < 5; i++) {
      line.pass(9);
      line.hear('00');
    }
    line.pass(10);
    expect(line.said()).toHaveLength(1);
    const { answerTime, counts } = line.link.numbers();
    expect(answerTime?.maxMs).toBe(55);
    expect(counts).toMatchObject({ lateAnswers: 1, droppedAnswers: 0 });
  });

  test('an answer that had to wait for the silence of the line is not late: only then is its question known to be whole', async () => {
    const line = await served(10);
    for (let i = 0; i < 3; i++) {
      line.hear(request(1, '41 00'));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(line.said()).toHaveLength(3);
    const { answerTime, counts } = line.link.numbers();
    expect(Math.floor((answerTime?.maxMs ?? 0) / 10)).toBe(5);
    expect(counts).toMatchObject({ answers: 3, exceptions: 3, lateAnswers: 0, droppedAnswers: 0 });
  });

  test('answers to questions that piled up are counted as dropped, all but the newest', async () => {
    const line = await served(10);
    line.hear(Buffer.concat([SOC, SOC, SOC]));
    line.pass(20);
    expect(line.said()).toHaveLength(1);
    expect(line.link.numbers().counts).toMatchObject({ requests: 3, answers: 3, droppedAnswers: 2 });
    line.hear(Buffer.concat([SOC, request(7, '03 00 00 00 01')]));
    line.pass(20);
    expect(line.said()).toEqual([]);
    expect(line.link.numbers().counts).toMatchObject({ requests: 4, answers: 4, droppedAnswers: 3 });
  });

  test.each([
    ['a question to another', request(7, '03 00 00 00 01')],
    ['a broadcast', request(0, '06 01 80 00 07')],
  ])(
    'an answer that still waits when %s follows is not sent: it would fall into what comes then',
    async (_, next) => {
      const line = await served(10);
      line.hear(SOC);
      line.pass(5);
      line.hear(next);
      line.pass(50);
      expect(line.said()).toEqual([]);
      expect(line.link.numbers().counts).toMatchObject({ answers: 1, droppedAnswers: 1 });
    },
  );
});
