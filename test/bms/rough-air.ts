import fc from 'fast-check';
import { expect } from 'vitest';
import type { Answer, Dialect, DriverOptions, Learned } from '../../src/bms/driver.ts';
import { type Heard, hear, hearLast, nothingHeard } from '../../src/bms/listener.ts';
import { transcribeAs } from '../../src/bms/transcript.ts';
import type { CaptureEntry } from '../../src/bytes/capture.ts';
import { cutFrames, MAX_REST } from '../../src/bytes/framing.ts';

/** What radio does to frames, and what a dialect must make of it. */

export const inPieces = (bytes: Uint8Array, size = 20): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));

export const joinedUp = (pieces: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(pieces.flatMap((piece) => [...piece]));

interface Asked {
  readonly request?: Uint8Array | undefined;
  readonly options?: DriverOptions;
  readonly learned?: Learned;
}

/** Everything that was understood once nothing more comes. */
export function understood(
  dialect: Dialect,
  pieces: readonly Uint8Array[],
  { request, options, learned = {} }: Asked = {},
): { readonly answers: readonly Answer[]; readonly heard: Heard } {
  const listening = { dialect, request, options };
  const answers: Answer[] = [];
  let heard: Heard = { ...nothingHeard, learned };
  for (const piece of pieces) {
    const hearing = hear(listening, heard, piece);
    answers.push(...hearing.answers.map(({ value }) => value));
    heard = hearing.heard;
    expect(heard.rest.length).toBeLessThanOrEqual(MAX_REST);
  }
  const last = hearLast(listening, heard);
  return { answers: [...answers, ...last.answers.map(({ value }) => value)], heard: last.heard };
}

export const partsAmong = (answers: readonly Answer[]) =>
  answers.flatMap((answer) => (answer.kind === 'part' ? [answer] : []));

interface Exchange {
  readonly request?: Uint8Array;
  readonly frame: Uint8Array;
}

/** The intact frames of a capture, each with what was asked before it. */
export function exchanges({ framing }: Dialect, entries: readonly CaptureEntry[]): Exchange[] {
  const found: Exchange[] = [];
  let request: Uint8Array | undefined;
  let pieces: Uint8Array[] = [];
  const take = () => {
    const { frames } = cutFrames(framing, joinedUp(pieces));
    found.push(...frames.map((frame) => ({ frame, ...(request && { request }) })));
    pieces = [];
  };
  for (const { from, bytes } of entries) {
    if (from === 'battery') pieces.push(bytes);
    else {
      take();
      request = bytes;
    }
  }
  take();
  return found;
}

/** CRC-16 finds every single flipped bit, so that not one of these may be believed. */
export function expectNoFlippedBitBelieved(dialect: Dialect, entries: readonly CaptureEntry[]): void {
  for (const { request, frame } of exchanges(dialect, entries))
    for (let bit = 0; bit < 8 * frame.length; bit++) {
      const damaged = frame.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      const { answers } = understood(dialect, inPieces(damaged), { request });
      expect(partsAmong(answers), `bit ${bit}`).toEqual([]);
    }
}

/** Random bytes in random pieces: nothing is thrown, nothing grows. */
export function expectNoNoiseHarms(dialect: Dialect, requests: readonly Uint8Array[]): void {
  const pieces = fc.array(fc.uint8Array({ maxLength: 120 }), { maxLength: 12 });
  const request = fc.option(fc.constantFrom(...requests), { nil: undefined });
  fc.assert(
    fc.property(pieces, request, (noise, asked) => {
      const { answers, heard } = understood(dialect, noise, { request: asked });
      expect(partsAmong(answers)).toEqual([]);
      expect(heard.rest).toHaveLength(0);
    }),
  );
  // Frames whose checksum is right, whatever is in them.
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), request, (frame, asked) => {
      dialect.answer(frame, { request: asked, options: {}, learned: {} });
    }),
  );
}

/** A good frame is found behind rubbish, in pieces of any size. */
export function expectFoundBehindRubbish(dialect: Dialect, entries: readonly CaptureEntry[]): void {
  const good = transcribeAs(dialect, entries).said.length;
  const frames = exchanges(dialect, entries);
  expect(good).toBe(frames.length);
  fc.assert(
    fc.property(
      fc.constantFrom(...frames),
      fc.uint8Array({ maxLength: 40 }),
      fc.integer({ min: 1, max: 200 }),
      ({ request, frame }, rubbish, size) => {
        const { answers } = understood(dialect, [rubbish, ...inPieces(frame, size)], { request });
        expect(partsAmong(answers)).toHaveLength(1);
      },
    ),
  );
}
