import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countsOf,
  type Field,
  readAll,
  readField,
  readFields,
  readRow,
  shapes,
  type Wire,
  writeField,
  writeFields,
  writeRow,
} from '../../src/bytes/field.ts';
import { fromHex, toHex } from '../../src/bytes/hex.ts';
import { between } from '../between.ts';

const written = (f: Omit<Field, 'at'>, value: number): string => {
  const bytes = new Uint8Array(shapes[f.as].bytes);
  writeField(bytes, { at: 0, ...f }, value);
  return toHex(bytes, '');
};

describe('a number becomes counts', () => {
  test.each([
    [49.86, 0.01, 4986],
    [53.2, 0.1, 532],
    [1.005, 0.01, 101],
    [0.25, 0.1, 3],
    [-0.25, 0.1, -3],
    [-12.3, 0.1, -123],
  ])('%d at %d is %d counts, ties away from zero', (value, scale, counts) => {
    expect(countsOf({ scale }, value)).toBe(counts);
  });

  test('a limit between two counts goes to the safe side, and exact ones stay', () => {
    expect(countsOf({ scale: 0.1, round: 'down' }, 53.29)).toBe(532);
    expect(countsOf({ scale: 0.1, round: 'down' }, 53.2)).toBe(532);
    expect(countsOf({ scale: 0.1, round: 'up' }, 44.81)).toBe(449);
    expect(countsOf({ scale: 0.1, round: 'up' }, 44.8)).toBe(448);
    expect(countsOf({ round: 'truncate' }, 99.9)).toBe(99);
    expect(countsOf({ round: 'truncate' }, -3.9)).toBe(-3);
  });

  test('a small negative number is 0, never minus 0', () => {
    expect(Object.is(countsOf({ scale: 0.1 }, -0.01), 0)).toBe(true);
  });
});

describe('a written number', () => {
  test('is held at the edge and never wraps; the words that mean "invalid" are never written', () => {
    expect(written({ as: 'u16be' }, 1e9)).toBe('fffe');
    expect(written({ as: 'u16be' }, -1)).toBe('0000');
    expect(written({ as: 'i16le' }, -1e9)).toBe('0180');
    expect(written({ as: 'i16be' }, Number.POSITIVE_INFINITY)).toBe('7fff');
    expect(written({ as: 'u8' }, 300)).toBe('ff');
    expect(written({ as: 'u32le' }, 1e12)).toBe('feffffff');
    expect(written({ as: 'i32be' }, -1e12)).toBe('80000001');
    expect(written({ as: 'i8' }, -1e9)).toBe('80');
  });

  test('that is no number throws, for no bytes would be true', () => {
    expect(() => written({ as: 'u16be' }, Number.NaN)).toThrow('not a number');
  });

  test('of eight bytes keeps every count that a number can tell', () => {
    const bytes = new Uint8Array(8);
    const value = 0.529943 * Number.MAX_SAFE_INTEGER;
    writeField(bytes, { at: 0, as: 'u64be' }, value);
    expect(Math.abs((readField(bytes, { at: 0, as: 'u64be' }) ?? 0) - value)).toBeLessThanOrEqual(0.5);
  });

  test('is read back within half a count, whatever its place, width and order', () => {
    // Object.keys forgets the names of its own table.
    const whole = (Object.keys(shapes) as Wire[]).filter((as) => shapes[as].whole);
    const wires = fc.constantFrom(...whole);
    fc.assert(
      fc.property(
        wires,
        fc.nat(5),
        fc.constantFrom(1, 0.1, 0.01, 0.001),
        between(0, 1),
        (as, at, scale, share) => {
          const { min, max } = shapes[as];
          const value = (min + share * (max - min)) * scale;
          const bytes = new Uint8Array(13);
          writeField(bytes, { at, as, scale }, value);
          const back = readField(bytes, { at, as, scale }) ?? Number.NaN;
          // Half a count, and what a number of that size cannot tell apart.
          const grain = Math.abs(value) * Number.EPSILON;
          expect(Math.abs(back - value)).toBeLessThanOrEqual(scale * 0.500001 + grain);
        },
      ),
    );
  });
});

test('every width and order lies as its name says', () => {
  const bytes = Uint8Array.of(0x81, 0x02, 0x03, 0x84, 0, 0, 0, 0);
  // Object.keys forgets the names of its own table.
  const read = (Object.keys(shapes) as Wire[]).map((as) => [as, readField(bytes, { at: 0, as })]);
  expect(Object.fromEntries(read)).toEqual({
    u8: 0x81,
    i8: 0x81 - 0x100,
    u16be: 0x8102,
    u16le: 0x0281,
    u24be: 0x810203,
    i16be: 0x8102 - 0x10000,
    i16le: 0x0281,
    u32be: 0x81020384,
    u32le: 0x84030281,
    i32be: 0x81020384 - 2 ** 32,
    i32le: 0x84030281 - 2 ** 32,
    u32lw: 0x03848102,
    i32lw: 0x03848102,
    u64be: 0x81020384 * 2 ** 32,
    f32le: 0,
  });
  expect(readField(Uint8Array.of(0, 0, 0x8d, 0x43), { at: 0, as: 'f32le' })).toBe(282);
});

describe('a number that is read', () => {
  test('carries no dust', () => {
    expect(readField(Uint8Array.of(0x14, 0xac), { at: 0, as: 'u16be', scale: 0.01 })).toBe(52.92);
    expect(readField(Uint8Array.of(3), { at: 0, as: 'u8', scale: 0.1, offset: -0.3 })).toBe(0);
  });

  test('beyond the end is unknown, not 0', () => {
    expect(readField(Uint8Array.of(1), { at: 0, as: 'u16be' })).toBeUndefined();
    expect(readField(Uint8Array.of(1), { at: -1, as: 'u8' })).toBeUndefined();
  });
});

describe('a table of fields', () => {
  const table = {
    volts: { at: 0, as: 'u16be', scale: 0.01 },
    amps: { at: 2, as: 'i16be', scale: 0.1 },
  } as const;

  test('is written and read with the same words', () => {
    const bytes = new Uint8Array(4);
    writeFields(bytes, table, { volts: 52.9, amps: -3.2 });
    expect(readFields(bytes, table)).toEqual({ volts: 52.9, amps: -3.2 });
  });

  test('leaves out what the bytes do not cover', () => {
    expect(readFields(fromHex('14aa00') ?? new Uint8Array(), table)).toEqual({ volts: 52.9 });
    expect(readAll(fromHex('14aa00') ?? new Uint8Array(), table)).toBeUndefined();
  });

  test('keeps the bytes of what has no value', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    writeFields(bytes, table, { amps: 0 });
    expect([...bytes]).toEqual([1, 2, 0, 0]);
  });
});

test('a row of cells is written and read cell 1 first, and ends where the bytes end', () => {
  const bytes = new Uint8Array(5);
  writeRow(bytes, { at: 0, as: 'u16be', scale: 0.001 }, [3.312, 3.3]);
  expect(toHex(bytes)).toBe('0c f0 0c e4 00');
  expect(readRow(bytes, { at: 0, as: 'u16be', scale: 0.001 }, 9)).toEqual([3.312, 3.3]);
});
