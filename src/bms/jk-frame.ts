import type { Framing } from './driver.ts';

/**
 * JK frames (BLE reference 2.1 and 2.2). Asked: AA 55 90 EB, command, zeros, sum; 20 bytes. Answered: 55 AA EB 90, type, counter,
 * data, sum; 300 bytes, whatever comes behind them. All numbers are little-endian.
 */
const ASKED = [0xaa, 0x55, 0x90, 0xeb] as const;
const ANSWERED = [0x55, 0xaa, 0xeb, 0x90] as const;
/** `AT\r\n`: the radio module talks to its own UART, before, behind or between the frames. */
const MODULE = [0x41, 0x54, 0x0d, 0x0a] as const;

const HEAD = 4;
const ASKED_BYTES = 20;
const ANSWERED_BYTES = 300;

interface Shape {
  readonly head: readonly number[];
  readonly length: number;
}

/** What is heard: answers, the 20-byte "ready" that looks like a command (C8), the module's own text. */
const shapes: readonly Shape[] = [
  { head: ANSWERED, length: ANSWERED_BYTES },
  { head: ASKED, length: ASKED_BYTES },
  { head: MODULE, length: MODULE.length },
];

const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);

const begins = (bytes: Uint8Array, head: readonly number[]): boolean =>
  head.every((byte, i) => i >= bytes.length || bytes[i] === byte);

/** A request: without a value, or with one of up to 4 bytes behind its length. */
export function requestOf(command: number, value: readonly number[] = []): Uint8Array {
  const frame = new Uint8Array(ASKED_BYTES);
  frame.set([...ASKED, command, value.length, ...value]);
  frame.set([sumOf(frame)], ASKED_BYTES - 1);
  return frame;
}

/** The command of what may be the first bytes of a request; undefined where it is none. */
export const commandOf = (bytes: Uint8Array): number | undefined =>
  begins(bytes, ASKED) ? bytes[ASKED.length] : undefined;

/** Answers among what is heard; the rest is the small talk of module and board. */
export const isAnswer = (frame: Uint8Array): boolean => frame.length === ANSWERED_BYTES;
export const isSmallTalk = (frame: Uint8Array): boolean => frame.length === MODULE.length;

export const jkFraming = {
  measure: (bytes) => {
    const shape = shapes.find(({ head }) => begins(bytes, head));
    if (!shape) return 'not-a-frame';
    return bytes.length < HEAD ? 'need-more' : shape.length;
  },
  intact: (frame) => isSmallTalk(frame) || sumOf(frame.subarray(0, -1)) === frame.at(-1),
  /** BLE reference 2.2: a notification that starts like an answer is one, so that what went before is over. */
  begins: (notification) => notification.length >= HEAD && begins(notification, ANSWERED),
} as const satisfies Framing;
