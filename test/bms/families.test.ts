// What every family must bear, whichever it is: each one that is added stands here by itself.
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { drivers } from '../../src/bms/drivers.ts';
import { dialectIn, transcribe, transcribeAs } from '../../src/bms/transcript.ts';
import type { CaptureEntry } from '../../src/bytes/capture.ts';
import { captured } from './captures.ts';
import { dialectsOf, tellNoise } from './noise.ts';

const folder = new URL('../captures/', import.meta.url);
const capturesOf = (id: string): string[] =>
  readdirSync(new URL(`${id}/`, folder)).map((file) => `${id}/${file.replace(/\.txt$/, '')}`);
const said = (entries: readonly CaptureEntry[]) =>
  entries.filter(({ from }) => from === 'battery').map(({ bytes }) => bytes);

describe.each(drivers.map((driver) => [driver.id, driver] as const))('%s', (id, driver) => {
  test.each(capturesOf(id))('its capture %s says where it is from, and is understood', (name) => {
    const { headers, entries } = captured(name);
    expect(headers.bms).toBe(id);
    expect(headers.evidence).toMatch(/^(vendor|capture|field|inferred)$/);
    expect(transcribe(driver, entries).said.some(({ answer }) => answer.kind === 'part')).toBe(true);
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
});

describe('noise', () => {
  test.each(dialectsOf(drivers))(
    '%s bears 200 000 bytes of it',
    (_, driver, dialect) => {
      const pieces = capturesOf(driver.id).flatMap((name) => said(captured(name).entries));
      const survived = tellNoise(dialect, pieces, 200_000, 1);
      expect(survived.longestRest).toBeLessThanOrEqual(512);
      expect(survived.unreal).toBe(0);
    },
    120_000,
  );
});
