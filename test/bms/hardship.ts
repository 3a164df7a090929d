import fc from 'fast-check';
import { expect } from 'vitest';
import type { Answer, Dialect, Learned } from '../../src/bms/driver.ts';
import { inNotifications } from '../../src/bms/jbd-unit.ts';
import { hearLast, nothingHeard } from '../../src/bms/listener.ts';
import type { Capture } from '../../src/bytes/capture.ts';
import { cutFrames } from '../../src/bytes/framing.ts';
import { tell } from './captures.ts';

/** What every dialect must bear, whatever its frames look like. */

/** A request of a capture, what was known before it, and all that was answered. */
interface Exchange {
  readonly request: Uint8Array;
  readonly learned: Learned;
  readonly answer: Uint8Array;
}

const joined = (pieces: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(pieces.flatMap((piece) => [...piece]));

/** Everything that is heard, also at the end of the waiting. */
function heardOf(dialect: Dialect, { request, learned }: Omit<Exchange, 'answer'>, bytes: Uint8Array) {
  const { answers, heard } = tell([bytes], request, { ...nothingHeard, learned }, dialect);
  const last = hearLast({ dialect, request }, heard);
  const all: readonly Answer[] = [...answers, ...last.answers.map(({ value }) => value)];
  return { parts: all.filter(({ kind }) => kind === 'part'), learned: last.heard.learned };
}

function exchangesOf(dialect: Dialect, { entries }: Capture): Exchange[] {
  const exchanges: Exchange[] = [];
  let learned: Learned = {};
  for (const [i, { from, bytes: request }] of entries.entries()) {
    if (from !== 'us') continue;
    const next = entries.findIndex((entry, j) => j > i && entry.from === 'us');
    const answer = joined(entries.slice(i + 1, next < 0 ? undefined : next).map(({ bytes }) => bytes));
    exchanges.push({ request, learned, answer });
    learned = heardOf(dialect, { request, learned }, answer).learned;
  }
  return exchanges;
}

/** Each bit of each frame turned over, one at a time: what is told is what would be told had that frame never come. */
export function expectFlipsAreLost(dialect: Dialect, capture: Capture): void {
  for (const exchange of exchangesOf(dialect, capture)) {
    const { frames } = cutFrames(dialect.framing, exchange.answer);
    expect(joined(frames)).toEqual(exchange.answer);
    for (const [i, frame] of frames.entries()) {
      const without = heardOf(dialect, exchange, joined(frames.toSpliced(i, 1))).parts;
      for (let bit = 0; bit < 8 * frame.length; bit++) {
        const damaged = frame.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        const told = heardOf(dialect, exchange, joined(frames.toSpliced(i, 1, damaged))).parts;
        expect(told, `bit ${bit} of frame ${i + 1}`).toEqual(without);
      }
    }
  }
}

/** Random bytes, torn frames and requests in any order: nothing throws, nothing grows, nothing is NaN. */
export function expectNoiseIsBorne(dialect: Dialect, ...captures: readonly Capture[]): void {
  const exchanges = captures.flatMap((capture) => exchangesOf(dialect, capture));
  const pieces = exchanges.flatMap(({ answer, request }) => [
    answer,
    answer.slice(0, 20),
    answer.slice(7),
    request,
  ]);
  const noise = fc.array(fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.constantFrom(...pieces)), {
    maxLength: 30,
  });
  const asked = fc.constantFrom(undefined, ...exchanges.map(({ request }) => request));
  fc.assert(
    fc.property(noise, asked, (notifications, request) => {
      const { answers, heard } = tell(notifications, request, nothingHeard, dialect);
      expect(heard.rest.length).toBeLessThanOrEqual(512);
      expect(JSON.stringify(answers)).not.toMatch(/:null|NaN/);
    }),
  );
}

/** Any frame whose checks are right, whatever it says: the words of its data are random. */
export function expectAnyFrameIsBorne(
  dialect: Dialect,
  frames: fc.Arbitrary<{ readonly frame: Uint8Array; readonly request: Uint8Array }>,
): void {
  fc.assert(
    fc.property(fc.array(frames, { maxLength: 8 }), (talk) => {
      let learned: Learned = {};
      for (const { frame, request } of talk) {
        const heard = heardOf(dialect, { request, learned }, frame);
        expect(JSON.stringify(heard.parts)).not.toMatch(/:null|NaN/);
        learned = heard.learned;
      }
    }),
  );
}

/** A good answer glued behind garbage is found, at the latest when nothing more comes. */
export function expectFoundBehindGarbage(dialect: Dialect, capture: Capture): void {
  for (const exchange of exchangesOf(dialect, capture)) {
    const good = heardOf(dialect, exchange, exchange.answer).parts;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (garbage) => {
        expect(heardOf(dialect, exchange, joined([garbage, exchange.answer])).parts).toEqual(good);
      }),
      { numRuns: 30 },
    );
  }
}

/** However an answer is cut into notifications, it says the same. */
export function expectChunksMeanTheSame(dialect: Dialect, capture: Capture): void {
  for (const exchange of exchangesOf(dialect, capture)) {
    const { request, learned, answer } = exchange;
    const whole = heardOf(dialect, exchange, answer).parts;
    fc.assert(
      fc.property(fc.array(fc.nat(answer.length), { maxLength: 12 }), (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), answer.length];
        const pieces = edges.slice(1).map((edge, i) => answer.slice(edges[i], edge));
        const { answers } = tell(pieces, request, { ...nothingHeard, learned }, dialect);
        expect(answers.filter(({ kind }) => kind === 'part')).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  }
}

/** A repeated first notification costs its own bytes and nothing else (BLE reference 1.3, step 2). */
export function expectRepeatedStartIsBorne(dialect: Dialect, capture: Capture): void {
  for (const exchange of exchangesOf(dialect, capture)) {
    const { request, learned, answer } = exchange;
    const [start, ...rest] = inNotifications(answer, 12);
    const { answers } = tell(
      [start, start, ...rest].flatMap((n) => n ?? []),
      request,
      { ...nothingHeard, learned },
      dialect,
    );
    expect(answers.filter(({ kind }) => kind === 'part')).toEqual(heardOf(dialect, exchange, answer).parts);
  }
}
