// What every family must bear, whichever it is: each one that is added stands here by itself.
import { describe, expect, test } from 'vitest';
import { drivers } from '../../src/bms/drivers.ts';
import { dialectIn, transcribe, transcribeAs } from '../../src/bms/transcript.ts';
import type { CaptureEntry } from '../../src/bytes/capture.ts';
import { captured, capturesOf } from './captures.ts';
import { dialectsOf, tellNoise, truePieces } from './noise.ts';
import {
  expectChunksMeanTheSame,
  expectFlipsAreLost,
  expectFoundBehindGarbage,
  expectRepeatedStartIsBorne,
} from './rough-air.ts';

/** What these hold besides frames, telemetry and the talk of a login, is skipped. */
const MIXED = ['jbd/16s-beside-telemetry', 'jbd/password-and-second-key'];

describe.each(drivers.map((driver) => [driver.id, driver] as const))('%s', (id, driver) => {
  test.each(capturesOf(id))('its capture %s says where it is from, and is understood', (name) => {
    const { headers, entries } = captured(name);
    expect(headers.bms).toBe(id);
    expect(headers.evidence).toMatch(/^(vendor|capture|field|inferred)$/);
    expect(transcribe(driver, entries).said.some(({ answer }) => answer.kind === 'part')).toBe(true);
  });

  test.each(capturesOf(id).filter((name) => !MIXED.includes(name)))('no byte of %s is skipped', (name) => {
    expect(transcribe(driver, captured(name).entries).skippedBytes).toBe(0);
  });

  test('has a capture', () => {
    expect(capturesOf(id).length).toBeGreaterThan(0);
  });

  test.each(capturesOf(id))(
    'with any one bit of %s flipped, nothing is read that it did not say',
    (name) => {
      const { entries } = captured(name);
      const dialect = dialectIn(driver, entries);
      /** Every quantity with each value that was read of it. */
      const values = (of: readonly CaptureEntry[]) =>
        transcribeAs(dialect, of).said.flatMap(({ answer }) =>
          answer.kind === 'part' ? Object.entries(answer.reading).map((pair) => JSON.stringify(pair)) : [],
        );
      const truth = new Set(values(entries));
      const wrong: string[] = [];
      entries.forEach((entry, at) => {
        if (entry.from !== 'battery') return;
        for (let bit = 0; bit < entry.bytes.length * 8; bit++) {
          const bytes = entry.bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
          for (const value of values(entries.with(at, { ...entry, bytes })))
            if (!truth.has(value)) wrong.push(`entry ${at} bit ${bit}: ${value}`);
        }
      });
      expect(wrong).toEqual([]);
    },
    120_000,
  );

  // A sum of 8 bits, too, sees every single bit; of other damage it sees 255 parts in 256.
  test.each(capturesOf(id))(
    'one bit turned over in any frame of %s loses that frame and no other',
    (name) => {
      const { entries } = captured(name);
      expectFlipsAreLost(dialectIn(driver, entries), entries);
    },
    120_000,
  );

  test.each(capturesOf(id))('the answers of %s are found behind garbage', (name) => {
    const { entries } = captured(name);
    expectFoundBehindGarbage(dialectIn(driver, entries), entries);
  });

  test.each(capturesOf(id))('pieces of any size say what %s says', (name) => {
    const { entries } = captured(name);
    expectChunksMeanTheSame(dialectIn(driver, entries), entries);
  });

  test.each(capturesOf(id))('a repeated first notification in %s is no harm', (name) => {
    const { entries } = captured(name);
    expectRepeatedStartIsBorne(dialectIn(driver, entries), entries);
  });
});

describe('noise', () => {
  test.each(dialectsOf(drivers))(
    // Ten million each: `npm run fuzz`.
    '%s bears two million bytes of it',
    (_, driver, dialect) => {
      const survived = tellNoise(dialect, truePieces(driver), 2_000_000, 1);
      expect(survived.parts).toBeGreaterThan(10);
      expect(survived.longestRest).toBeLessThanOrEqual(512);
      expect(survived.unreal).toBe(0);
    },
    120_000,
  );
});
