import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feed, idle, newLine } from '../../src/modbus/rtu-framing.ts';
import { bytes, hex } from './battery.ts';
import { request } from './line.ts';

const US = 1;
const ours = new Set([US]);
const shown = (found: readonly { unit: number; pdu: Uint8Array }[]) =>
  found.map(({ unit, pdu }) => `${unit}: ${hex(pdu)}`);

/** Everything that is found when the pieces arrive one after the other and the line then falls silent. */
function hear(...pieces: Uint8Array[]): string[] {
  const line = newLine(ours);
  return shown([...pieces.flatMap((piece) => feed(line, piece)), ...idle(line)]);
}

const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

const register = fc.integer({ min: 0, max: 0xffff });
const word = (n: number) => `${hex(Uint8Array.of(n >> 8, n & 0xff))} `;
const read = fc
  .tuple(fc.constantFrom('03 ', '04 '), register, fc.integer({ min: 1, max: 125 }))
  .map(([code, at, count]) => `${code}${word(at)}${word(count)}`);
const write = fc
  .tuple(register, fc.array(register, { minLength: 1, maxLength: 123 }))
  .map(
    ([at, values]) =>
      `10 ${word(at)}${word(values.length)}${hex(Uint8Array.of(2 * values.length))} ${values.map(word).join('')}`,
  );
const ourRequest = fc.oneof(
  read,
  write,
  fc.tuple(register, register).map(([at, value]) => `06 ${word(at)}${word(value)}`),
);
const response = fc.array(register, { minLength: 1, maxLength: 125 }).map((values) => {
  const payload = values.map(word).join('');
  return `03 ${hex(Uint8Array.of(2 * values.length))} ${payload}`;
});
const foreign = fc
  .tuple(fc.integer({ min: 2, max: 247 }), fc.oneof(ourRequest, response, fc.constant('83 02')))
  .map(([unit, pdu]) => request(unit, pdu));
const traffic = fc.array(
  fc.oneof(
    ourRequest.map((pdu) => request(US, pdu)),
    foreign,
  ),
  { minLength: 1, maxLength: 6 },
);
const noise = fc.uint8Array({ maxLength: 300 });

describe('whatever the pieces', () => {
  test('the same requests are found, however the bytes are cut', () => {
    fc.assert(
      fc.property(traffic, fc.array(fc.nat(60), { maxLength: 40 }), (frames, cuts) => {
        const stream = joined(...frames);
        const pieces = cuts.reduce<{ at: number; pieces: Uint8Array[] }>(
          ({ at, pieces }, size) => ({ at: at + size, pieces: [...pieces, stream.subarray(at, at + size)] }),
          { at: 0, pieces: [] },
        );
        expect(hear(...pieces.pieces, stream.subarray(pieces.at))).toEqual(hear(stream));
      }),
    );
  });

  test('each request for us is found amid the traffic of others, in order, and nothing else', () => {
    fc.assert(
      fc.property(traffic, (frames) => {
        const expected = frames.filter((f) => f[0] === US).map((f) => `1: ${hex(f.subarray(1, -2))}`);
        expect(hear(joined(...frames))).toEqual(expected);
      }),
    );
  });
});

describe('damage and noise', () => {
  test('a write with one to three flipped bits is never executed', () => {
    fc.assert(
      fc.property(
        write,
        fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 3, selector: (n) => n % 800 }),
        (pdu, flips) => {
          const frame = request(US, pdu);
          const bits = new Set(flips.map((n) => (n % 800) % (8 * frame.length)));
          for (const bit of bits) frame[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          expect(hear(frame)).toEqual([]);
        },
      ),
    );
  });

  test('noise alone is never executed', () => {
    fc.assert(
      fc.property(noise, (bytes) => {
        expect(hear(bytes)).toEqual([]);
      }),
    );
  });

  test('noise never swallows the first good request after a silence', () => {
    fc.assert(
      fc.property(noise, ourRequest, (before, pdu) => {
        const line = newLine(ours);
        feed(line, before);
        idle(line);
        expect(shown(feed(line, request(US, pdu)))).toEqual([`1: ${hex(bytes(pdu))}`]);
      }),
    );
  });

  test('a good request right behind noise is found at the latest when the line falls silent', () => {
    fc.assert(
      // Noise that begins like a longer frame may hold the request back until then, but not hide it.
      fc.property(noise, ourRequest, (before, pdu) => {
        const line = newLine(ours);
        const found = [...feed(line, before), ...feed(line, request(US, pdu)), ...idle(line)];
        // `03 C0 01 10 00` is an intact refusal of unit 3: a CRC of 16 bits fits by chance now and then, and takes our first bytes.
        fc.pre(line.counters.foreignFrames === 0);
        expect(shown(found)).toEqual([`1: ${hex(bytes(pdu))}`]);
      }),
    );
  });

  test('noise right behind a request does not undo it', () => {
    fc.assert(
      fc.property(noise, ourRequest, (after, pdu) => {
        expect(hear(joined(request(US, pdu), after))).toEqual([`1: ${hex(bytes(pdu))}`]);
      }),
    );
  });

  test('what is kept is bounded, though an unknown function may be of any length', () => {
    const line = newLine(ours);
    for (let i = 0; i < 1000; i++) {
      feed(line, Uint8Array.of(US, 0x41, i));
      expect(line.rest.length).toBeLessThanOrEqual(512);
    }
  });
});

describe('other slaves on the line', () => {
  test('an unanswered request to another does not hide the next one to us', () => {
    expect(hear(joined(request(2, '03 00 00 00 02'), request(US, '03 01 00 00 01')))).toEqual([
      '1: 03 01 00 00 01',
    ]);
  });

  test('a payload of another that looks like a write to us is not executed, however it is cut', () => {
    const trap = request(US, '06 01 80 00 07');
    const frame = request(2, `03 08 ${hex(trap)}`);
    for (let cut = 1; cut < frame.length; cut++)
      expect(hear(frame.subarray(0, cut), frame.subarray(cut))).toEqual([]);
  });

  test('an answer in our name is nothing to obey', () => {
    const line = newLine(ours);
    expect(shown(feed(line, request(US, '83 02')))).toEqual([]);
    expect(line.counters.foreignFrames).toBe(1);
  });
});

describe('what only silence can tell', () => {
  test('an unknown function for us is known when the line falls silent, not before', () => {
    const line = newLine(ours);
    expect(feed(line, request(US, '64 01 02 03'))).toEqual([]);
    expect(shown(idle(line))).toEqual(['1: 64 01 02 03']);
    expect(idle(line)).toEqual([]);
  });

  test('half a frame is forgotten when the line falls silent, and counted', () => {
    const line = newLine(ours);
    feed(line, request(US, '03 01 00 00 01').subarray(0, 5));
    idle(line);
    expect([line.rest.length, line.counters.resyncBytes]).toEqual([0, 5]);
  });
});

describe('an adapter that gives back what we send', () => {
  const write = request(US, '06 01 80 00 07');

  test('the echo is dropped, in any pieces, and what follows is heard', () => {
    for (let cut = 0; cut <= write.length; cut++) {
      const line = newLine(ours, true);
      line.echo.expect(write);
      const found = [feed(line, write.subarray(0, cut)), feed(line, joined(write.subarray(cut), write))];
      expect(shown(found.flat())).toEqual(['1: 06 01 80 00 07']);
    }
  });

  test('an echo that does not come does not cost the next request', () => {
    const line = newLine(ours, true);
    line.echo.expect(write);
    idle(line);
    expect(feed(line, write)).toHaveLength(1);
  });

  test('without the option a repeated write is a repeated write', () => {
    const line = newLine(ours);
    line.echo.expect(write);
    expect(feed(line, write)).toHaveLength(1);
  });
});
