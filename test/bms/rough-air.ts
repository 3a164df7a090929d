import fc from 'fast-check';
import { expect } from 'vitest';
import type { Dialect, Learned } from '../../src/bms/driver.ts';
import { inNotifications } from '../../src/bms/jbd-unit.ts';
import { hear, nothingHeard } from '../../src/bms/listener.ts';
import type { CaptureEntry } from '../../src/bytes/capture.ts';
import { cutFrames, MAX_REST } from '../../src/bytes/framing.ts';
import { exchangesOf, joinedUp, partsAmong, partsOf, understood } from './exchanges.ts';

/** What radio does to frames, and what a dialect must make of it, whatever its frames look like. */

/** A frame with one bit after the other turned over. */
function* flipsOf(frame: Uint8Array): Generator<readonly [bit: number, damaged: Uint8Array]> {
  for (let bit = 0; bit < 8 * frame.length; bit++)
    yield [bit, frame.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))];
}

/**
 * Each bit of each frame turned over, one at a time, in one piece with the frames around it and in notifications of 20 bytes:
 * what is told is what would be told had that frame never come.
 */
export function expectFlipsAreLost(dialect: Dialect, entries: readonly CaptureEntry[]): void {
  for (const exchange of exchangesOf(dialect, entries)) {
    const { frames } = cutFrames(dialect.framing, exchange.answer);
    for (const [i, frame] of frames.entries()) {
      const without = partsOf(dialect, [joinedUp(frames.toSpliced(i, 1))], exchange);
      const expected = JSON.stringify(without);
      for (const [bit, damaged] of flipsOf(frame)) {
        const all = frames.with(i, damaged);
        for (const pieces of [[joinedUp(all)], all.flatMap((each) => inNotifications(each))])
          if (JSON.stringify(partsOf(dialect, pieces, exchange)) !== expected)
            expect(partsOf(dialect, pieces, exchange), `bit ${bit} of frame ${i + 1}`).toEqual(without);
      }
    }
  }
}

/** A good answer is found behind garbage, glued to it or not, at the latest when nothing more comes. */
export function expectFoundBehindGarbage(dialect: Dialect, entries: readonly CaptureEntry[]): void {
  for (const exchange of exchangesOf(dialect, entries)) {
    const { answer } = exchange;
    const good = partsOf(dialect, [answer], exchange);
    const size = fc.integer({ min: 1, max: MAX_REST });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), size, (garbage, isGlued, size) => {
        const pieces = isGlued ? [joinedUp([garbage, answer])] : [garbage, ...inNotifications(answer, size)];
        expect(partsOf(dialect, pieces, exchange)).toEqual(good);
      }),
      { numRuns: 40 },
    );
  }
}

/** However an answer is cut into notifications, it says the same. */
export function expectChunksMeanTheSame(dialect: Dialect, entries: readonly CaptureEntry[]): void {
  for (const exchange of exchangesOf(dialect, entries)) {
    const { answer } = exchange;
    const whole = partsOf(dialect, [answer], exchange);
    fc.assert(
      fc.property(fc.array(fc.nat(answer.length), { maxLength: 12 }), (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), answer.length];
        const pieces = edges.slice(1).map((edge, i) => answer.slice(edges[i], edge));
        expect(partsOf(dialect, pieces, exchange)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  }
}

/** A repeated first notification costs its own bytes and nothing else (BLE reference 1.3, step 2). */
export function expectRepeatedStartIsBorne(dialect: Dialect, entries: readonly CaptureEntry[]): void {
  for (const exchange of exchangesOf(dialect, entries)) {
    const [start = new Uint8Array(), ...rest] = inNotifications(exchange.answer, 12);
    const whole = partsOf(dialect, [exchange.answer], exchange);
    expect(partsOf(dialect, [start, start, ...rest], exchange)).toEqual(whole);
  }
}

/**
 * Random bytes in random pieces tell nothing (of families whose checksum is so wide that chance never meets it), and throw
 * nothing even where each of them is taken for a frame.
 */
export function expectNoiseTellsNothing(dialect: Dialect, requests: readonly Uint8Array[]): void {
  const noise = fc.array(fc.uint8Array({ maxLength: 120 }), { maxLength: 12 });
  fc.assert(
    fc.property(noise, fc.constantFrom(undefined, ...requests), (pieces, request) => {
      const { answers, heard } = understood(dialect, pieces, { request });
      expect(partsAmong(answers)).toEqual([]);
      expect(heard.rest).toHaveLength(0);
      for (const frame of pieces) dialect.answer(frame, { request, options: {}, learned: {} });
    }),
  );
}

/** Behind noise and torn pieces of itself, a good answer in its own notifications is heard at once, and not only at the end. */
export function expectHeardAtOnce(dialect: Dialect, request: Uint8Array | undefined, good: Uint8Array): void {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.uint8Array({ maxLength: 400 }),
    fc.constantFrom(...inNotifications(good)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 20, max: 400 }), (noise, size) => {
      const listening = { dialect, request };
      let { heard } = noise.reduce((before, each) => hear(listening, before.heard, each), {
        heard: nothingHeard,
      });
      const kinds = inNotifications(good, size).flatMap((notification) => {
        const hearing = hear(listening, heard, notification);
        heard = hearing.heard;
        return hearing.answers.map(({ value }) => value.kind);
      });
      expect(kinds).toContain('part');
    }),
  );
}

/** Any frame whose checks are right, whatever it says: the words of its data are random. Nothing throws, nothing is NaN. */
export function expectAnyFrameIsBorne(
  dialect: Dialect,
  frames: fc.Arbitrary<{ readonly frame: Uint8Array; readonly request?: Uint8Array | undefined }>,
): void {
  fc.assert(
    fc.property(fc.array(frames, { maxLength: 8 }), (talk) => {
      let learned: Learned = {};
      for (const { frame, request } of talk) {
        const { answers, heard } = understood(dialect, [frame], { request, learned });
        expect(JSON.stringify(answers)).not.toMatch(/:null|NaN/);
        learned = heard.learned;
      }
    }),
  );
}
