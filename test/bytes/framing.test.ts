import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutFrames, cutLast, type Framing, MAX_REST } from '../../src/bytes/framing.ts';

// A family as small as can be: AA, total length, …, sum of all before it.
const sum = (bytes: Uint8Array): number => bytes.reduce((total, byte) => (total + byte) & 0xff, 0);
const small: Framing = {
  measure: ([start, length]) => (start !== 0xaa ? 'not-a-frame' : (length ?? 'need-more')),
  intact: (frame) => frame.length > 2 && sum(frame.subarray(0, -1)) === frame.at(-1),
};
const frame = (...data: number[]): number[] => {
  const head = [0xaa, data.length + 3, ...data];
  return [...head, sum(Uint8Array.from(head))];
};
const cut = (...bytes: number[]) => {
  const { frames, rest, ...others } = cutFrames(small, Uint8Array.from(bytes));
  return { frames: frames.map((f) => [...f]), rest: [...rest], ...others };
};

describe('bytes are cut into frames', () => {
  test('two glued frames and the start of a third', () => {
    expect(cut(...frame(1, 2), ...frame(3), 0xaa, 9)).toEqual({
      frames: [frame(1, 2), frame(3)],
      starts: [0, 5],
      rest: [0xaa, 9],
      skipped: 0,
    });
  });

  test('a damaged frame costs one byte at a time, so the good one behind it survives', () => {
    const damaged = frame(1, 2, 3).with(3, 99);
    expect(cut(...damaged, ...frame(4))).toEqual({
      frames: [frame(4)],
      starts: [damaged.length],
      rest: [],
      skipped: damaged.length,
    });
  });

  test('a start that claims to be longer than what is left waits, and is false when nothing more comes', () => {
    const bytes = Uint8Array.of(0xaa, 200, ...frame(4));
    const waiting = cutFrames(small, bytes);
    expect(waiting).toEqual({ frames: [], starts: [], rest: bytes, skipped: 0 });
    expect(cutLast(small, waiting.rest)).toEqual({
      frames: [Uint8Array.from(frame(4))],
      starts: [2],
      rest: new Uint8Array(),
      skipped: 2,
    });
  });

  test.each([0, -1, Number.NaN, MAX_REST + 1])('a start that claims %d bytes is a false start', (claim) => {
    const silly: Framing = { measure: () => claim, intact: () => true };
    expect(cutFrames(silly, Uint8Array.of(1, 2, 3))).toEqual({
      frames: [],
      starts: [],
      rest: new Uint8Array(),
      skipped: 3,
    });
  });

  test('a family that never has enough is cut off', () => {
    const greedy: Framing = { measure: () => 'need-more', intact: () => true };
    const { rest, skipped } = cutFrames(greedy, new Uint8Array(2000));
    expect(rest.length).toBe(MAX_REST);
    expect(skipped).toBe(2000 - MAX_REST);
  });

  test('no byte is lost or counted twice, whatever comes', () => {
    const noise = fc.array(fc.oneof(fc.constantFrom(0xaa, 3, 4), fc.nat(255)), { maxLength: 700 });
    fc.assert(
      fc.property(noise, (bytes) => {
        const { frames, rest, skipped } = cut(...bytes);
        expect(frames.flat().length + rest.length + skipped).toBe(bytes.length);
        expect(rest.length).toBeLessThanOrEqual(MAX_REST);
      }),
    );
  });

  test('it does not matter how the bytes are chopped up', () => {
    const stream = fc.array(
      fc.oneof(
        fc.array(fc.nat(255), { maxLength: 5 }),
        fc.array(fc.nat(255), { maxLength: 9 }).map((d) => frame(...d)),
      ),
    );
    fc.assert(
      fc.property(stream, fc.array(fc.nat(60)), (pieces, cuts) => {
        const bytes = pieces.flat();
        const heard: number[][] = [];
        let rest: number[] = [];
        let from = 0;
        for (const to of [...cuts.sort((a, b) => a - b), bytes.length]) {
          const now = cut(...rest, ...bytes.slice(from, to));
          heard.push(...now.frames);
          rest = now.rest;
          from = Math.max(from, to);
        }
        expect({ heard, rest }).toEqual({ heard: cut(...bytes).frames, rest: cut(...bytes).rest });
      }),
    );
  });
});
