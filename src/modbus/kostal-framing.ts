// Finds Kostal/BYD frames in a stream of bytes: a zero ends each. No timer, no port.
import { joined } from '../bytes/joined.ts';
import { type KostalFrame, LONGEST_FRAME, readKostal } from '../profile/serial/kostal-frame.ts';
import type { CodecCounters } from './codec-battery.ts';

/** What is known of one line between two arrivals. */
export interface KostalLine {
  readonly counters: Pick<CodecCounters, 'resyncBytes' | 'crcErrors'>;
  rest: Uint8Array;
}

const NOTHING = new Uint8Array();
/** Pointer, header, checksum and end: less is noise. */
const SHORTEST = 8;

export const newKostalLine = (counters: KostalLine['counters']): KostalLine => ({ counters, rest: NOTHING });

/** The line has been silent: what is incomplete will not be completed. */
export function forget(line: KostalLine): void {
  line.counters.resyncBytes += line.rest.length;
  line.rest = NOTHING;
}

/** The intact frame that a stretch ends with, whatever noise stands before it. */
function lastFrame(line: KostalLine, stretch: Uint8Array): KostalFrame[] {
  for (let at = 0; at + SHORTEST <= stretch.length; at++) {
    const frame = readKostal(stretch.subarray(at));
    if (!frame) continue;
    line.counters.resyncBytes += at;
    return [frame];
  }
  if (stretch.length >= SHORTEST) line.counters.crcErrors++;
  else line.counters.resyncBytes += stretch.length;
  return [];
}

/** Takes what arrived, in pieces of any size, and gives the frames that are now complete, in order. */
export function feed(line: KostalLine, bytes: Uint8Array): KostalFrame[] {
  const found: KostalFrame[] = [];
  let rest = joined(line.rest, bytes);
  for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
    const first = Math.max(0, end + 1 - LONGEST_FRAME);
    line.counters.resyncBytes += first;
    found.push(...lastFrame(line, rest.subarray(first, end + 1)));
    rest = rest.subarray(end + 1);
  }
  line.counters.resyncBytes += Math.max(0, rest.length - LONGEST_FRAME);
  line.rest = rest.slice(-LONGEST_FRAME);
  return found;
}
