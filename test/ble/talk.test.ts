import { describe, expect, test } from 'vitest';
import { ATTEMPTS_MS, talk } from '../../src/ble/talk.ts';
import type { Dialect } from '../../src/bms/driver.ts';
import { jbdUart } from '../../src/bms/jbd.ts';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { crank } from './crank.ts';
import { pack } from './room.ts';

const [, cells] = jbdUart.requests({});
const request = cells ?? { name: '', bytes: new Uint8Array(), required: true };
const answer = jbdAnswer(pack, request.bytes) ?? new Uint8Array();
/** A family whose answers cannot be told by their first bytes. */
const plain: Dialect = {
  ...jbdUart,
  framing: { measure: jbdUart.framing.measure, intact: jbdUart.framing.intact },
};

function line(dialect: Dialect) {
  const clock = crank();
  const written: number[] = [];
  const rejected: string[] = [];
  const ending = new AbortController();
  const spoken = talk({
    dialect,
    timers: clock,
    signal: ending.signal,
    write: async () => {
      written.push(clock.now());
    },
    onRejected: (why) => rejected.push(why),
  });
  let answeredMs: number | undefined;
  const ask = () =>
    spoken.ask(request, ATTEMPTS_MS).then((a) => {
      answeredMs = clock.now();
      return a;
    });
  return { clock, written, rejected, ending, ...spoken, ask, answeredMs: () => answeredMs };
}

describe('one question in flight', () => {
  test('a half frame is dropped and told before the question is asked again', async () => {
    const { clock, hear, ask, answeredMs, rejected } = line(plain);
    const asking = ask();
    hear(answer.subarray(0, 6));
    await clock.to(750);
    hear(answer);
    await clock.to(800);
    expect(answeredMs()).toBe(750);
    expect(await asking).toMatchObject({ value: { kind: 'part', part: 'cells' } });
    expect(rejected).toEqual(['6 bytes belong to no intact frame']);
  });

  test('what trails behind an answer does not haunt the next one', async () => {
    const { clock, hear, ask, answeredMs } = line(plain);
    void ask();
    hear(Uint8Array.of(...answer, 0xdd, 0x04, 0x00, 0xf0));
    await clock.to(1000);
    expect(answeredMs()).toBe(0);
    void ask();
    hear(answer);
    await clock.to(1100);
    expect(answeredMs()).toBe(1000);
  });

  test('a good frame behind a false start is found at the end of the wait', async () => {
    const { clock, hear, ask, answeredMs } = line(plain);
    void ask();
    hear(Uint8Array.of(0xdd, 0x04, 0x00, 0xf0));
    hear(answer);
    await clock.to(1000);
    expect(answeredMs()).toBe(700);
  });

  test('a decoder that fails is told as a rejection; the next good answer is heard', async () => {
    let isFailing = true;
    const failing: Dialect = {
      ...jbdUart,
      answer: (frame, pending) => {
        if (isFailing) throw new Error('no such cell');
        return jbdUart.answer(frame, pending);
      },
    };
    const { clock, hear, ask, answeredMs, rejected } = line(failing);
    void ask();
    hear(answer);
    expect(rejected).toEqual(['not understood: no such cell']);
    isFailing = false;
    await clock.to(750);
    hear(answer);
    await clock.to(800);
    expect(answeredMs()).toBe(750);
  });

  test('what comes unasked is no answer', async () => {
    const { clock, hear, ask, answeredMs } = line(jbdUart);
    hear(answer);
    void ask();
    await clock.to(600);
    expect(answeredMs()).toBeUndefined();
  });

  test('a write that fails is told and tried again', async () => {
    const clock = crank();
    const rejected: string[] = [];
    let writes = 0;
    const { ask, hear } = talk({
      dialect: jbdUart,
      timers: clock,
      signal: new AbortController().signal,
      write: async () => {
        if (writes++ === 0) throw new Error('write failed');
        clock.after(40, () => hear(answer));
      },
      onRejected: (why) => rejected.push(why),
    });
    const asking = ask(request, ATTEMPTS_MS);
    await clock.to(800);
    expect(await asking).toMatchObject({ value: { kind: 'part' } });
    expect(rejected).toEqual(['write failed']);
  });

  test('nothing is written after the end of the link', async () => {
    const { clock, ask, ending, written, answeredMs } = line(jbdUart);
    void ask();
    await clock.to(100);
    ending.abort();
    await clock.to(10_000);
    expect(written).toEqual([0]);
    expect(answeredMs()).toBe(100);
    void ask();
    await clock.to(20_000);
    expect(written).toEqual([0]);
  });
});
