import type { Framing } from './driver.ts';

/**
 * JBD frames (BLE reference 1.2). Asked: DD, A5 (read) or 5A (write), register, LEN, data, checksum, 77.
 * Answered: DD, register, status, LEN, data, checksum, 77. All numbers are big-endian.
 */
export const START = 0xdd;
const END = 0x77;
const HEAD = 4;
const TAIL = 3;

export const READ = 0xa5;
export const WRITE = 0x5a;
export const STATUS_DONE = 0x00;
export const STATUS_REFUSED = 0x80;

/** What a status other than 0 says. */
export const statusText: { readonly [status: number]: string } = {
  128: 'unknown register',
  129: 'not allowed',
  130: 'checksum of the request is wrong',
  131: 'wrong password',
};

/** Negative sum of the third byte to the last data byte, 16 bits: an empty "done" has the checksum 0000. */
const checksum = (frame: Uint8Array): number =>
  -frame.subarray(2, -TAIL).reduce((sum, byte) => sum + byte, 0) & 0xffff;

/** A frame of either direction: the second and third byte are `READ, register` or `register, status`. */
export function frameOf(second: number, third: number, data: ArrayLike<number> = []): Uint8Array {
  const frame = new Uint8Array(HEAD + data.length + TAIL);
  frame.set([START, second, third, data.length]);
  frame.set(data, HEAD);
  const sum = checksum(frame);
  frame.set([sum >> 8, sum & 0xff, END], frame.length - TAIL);
  return frame;
}

export const dataOf = (frame: Uint8Array): Uint8Array => frame.subarray(HEAD, -TAIL);

const isStatus = (byte: number | undefined): boolean =>
  byte !== undefined && (byte === STATUS_DONE || byte in statusText);

export const jbdFraming = {
  measure: (bytes) =>
    bytes[0] !== START ? 'not-a-frame' : bytes[3] === undefined ? 'need-more' : HEAD + bytes[3] + TAIL,
  intact: (frame) => {
    const [high = 0, low = 0, end] = frame.subarray(-TAIL);
    return end === END && checksum(frame) === high * 256 + low;
  },
  /** BLE reference 1.3, step 2: a duplicated first notification then costs nothing. */
  begins: ([start, register, status], request) =>
    start === START && register === request?.[2] && isStatus(status),
} as const satisfies Framing;
