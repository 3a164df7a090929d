import { crc16 } from '../bytes/crc16.ts';
import { shapes } from '../bytes/field.ts';
import type { Answer, Framing } from './driver.ts';

/**
 * Modbus RTU as some units speak it over Bluetooth: unit, function, length, data, CRC (low byte first). An exception is unit,
 * function + 0x80, code, CRC. The length is the only end mark: answers come in pieces of any size.
 */
const HEAD = 3;
const TAIL = 2;
const EXCEPTION = 0x80;
const EXCEPTION_BYTES = 5;
/** One register is written; the answer is the request again. */
export const WRITE = 6;
const WRITE_MANY = 0x10;
const REQUEST_BYTES = 8;

/** What is asked for: registers of functions 3 and 4, coils of function 1. */
export interface Block {
  readonly fn: 1 | 3 | 4;
  readonly register: number;
  readonly count: number;
}

const exceptions: { readonly [code: number]: string } = {
  1: 'unknown function',
  2: 'unknown register',
  3: 'wrong count',
  4: 'its own failure',
  5: 'needs time',
  6: 'busy',
  10: 'no way to it',
  11: 'the unit behind it is silent',
};

/** What the code of an exception says. */
export const exceptionText = (code: number): string => exceptions[code] ?? `Modbus exception ${code}`;

/** Data bytes of the answer. */
export const bytesOf = ({ fn, count }: Pick<Block, 'fn' | 'count'>): number =>
  fn === 1 ? Math.ceil(count / 8) : shapes.u16be.bytes * count;

const withCrc = (bytes: readonly number[]): Uint8Array => {
  const crc = crc16(Uint8Array.from(bytes));
  return Uint8Array.of(...bytes, crc & 0xff, crc >> 8);
};

export const readRequest = (unit: number, { fn, register, count }: Block): Uint8Array =>
  withCrc([unit, fn, register >> 8, register & 0xff, count >> 8, count & 0xff]);

/** Writes this into one register. */
export const writeRequest = (unit: number, register: number, value: number): Uint8Array =>
  withCrc([unit, WRITE, register >> 8, register & 0xff, value >> 8, value & 0xff]);

/** Registers that a frame writes. */
export interface Write {
  readonly unit: number;
  readonly register: number;
  readonly count: number;
}

/** What may be the first bytes of a write, whatever follows; undefined where they are none. */
export function writeBegunBy(bytes: Uint8Array): Write | undefined {
  const [unit = 0, fn, r1 = 0, r0 = 0, n1 = 0, n0 = 0] = bytes;
  const write = { unit, register: 256 * r1 + r0 };
  if (fn === WRITE) return { ...write, count: 1 };
  return fn === WRITE_MANY ? { ...write, count: 256 * n1 + n0 } : undefined;
}

const hasCrc = (frame: Uint8Array): boolean => {
  const [low = 0, high = 0] = frame.subarray(-TAIL);
  return crc16(frame, 0, frame.length - TAIL) === high * 256 + low;
};

/** The registers that this frame reads; undefined where it is no whole read request of that unit. */
export function readBy(frame: Uint8Array, ask: number): Block | undefined {
  const [unit, fn, r1 = 0, r0 = 0, n1 = 0, n0 = 0] = frame;
  const isRequest = frame.length === REQUEST_BYTES && unit === ask && (fn === 1 || fn === 3 || fn === 4);
  return isRequest && hasCrc(frame) ? { fn, register: 256 * r1 + r0, count: 256 * n1 + n0 } : undefined;
}

export const dataOf = (frame: Uint8Array): Uint8Array => frame.subarray(HEAD, -TAIL);

/** Data bytes that a request asks for; undefined for what is no read request. */
function wantedBytes([, fn, , , high, low]: Uint8Array): number | undefined {
  if (high === undefined || low === undefined || (fn !== 1 && fn !== 3 && fn !== 4)) return undefined;
  return bytesOf({ fn, count: high * 256 + low });
}

export interface ModbusFrames {
  /** Functions that the family is asked with. */
  readonly fns: readonly number[];
  readonly isUnit: (address: number) => boolean;
  /** Data bytes of its longest answer; a start that claims more is a false one. */
  readonly longest: number;
  /** The unit as which one answers that is asked; left out, both are the same. */
  readonly answersAs?: (asked: number) => number;
}

/** Words have two bytes, coils need no even number. */
const isLength = (fn: number, bytes: number): boolean => bytes > 0 && (fn === 1 || bytes % 2 === 0);

export const modbusFraming = ({
  fns,
  isUnit,
  longest,
  answersAs = (asked) => asked,
}: ModbusFrames): Framing => ({
  measure: ([unit, fn, length]) => {
    if (unit === undefined || !isUnit(unit)) return 'not-a-frame';
    if (fn === undefined) return 'need-more';
    if (fns.includes(fn - EXCEPTION)) return EXCEPTION_BYTES;
    if (!fns.includes(fn)) return 'not-a-frame';
    if (fn === WRITE) return REQUEST_BYTES;
    if (length === undefined) return 'need-more';
    return isLength(fn, length) && length <= longest ? HEAD + length + TAIL : 'not-a-frame';
  },
  intact: hasCrc,
  /** A repeated first piece then costs its own bytes and nothing else; the torn start of an answer keeps no refusal waiting. */
  begins: (bytes, request) => {
    const [unit, fn = 0, length] = bytes;
    const [asked, askedFn = 0] = request ?? [];
    if (!request || asked === undefined || unit !== answersAs(asked)) return false;
    if (fn === askedFn + EXCEPTION) return bytes.length === EXCEPTION_BYTES;
    return fn === askedFn && length !== undefined && length === wantedBytes(request);
  },
});

const hex = (fn: number): string => `0x${fn.toString(16).padStart(2, '0')}`;
const rejected = (why: string): Answer => ({ kind: 'rejected', why });

/**
 * Why an intact frame is not the data that the request asks for; undefined when it may be. An answer does not name its
 * register: unit, function and length are all that can be held against the request.
 */
export function objection(frame: Uint8Array, request: Uint8Array | undefined): Answer | undefined {
  const [unit = 0, fn = 0, third = 0] = frame;
  if (request && unit !== request[0])
    return rejected(`unit ${unit} answers while unit ${request[0]} is asked`);
  const refusal = fn >= EXCEPTION;
  const asked = refusal ? fn - EXCEPTION : fn;
  if (request && asked !== request[1])
    return rejected(`answers function ${hex(asked)} while ${hex(request[1] ?? 0)} is asked`);
  if (refusal) return { kind: 'refused', why: `unit ${unit} refused: ${exceptionText(third)}` };
  const wanted = request && wantedBytes(request);
  if (wanted !== undefined && third !== wanted)
    return rejected(`answers with ${third} data bytes while ${wanted} are asked`);
  return undefined;
}
