// One frame of the Kostal/BYD protocol, made and read (RS485 reference, section 12). No port, no timer.

/** `pointer, function, FF 02 FF 29, content, checksum, 00`. A function byte with bit 7 is an answer. */
const ADDRESS = [0xff, 0x02, 0xff, 0x29] as const;
export const HEADER = 1 + 1 + ADDRESS.length;
/** Checksum and the closing zero. */
export const TAIL = 2;
/** A pointer is one byte. */
export const LONGEST_FRAME = 255;

/** `read` and `write` are what a master sends. */
export const kinds = { read: 0x62, write: 0x63, told: 0xe2, taken: 0xe3 } as const;

export interface KostalFrame {
  /** One of `kinds` if the frame is of this protocol. */
  readonly kind: number;
  readonly content: Uint8Array;
}

/** Two's complement of the sum of all bytes after the first; of an intact frame with its checksum it is 0. */
export const kostalSum = (bytes: Uint8Array): number =>
  -bytes.subarray(1).reduce((sum, byte) => sum + byte, 0) & 0xff;

/** Every zero, the first byte too, becomes the distance to the next zero; only the last one stays. */
export function stuffed(plain: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(plain);
  let last = 0;
  for (let at = 1; at < plain.length; at++) {
    if (plain[at] !== 0) continue;
    bytes[last] = at - last;
    last = at;
  }
  return bytes;
}

/** The zeros put back, the first byte too; undefined when the pointers do not lead to the end. */
export function unstuffed(frame: Uint8Array): Uint8Array | undefined {
  const bytes = new Uint8Array(frame);
  let at = 0;
  while (at < frame.length - 1) {
    const distance = frame[at] ?? 0;
    if (distance === 0) return undefined;
    bytes[at] = 0;
    at += distance;
  }
  return at === frame.length - 1 && frame[at] === 0 ? bytes : undefined;
}

/** The whole frame as it goes over the wire; `content` has at most 247 bytes. */
export function kostalFrame({ kind, content }: KostalFrame): Uint8Array {
  const plain = new Uint8Array(HEADER + content.length + TAIL);
  plain.set([0, kind, ...ADDRESS]);
  plain.set(content, HEADER);
  plain[plain.length - TAIL] = kostalSum(plain);
  return stuffed(plain);
}

export const isHeaded = (plain: Uint8Array): boolean =>
  plain.length >= HEADER + TAIL && ADDRESS.every((byte, i) => plain[2 + i] === byte);

/** Reads one frame with its closing zero; undefined when it is damaged or of another protocol. */
export function readKostal(frame: Uint8Array): KostalFrame | undefined {
  const plain = unstuffed(frame);
  if (!plain || !isHeaded(plain) || kostalSum(plain) !== 0) return undefined;
  return { kind: plain[1] ?? 0, content: plain.slice(HEADER, -TAIL) };
}
