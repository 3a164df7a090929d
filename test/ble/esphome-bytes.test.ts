import { createESPHomeHandshake } from 'esphome-client';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressText, advertOf } from '../../src/ble/esphome-advert.ts';
import { type Frames, noiseFrames, plainFrames, type Raw } from '../../src/ble/esphome-frames.ts';
import { messageOf } from '../../src/ble/esphome-messages.ts';
import { troubleOf } from '../../src/ble/esphome-trouble.ts';
import { GatewayError } from '../../src/model/errors.ts';
import { noiseServer, plainServer, type ServerFrames } from './esphome/framing.ts';
import { encode, zigzag } from './esphome/protobuf.ts';

const trouble = troubleOf('garage', 6053);
const KEY = Buffer.alloc(32, 7);
const bytes = fc.uint8Array({ maxLength: 400 }).map((all) => Buffer.from(all));
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 });
const messages = fc.array(fc.record({ id: fc.integer({ min: 1, max: 200 }), body: bytes }), { maxLength: 8 });

/** The same bytes in pieces of these sizes, again and again. */
function inPieces(all: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, i = 0; at < all.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    pieces.push(all.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

function encrypted(heard: (id: number, body: Buffer) => void): { ours: Frames; theirs: ServerFrames } {
  const ours = noiseFrames(createESPHomeHandshake({ psk: KEY }), trouble);
  const write = (answer: Buffer) => void ours.take(answer);
  const options = { name: 'garage', write, end: () => {}, message: heard };
  const theirs = noiseServer(KEY.toString('base64'), options);
  theirs.take(Buffer.from(ours.opening));
  return { ours, theirs };
}

const plain = (heard: (id: number, body: Buffer) => void) => ({
  ours: plainFrames(trouble),
  theirs: plainServer({ name: 'garage', write: () => {}, end: () => {}, message: heard }),
});

const plainOf = ({ id, body }: Raw) => ({ id, body: Buffer.from(body).toString('hex') });

describe.each([
  ['in the clear', plain],
  ['encrypted', encrypted],
])('messages %s', (_name, both) => {
  test('come out as they went in, however the network cuts them', () => {
    fc.assert(
      fc.property(messages, cuts, (all, sizes) => {
        const { ours, theirs } = both(() => {});
        const sent = Buffer.concat(all.map(({ id, body }) => theirs.wrap(id, body)));
        const came = inPieces(sent, sizes).flatMap((piece) => ours.take(piece).map(plainOf));
        expect(came).toEqual(all.map(plainOf));
      }),
      { numRuns: 50 },
    );
  });

  test('are what the proxy understands', () => {
    const heard: Raw[] = [];
    const { ours, theirs } = both((id, body) => heard.push({ id, body: Buffer.from(body) }));
    const sent = { id: 68, body: Buffer.from('08818080808002', 'hex') };
    theirs.take(Buffer.from(ours.wrap(sent)));
    expect(heard).toEqual([sent]);
  });

  test('that are noise end in one sentence, never otherwise', () => {
    fc.assert(
      fc.property(bytes, (noise) => {
        const { ours } = both(() => {});
        try {
          ours.take(noise);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
        }
      }),
    );
  });
});

test('one damaged encrypted byte ends the connection', () => {
  const { ours, theirs } = encrypted(() => {});
  const sent = theirs.wrap(8, Buffer.alloc(0));
  sent[10] = (sent[10] ?? 0) ^ 1;
  expect(() => ours.take(sent)).toThrow(
    'garage:6053: a message was damaged on the way; it is opened again by itself',
  );
});

describe('a message', () => {
  test('takes zeros for what was left out, and passes over fields that it does not know', () => {
    expect(messageOf(81, encode({ 2: 3, 9: 'new', 10: 5 }))).toEqual({ name: 'free', free: 0, limit: 3 });
  });

  test('carries negative numbers', () => {
    expect(messageOf(82, encode({ 1: 1n, 2: 4, 3: -1 }))).toEqual({
      name: 'gattError',
      address: 1n,
      handle: 4,
      error: -1,
    });
  });

  test('reads a row of numbers that is packed', () => {
    const packed = encode({ 2: { each: [encode({ 1: Buffer.from([5, 6]), 2: 7 })] } });
    expect(messageOf(71, packed)).toMatchObject({ services: [{ uuid: [5n, 6n] }] });
  });

  test('that nobody needs is nothing', () => {
    expect(messageOf(25, Buffer.from('0d0000'))).toBeUndefined();
  });
});

describe('raw advertising data', () => {
  const advert = (hex: string) =>
    advertOf({ address: 0xa4c138000001n, rssi: -71, addressType: 0, data: Buffer.from(hex, 'hex') });

  test.each([
    ['a short name', '05084a424431', { name: 'JBD1', services: [] }],
    ['16-bit services', '050200ffe0ff', { services: ['ff00', 'ffe0'] }],
    ['32-bit services', '0505e0ff0000', { services: ['ffe0'] }],
    [
      'a vendor service',
      '1107efcdab89674523011032547698badcfe',
      { services: ['fedcba98765432100123456789abcdef'] },
    ],
    ['the long form of a short service', '1106fb349b5f800000800010000000ff0000', { services: ['ff00'] }],
    ['a maker', '05ff650b0102', { companyId: 0x0b65 }],
    ['an end in zeros', '0201060000000000', { services: [] }],
    ['a structure that is cut off', '0201061e094a4b', { services: [] }],
  ])('%s', (_name, hex, expected) => {
    expect(advert(hex)).toMatchObject({ address: 'A4:C1:38:00:00:01', rssiDbm: -71, ...expected });
  });

  test('of any bytes at all is an advert', () => {
    fc.assert(
      fc.property(bytes, (data) => {
        expect(advertOf({ address: 1n, rssi: 0, addressType: 0, data }).address).toBe(addressText(1n));
      }),
    );
  });

  test('has a strength that may be negative', () => {
    const [advert] = [encode({ 1: 1n, 2: zigzag(-60), 4: Buffer.of(2, 1, 6) })];
    expect(messageOf(93, encode({ 1: { each: [advert] } }))).toMatchObject({ adverts: [{ rssi: -60 }] });
  });
});
