import fc from 'fast-check';
import { expect } from 'vitest';
import type { Dialect } from '../../src/bms/driver.ts';
import { hear, hearLast, nothingHeard } from '../../src/bms/listener.ts';
import { captured, tell } from './captures.ts';

/** What every family must stand: damage, noise, chopping. */

export const chopped = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));

const kindsOf = (answers: readonly { readonly kind: string }[]): string[] => answers.map(({ kind }) => kind);

/** The whole answers of a capture: what the battery said, cut by the family itself, longer than its small talk. */
export function framesIn(dialect: Dialect, name: string, longerThan: number): Uint8Array[] {
  const bytes = captured(name).entries.flatMap(({ from, bytes }) => (from === 'battery' ? [...bytes] : []));
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const rest = Uint8Array.from(bytes.slice(at));
    const length = dialect.framing.measure(rest);
    if (typeof length !== 'number') throw new Error(`${name} holds a byte that begins no frame`);
    if (length > longerThan) frames.push(rest.slice(0, length));
    at += length;
  }
  return frames;
}

/** One bit after the other turned round. */
export function* flipsOf(frame: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < frame.length * 8; bit++) {
    const damaged = frame.slice();
    damaged.set([(frame[bit >> 3] ?? 0) ^ (1 << (bit & 7))], bit >> 3);
    yield damaged;
  }
}

export const isHeard = (dialect: Dialect, request: Uint8Array | undefined, frame: Uint8Array): boolean =>
  kindsOf(tell([frame], request, nothingHeard, dialect).answers).includes('part');

/** Nothing throws, nothing grows, no number is NaN, and a good answer in its own notification is found at once. */
export function standsNoise(dialect: Dialect, request: Uint8Array | undefined, good: Uint8Array): void {
  const pieces = chopped(good, 20);
  const noise = fc.array(
    fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...pieces)),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(noise, fc.integer({ min: 1, max: 400 }), (notifications, size) => {
      const { answers, heard } = tell(notifications, request, nothingHeard, dialect);
      expect(heard.rest.length).toBeLessThanOrEqual(512);
      expect(JSON.stringify(answers)).not.toContain(':null');
      const later = tell(chopped(good, Math.max(size, 20)), request, heard, dialect);
      expect(kindsOf(later.answers)).toContain('part');
    }),
  );
}

/** A good answer glued behind garbage is found, at the latest when nothing more comes. */
export function isFoundBehindGarbage(
  dialect: Dialect,
  request: Uint8Array | undefined,
  good: Uint8Array,
): void {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (garbage) => {
      const listening = { dialect, request };
      const now = hear(listening, nothingHeard, Uint8Array.of(...garbage, ...good));
      const last = hearLast(listening, now.heard);
      expect(kindsOf([...now.answers, ...last.answers].map(({ value }) => value))).toContain('part');
    }),
  );
}
