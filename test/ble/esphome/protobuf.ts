// Protocol Buffers by hand, for the proxy's side.

/** Field number to value: numbers as varints, texts, bytes, and messages in a row. Zeros are left out, as ESPHome does. */
export type Wire = { readonly [field: number]: number | bigint | boolean | string | Uint8Array | Repeated };
export interface Repeated {
  readonly each: readonly (Uint8Array | bigint)[];
}

function varint(value: bigint): number[] {
  const rest = BigInt.asUintN(64, value);
  return rest < 0x80n ? [Number(rest)] : [Number(rest & 0x7fn) | 0x80, ...varint(rest >> 7n)];
}

const number = (field: number, value: bigint) =>
  Buffer.from([...varint(BigInt(field) << 3n), ...varint(value)]);
const bytes = (field: number, value: Uint8Array) =>
  Buffer.concat([
    Buffer.from([...varint((BigInt(field) << 3n) | 2n), ...varint(BigInt(value.length))]),
    value,
  ]);

function one(field: number, value: Wire[number]): Buffer {
  if (typeof value === 'string') return bytes(field, Buffer.from(value));
  if (value instanceof Uint8Array) return bytes(field, value);
  if (typeof value === 'object')
    return Buffer.concat(value.each.map((v) => (typeof v === 'bigint' ? number(field, v) : bytes(field, v))));
  const whole = BigInt(value);
  return whole === 0n ? Buffer.alloc(0) : number(field, whole);
}

export const encode = (wire: Wire): Buffer =>
  Buffer.concat(Object.entries(wire).map(([field, value]) => one(Number(field), value)));

/** For `sint32`. */
export const zigzag = (value: number): bigint => BigInt(value < 0 ? -2 * value - 1 : 2 * value);

/** What stands in each field, the last one of each. */
export function decode(body: Buffer): { number(field: number): bigint; bytes(field: number): Buffer } {
  const numbers = new Map<number, bigint>();
  const blobs = new Map<number, Buffer>();
  let at = 0;
  const next = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = BigInt(body.readUInt8(at++));
      value |= (byte & 0x7fn) << shift;
      if (byte < 0x80n) return value;
    }
  };
  while (at < body.length) {
    const tag = Number(next());
    if ((tag & 7) === 0) numbers.set(tag >> 3, next());
    else {
      const end = Number(next()) + at;
      blobs.set(tag >> 3, body.subarray(at, end));
      at = end;
    }
  }
  return {
    number: (field) => numbers.get(field) ?? 0n,
    bytes: (field) => blobs.get(field) ?? Buffer.alloc(0),
  };
}
