import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jbd } from '../../src/bms/jbd.ts';
import { MASK, mask, maskedLines, masker, notMasking } from '../../src/bms/masked.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { parseCapture } from '../../src/bytes/capture.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { captured, hex } from './captures.ts';

const shown = (from: 'us' | 'battery', text: string): string =>
  toHex(mask(notMasking, from, hex(text)).bytes);

/** A JK device-info frame: 300 bytes, the last the sum of those before (BLE reference 2.2 and 2.3). */
function deviceInfo(type = 3): Uint8Array {
  const frame = Uint8Array.from({ length: 300 }, (_, i) => (i * 7) & 0xff);
  frame.set([0x55, 0xaa, 0xeb, 0x90, type, 1]);
  frame[299] = sumOf(frame);
  return frame;
}
const sumOf = (frame: Uint8Array): number => frame.subarray(0, 299).reduce((sum, b) => (sum + b) & 0xff, 0);

/** Goes through the mask in pieces of these sizes. */
function inPieces(bytes: Uint8Array, sizes: readonly number[]): Uint8Array {
  const masked = masker();
  const out: number[] = [];
  for (let [at, i] = [0, 0]; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 20;
    out.push(...masked({ from: 'battery', bytes: bytes.subarray(at, at + size) }).entry.bytes);
    at += size;
  }
  return Uint8Array.from(out);
}

describe('a password does not leave the battery room', () => {
  // The transcript of the BLE reference, 1.9; sums by hand: (15 + 06 + 6 * 2a) & ff = 17.
  test.each([
    ['ff aa 15 06 30 30 30 30 30 30 3b', 'ff aa 15 06 2a 2a 2a 2a 2a 2a 17'],
    ['ff aa 18 06 cc 2a 3b 6c 56 c4 d5', 'ff aa 18 06 2a 2a 2a 2a 2a 2a 1a'],
    ['ff aa 16 06 31 32 33 34 35 36 51', 'ff aa 16 06 2a 2a 2a 2a 2a 2a 18'],
    ['ff aa 1d 02 01 02 22', 'ff aa 1d 02 2a 2a 73'],
    ['ff aa 15 06 30 30', 'ff aa 15 06 2a 2a'],
    ['ff aa 15 06 30 30 30 30 30 30 3c', 'ff aa 15 06 2a 2a 2a 2a 2a 2a 18'],
    // JBD, older firmware: register 06; its checksum is masked with it.
    ['dd 5a 06 07 06 01 02 03 04 05 06 ff de 77', 'dd 5a 06 07 2a 2a 2a 2a 2a 2a 2a 2a 2a 77'],
    // ANT's login.
    ['7e a1 23 01 6a 04 31 32 33 34 ab cd aa 55', '7e a1 23 01 6a 04 2a 2a 2a 2a 2a 2a aa 55'],
    // A JK write of text, e.g. of a new pass code.
    [
      'aa 55 90 eb 9f 06 31 32 33 34 35 36 00 00 00 00 00 00 00 54',
      'aa 55 90 eb 9f 06 2a 2a 2a 2a 2a 2a 2a 2a 2a 2a 2a 2a 2a 41',
    ],
  ])('that we send: %s', (sent, told) => {
    expect(shown('us', sent)).toBe(told);
  });

  test.each([
    ['us', 'ff aa 17 00 17'],
    ['us', 'dd a5 03 00 ff fd 77'],
    ['us', 'dd 5a e1 02 00 01 ff 1c 77'],
    ['us', 'aa 55 90 eb 96 00 00 00 00 00 00 00 00 00 00 00 00 00 00 10'],
    ['us', 'aa 55 90 eb 1d 04 01 00 00 00 00 00 00 00 00 00 00 00 00 9c'],
    ['battery', 'ff aa 15 01 00 16'],
    ['battery', 'dd 03 00 1b 05 2c ff aa 15 40 27 10 00 2a 30 9c'],
  ] as const)('and what is none stays: %s %s', (from, text) => {
    expect(shown(from, text)).toBe(text);
  });

  test('also when its frame goes on in the next write', () => {
    const masked = masker();
    const tell = (text: string) => masked({ from: 'us', bytes: hex(text) });
    expect(tell('dd 5a 07 04 31')).toMatchObject({ isMasked: true, entry: { bytes: hex('dd5a07042a') } });
    expect(tell('32 33 34 ff 00 77').entry.bytes).toEqual(hex('2a2a2a2a2a77'));
    expect(tell('dd a5 03 00 ff fd 77')).toMatchObject({ isMasked: false });
  });

  test('nor do the pass codes of a JK, whose frame stays whole, in pieces of any size', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), (sizes) => {
        const raw = deviceInfo();
        const told = inPieces(Uint8Array.of(...raw, ...deviceInfo(2)), sizes);
        raw.forEach((byte, i) => {
          const isSecret = (i >= 62 && i <= 77) || (i >= 97 && i <= 133);
          if (i < 299) expect([i, told[i]]).toEqual([i, isSecret ? MASK : byte]);
        });
        expect(told[299]).toBe(sumOf(told));
        expect(told.slice(300)).toEqual(deviceInfo(2));
      }),
      { numRuns: 30 },
    );
  });

  test('a damaged frame is masked and stays damaged', () => {
    const raw = deviceInfo();
    raw[150] = (raw[150] ?? 0) ^ 1;
    const told = inPieces(raw, [128]);
    expect(told[70]).toBe(MASK);
    expect(told[299]).not.toBe(sumOf(told));
  });

  test('a frame that lost a piece masks nothing of the next one', () => {
    const [start, next] = [deviceInfo().subarray(0, 40), deviceInfo(2)];
    const masked = masker();
    masked({ from: 'battery', bytes: start });
    expect(masked({ from: 'battery', bytes: next }).entry.bytes).toEqual(next);
  });
});

describe('a capture', () => {
  test('says which of its lines are masked, and keeps each unit by itself', () => {
    const line = maskedLines();
    const text = [
      line({ seconds: 1, unit: 'a', from: 'us', bytes: hex('ff aa 15 06 30') }),
      line({ seconds: 1, unit: 'b', from: 'us', bytes: hex('dd a5 03 00 ff fd 77') }),
      line({ seconds: 2, unit: 'a', from: 'us', bytes: hex('31 32 33 34 35') }),
    ].join('');
    expect(text).toBe(
      '# the next line holds a password or pass code, masked with 2a\n1.000 a > ff aa 15 06 2a\n' +
        '1.000 b > dd a5 03 00 ff fd 77\n' +
        '# the next line holds a password or pass code, masked with 2a\n2.000 a > 2a 2a 2a 2a 2a\n',
    );
    expect(parseCapture(text)).toMatchObject({ headers: {}, entries: [{}, {}, {}] });
  });

  test.each(['4s-discharging', '16s-beside-telemetry', 'vendor-examples'])(
    'without passwords stays as it is: %s',
    (name) => {
      const masked = masker();
      for (const entry of captured(`jbd/${name}`).entries)
        expect(masked(entry)).toEqual({ entry, isMasked: false });
    },
  );

  test('of a login holds neither keys nor the password, and the answers still decode', () => {
    const masked = masker();
    const { entries } = captured('jbd/password-and-second-key');
    const told = entries.map((entry) => masked(entry));
    expect(told.flatMap(({ entry, isMasked }, i) => (isMasked ? [[i, toHex(entry.bytes)]] : []))).toEqual([
      [0, 'ff aa 15 06 2a 2a 2a 2a 2a 2a 17'],
      [4, 'ff aa 18 06 2a 2a 2a 2a 2a 2a 1a'],
      [8, expect.stringMatching(/^ff aa 1d 0f( 2a){15} a2$/)],
    ]);
    const said = (of: typeof entries) => transcribe(jbd, of).said;
    expect(said(told.map(({ entry }) => entry))).toEqual(said(entries));
  });

  test('of any bytes keeps its length and never throws', () => {
    const entry = fc.record({
      from: fc.constantFrom('us' as const, 'battery' as const),
      bytes: fc.uint8Array(),
    });
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const masked = masker();
        for (const one of entries) expect(masked(one).entry.bytes).toHaveLength(one.bytes.length);
      }),
    );
  });
});
