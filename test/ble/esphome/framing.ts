// How a proxy frames its messages, in the clear or encrypted: the other side of src/ble/esphome-frames.ts.
import { type Cipher, respond } from './noise.ts';

export interface ServerFrames {
  /** What the client sent: whole messages, as soon as there are any. */
  take(bytes: Buffer): void;
  wrap(id: number, body: Buffer): Buffer;
}

interface ServerOptions {
  readonly name: string;
  readonly write: (bytes: Buffer) => void;
  readonly end: () => void;
  readonly message: (id: number, body: Buffer) => void;
}

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];

export function plainServer({ message, write, end }: ServerOptions): ServerFrames {
  let rest = Buffer.alloc(0);
  const numberAt = (at: number): [number, number] | undefined => {
    const [low, high] = [rest[at], rest[at + 1]];
    if (low === undefined || (low >= 0x80 && high === undefined)) return undefined;
    return low < 0x80 ? [low, at + 1] : [(low & 0x7f) | ((high ?? 0) << 7), at + 2];
  };
  const cut = (): boolean => {
    const [length, at] = numberAt(1) ?? [0, 0];
    const [id, begin] = (at && numberAt(at)) || [0, 0];
    if (begin === 0 || rest.length < begin + length) return false;
    const body = rest.subarray(begin, begin + length);
    rest = rest.subarray(begin + length);
    message(id, body);
    return true;
  };
  return {
    take(bytes) {
      rest = Buffer.concat([rest, bytes]);
      if (rest[0] === 1) {
        write(Buffer.from('\x00Bad indicator byte'));
        return end();
      }
      while (rest.length > 0 && cut());
    },
    wrap: (id, body) => Buffer.concat([Buffer.of(0, ...varint(body.length), ...varint(id)), body]),
  };
}

const frame = (body: Buffer) => {
  const head = Buffer.of(1, 0, 0);
  head.writeUInt16BE(body.length, 1);
  return Buffer.concat([head, body]);
};

export function noiseServer(key: string, { name, message, write, end }: ServerOptions): ServerFrames {
  let rest = Buffer.alloc(0);
  let prologue: Buffer | undefined;
  let ciphers: { receive: Cipher; send: Cipher } | undefined;

  const refuse = (why: string) => {
    write(frame(Buffer.concat([Buffer.of(1), Buffer.from(why)])));
    end();
  };
  const shake = (body: Buffer) => {
    if (!prologue) {
      const size = Buffer.alloc(2);
      size.writeUInt16BE(body.length);
      prologue = Buffer.concat([Buffer.from('NoiseAPIInit'), size, body]);
      return write(frame(Buffer.from(`\x01${name}\0aabbccddeeff\0`)));
    }
    try {
      const { answer, ...both } = respond(Buffer.from(key, 'base64'), prologue, body.subarray(1));
      write(frame(Buffer.concat([Buffer.of(0), answer])));
      ciphers = both;
    } catch {
      refuse('Handshake MAC failure');
    }
  };
  const use = (body: Buffer) => {
    if (!ciphers) return shake(body);
    const plain = ciphers.receive.unseal(body);
    message(plain.readUInt16BE(0), plain.subarray(4));
  };

  return {
    take(bytes) {
      rest = Buffer.concat([rest, bytes]);
      if (rest[0] === 0) return refuse('Bad indicator byte');
      while (rest.length >= 3 && rest.length >= 3 + rest.readUInt16BE(1)) {
        const end = 3 + rest.readUInt16BE(1);
        const body = rest.subarray(3, end);
        rest = rest.subarray(end);
        use(body);
      }
    },
    wrap(id, body) {
      const head = Buffer.alloc(4);
      head.writeUInt16BE(id, 0);
      head.writeUInt16BE(body.length, 2);
      return frame(ciphers?.send.seal(Buffer.concat([head, body])) ?? Buffer.alloc(0));
    },
  };
}
