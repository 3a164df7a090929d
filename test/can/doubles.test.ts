import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { doubles } from '../../src/can/doubles.ts';

const frame = (...data: number[]) => ({ id: 0x351, extended: false, data: Uint8Array.from(data) });

/** Somebody looks from 0 on; what comes in the first five seconds is not judged. */
const settledMs = 6000;

describe('another battery on the bus', () => {
  test('is told once its frames came for five seconds, with their last bytes', () => {
    const bus = doubles(0);
    let told: readonly unknown[] = [];
    for (let s = 0; s < 5; s++) bus.heard(frame(9, s), settledMs + s * 1000);
    for (let s = 0; s < 9; s++) told = bus.look(settledMs + s * 1000);
    expect(told).toEqual([]);
    told = bus.look(settledMs + 9000);
    expect(told).toEqual([{ ...frame(9, 4), count: 5, lastAtMs: settledMs + 4000 }]);
  });

  test('that is gone is not told any more', () => {
    const bus = doubles(0);
    for (let s = 0; s < 5; s++) bus.heard(frame(9), settledMs + s * 1000);
    expect(bus.look(settledMs + 20_000)).toHaveLength(1);
    expect(bus.look(settledMs + 60_000)).toEqual([]);
  });
});

describe('our own frames come back, and', () => {
  test('are never taken for those of another, whenever the wires tell of them and in whatever order', () => {
    const beat = fc.record({
      data: fc.uint8Array({ maxLength: 8 }),
      /** From the send queue to the bus, and from the wires to here. */
      waitMs: fc.integer({ min: 0, max: 900 }),
      toldAfterMs: fc.integer({ min: 0, max: 4900 }),
    });
    fc.assert(
      fc.property(fc.array(beat, { minLength: 30, maxLength: 60 }), (beats) => {
        const bus = doubles(0);
        const happenings = beats.flatMap(({ data, waitMs, toldAfterMs }, i) => {
          const sentMs = i * 1000;
          return [
            { atMs: sentMs + waitMs, act: () => bus.heard(frame(...data), sentMs + waitMs) },
            { atMs: sentMs + toldAfterMs, act: () => bus.sent(frame(...data)) },
            { atMs: sentMs + 999, act: () => expect(bus.look(sentMs + 999)).toEqual([]) },
          ];
        });
        for (const { act } of happenings.toSorted((a, b) => a.atMs - b.atMs)) act();
        expect(bus.look(beats.length * 1000 + 10_000)).toEqual([]);
      }),
    );
  });

  test('those that waited in the queue since before anybody looked, and leave in one burst, are no battery', () => {
    const bus = doubles(0);
    for (let i = 0; i < 16; i++) bus.heard(frame(i), settledMs + i);
    expect(bus.look(settledMs + 20_000)).toEqual([]);
  });

  test('those of which the wires could not tell are not judged', () => {
    const bus = doubles(0);
    for (let s = 0; s < 10; s++) bus.heard(frame(s), settledMs + s * 1000);
    bus.missed(settledMs + 10_000);
    for (let s = 10; s < 15; s++) bus.heard(frame(s), settledMs + s * 1000 - 1);
    expect(bus.look(settledMs + 30_000)).toEqual([]);
  });
});
