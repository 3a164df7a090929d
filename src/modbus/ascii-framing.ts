// Finds Pylontech ASCII frames in a stream of characters: `~` always begins a new one. No timer, no port.
import { type AsciiFrame, type Damage, LONGEST_FRAME, readAscii } from '../profile/serial/ascii-frame.ts';
import type { CodecCounters } from './codec-battery.ts';

const TILDE = 0x7e;
const CR = 0x0d;

/** What is known of one line between two arrivals. */
export interface AsciiLine {
  readonly counters: Pick<CodecCounters, 'resyncBytes'>;
  /** Characters since the last `~`; undefined outside of a frame. */
  begun: string | undefined;
}

export const newAsciiLine = (counters: AsciiLine['counters']): AsciiLine => ({ counters, begun: undefined });

/** The line has been silent, or what was begun was no frame: it is forgotten. */
export function forget(line: AsciiLine): void {
  if (line.begun !== undefined) line.counters.resyncBytes += line.begun.length + 1;
  line.begun = undefined;
}

function take(line: AsciiLine, byte: number): AsciiFrame | Damage | undefined {
  if (byte === TILDE) {
    forget(line);
    line.begun = '';
    return undefined;
  }
  const { begun } = line;
  if (begun === undefined) {
    line.counters.resyncBytes++;
    return undefined;
  }
  if (byte === CR) {
    line.begun = undefined;
    return readAscii(begun);
  }
  line.begun = begun + String.fromCharCode(byte);
  if (line.begun.length > LONGEST_FRAME - 2) forget(line);
  return undefined;
}

/** Takes what arrived, in pieces of any size, and gives the frames that are now complete, in order. */
export function feed(line: AsciiLine, bytes: Uint8Array): (AsciiFrame | Damage)[] {
  const found: (AsciiFrame | Damage)[] = [];
  for (const byte of bytes) {
    const frame = take(line, byte);
    if (frame) found.push(frame);
  }
  return found;
}
