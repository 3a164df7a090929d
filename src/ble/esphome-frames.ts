import type { Trouble } from './esphome-trouble.ts';

/** One message as it crosses the network: its number and its bytes. */
export interface Raw {
  readonly id: number;
  readonly body: Uint8Array;
}

/** How messages lie on one connection, in the clear or encrypted. */
export interface Frames {
  /** What we send first. */
  readonly opening: Uint8Array;
  /** Messages may be sent. */
  readonly isOpen: () => boolean;
  readonly wrap: (message: Raw) => Uint8Array;
  /** The messages that are complete with these bytes. Throws the one sentence when the proxy speaks otherwise. */
  readonly take: (bytes: Uint8Array) => readonly Raw[];
}

/** The part of a Noise handshake that is used here. */
export interface Handshake {
  readonly writeMessage: () => Uint8Array;
  readonly readMessage: (message: Buffer) => unknown;
  readonly sendCipher: { EncryptWithAd(ad: Buffer, plain: Buffer): Uint8Array } | undefined;
  readonly receiveCipher: { DecryptWithAd(ad: Buffer, bytes: Buffer): Buffer } | undefined;
}

const PLAIN = 0x00;
const NOISE = 0x01;
const NO_BYTES = Buffer.alloc(0);
/** Far above what a proxy sends, far below what would hurt. */
const LONGEST = 65_535;
const LONGEST_VARINT = 3;

export const KEY_REMEDY = "copy the key from the proxy's YAML (`api: encryption: key:`) into its `key_file`";

const garbled = (trouble: Trouble, why: string) =>
  trouble(why, 'look whether this address is an ESPHome device with `api:` in its YAML');

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** The number at this place and where the next thing begins; undefined while it is not complete. */
function varintAt(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let i = 0; i <= LONGEST_VARINT; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return { value: Number.POSITIVE_INFINITY, next: at };
}

/** Cuts off one piece after the other until the rest is incomplete. */
function cutter<T>(cut: (bytes: Buffer) => { piece: T; size: number } | undefined) {
  let rest: Buffer = NO_BYTES;
  return (bytes: Uint8Array, use: (piece: T) => void): void => {
    rest = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes]);
    for (let next = cut(rest); next; next = cut(rest)) {
      rest = rest.subarray(next.size);
      use(next.piece);
    }
  };
}

/** 00, length, number, message. */
export function plainFrames(trouble: Trouble): Frames {
  const each = cutter((bytes): { piece: Raw; size: number } | undefined => {
    const [first] = bytes;
    if (first === undefined) return undefined;
    if (first === NOISE) throw trouble('it wants its encryption key', KEY_REMEDY);
    if (first !== PLAIN) throw garbled(trouble, 'it does not speak the ESPHome API');
    const length = varintAt(bytes, 1);
    const id = length && varintAt(bytes, length.next);
    if (!id) return undefined;
    if (length.value > LONGEST || id.value > LONGEST)
      throw garbled(trouble, 'what it sends is no ESPHome message');
    const size = id.next + length.value;
    if (bytes.length < size) return undefined;
    return { piece: { id: id.value, body: bytes.subarray(id.next, size) }, size };
  });
  return {
    opening: NO_BYTES,
    isOpen: () => true,
    wrap: ({ id, body }) => Buffer.concat([Buffer.of(PLAIN, ...varint(body.length), ...varint(id)), body]),
    take: (bytes) => {
      const messages: Raw[] = [];
      each(bytes, (message) => messages.push(message));
      return messages;
    },
  };
}

/** 01, length in two bytes, bytes. */
const noiseFrame = (...parts: readonly Uint8Array[]): Uint8Array => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(NOISE, body.length >> 8, body.length & 0xff), body]);
};

const cutNoise = (trouble: Trouble) =>
  cutter((bytes): { piece: Buffer; size: number } | undefined => {
    if (bytes[0] === PLAIN)
      throw trouble(
        'it has no encryption key, but its `key_file` is configured',
        "add `api: encryption: key:` to the proxy's YAML, or take `key_file` away",
      );
    if (bytes[0] !== undefined && bytes[0] !== NOISE)
      throw garbled(trouble, 'it does not speak the ESPHome API');
    if (bytes.length < 3) return undefined;
    const size = 3 + bytes.readUInt16BE(1);
    return bytes.length < size ? undefined : { piece: bytes.subarray(3, size), size };
  });

/** Inside the encryption: number, length, message. */
function unsealed(plain: Buffer): Raw {
  return { id: plain.readUInt16BE(0), body: plain.subarray(4, 4 + plain.readUInt16BE(2)) };
}

/**
 * Noise_NNpsk0_25519_ChaChaPoly_SHA256. Our two opening frames (an empty greeting, the handshake) need nothing of the
 * proxy's greeting, so they leave together; then come its greeting, its handshake, and messages.
 */
export function noiseFrames(handshake: Handshake, trouble: Trouble): Frames {
  const each = cutNoise(trouble);
  let step: 'greeting' | 'handshake' | 'messages' = 'greeting';
  const wrongKey = (cause?: unknown) => trouble('the encryption key is wrong', KEY_REMEDY, cause);

  const shake = (frame: Buffer) => {
    if (frame[0] !== 0) throw wrongKey(new Error(frame.toString('latin1', 1)));
    try {
      handshake.readMessage(frame.subarray(1));
    } catch (error) {
      throw wrongKey(error);
    }
  };

  const open = (frame: Buffer): Raw => {
    try {
      return unsealed(handshake.receiveCipher?.DecryptWithAd(NO_BYTES, frame) ?? NO_BYTES);
    } catch (error) {
      throw trouble('a message was damaged on the way', 'it is opened again by itself', error);
    }
  };

  const take = (frame: Buffer): Raw[] => {
    if (step === 'messages') return [open(frame)];
    // The only greeting there is begins with 1; a proxy that refuses at once sends its reason as a failed handshake.
    if (step === 'greeting' && frame[0] !== NOISE) throw garbled(trouble, 'it wants another encryption');
    if (step === 'handshake') shake(frame);
    step = step === 'greeting' ? 'handshake' : 'messages';
    return [];
  };

  return {
    opening: Buffer.concat([noiseFrame(), noiseFrame(Buffer.of(0), handshake.writeMessage())]),
    isOpen: () => step === 'messages',
    wrap: ({ id, body }) => {
      const head = Buffer.of(id >> 8, id & 0xff, body.length >> 8, body.length & 0xff);
      const sealed = handshake.sendCipher?.EncryptWithAd(NO_BYTES, Buffer.concat([head, body]));
      return noiseFrame(sealed ?? NO_BYTES);
    },
    take: (bytes) => {
      const messages: Raw[] = [];
      each(bytes, (frame) => messages.push(...take(frame)));
      return messages;
    },
  };
}
