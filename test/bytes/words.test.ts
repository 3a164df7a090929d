import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitsOf, wordOf } from '../../src/bytes/bits.ts';
import { crc16 } from '../../src/bytes/crc16.ts';
import { fromHex, toHex } from '../../src/bytes/hex.ts';

test('the Modbus checksum of 123456789 is 0x4B37', () => {
  expect(crc16(new TextEncoder().encode('123456789'))).toBe(0x4b37);
  expect(crc16(new TextEncoder().encode('xx123456789y'), 2, 11)).toBe(0x4b37);
});

test('a message with its checksum behind it, low byte first, has the checksum 0', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const crc = crc16(bytes);
      expect(crc16(Uint8Array.of(...bytes, crc & 0xff, crc >> 8))).toBe(0);
    }),
  );
});

describe('hex', () => {
  test.each(['dd a5 03', 'DDA503', 'dd:A5:03', ' dd\ta5 03\n'])('%j is three bytes', (text) => {
    expect(fromHex(text)).toEqual(Uint8Array.of(0xdd, 0xa5, 0x03));
  });

  test.each(['d', 'dd a', 'xx', '0xdd', 'dd-a5', '+1'])('%j is none', (text) => {
    expect(fromHex(text)).toBeUndefined();
  });

  test('any bytes come back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
    );
  });
});

describe('bits', () => {
  test('are numbered from 1', () => {
    expect(bitsOf(0b1000)).toEqual([4]);
    expect(bitsOf(0x80000001)).toEqual([1, 32]);
    expect(bitsOf(0)).toEqual([]);
  });

  test('any word comes back', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (word) => {
        expect(wordOf(bitsOf(word))).toBe(word);
      }),
    );
  });

  test('a number that is named twice is set once', () => {
    expect(wordOf([3, 3])).toBe(4);
  });
});
