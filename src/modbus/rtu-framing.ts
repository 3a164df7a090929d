// Finds Modbus RTU frames in a stream of bytes by length and CRC (RS485 reference, section 1.4). No timer, no port.
import { crc16 } from '../bytes/crc16.ts';
import { joined } from '../bytes/joined.ts';
import { type Echo, newEcho } from './echo.ts';
import { type Length, requestLength, responseLength } from './rtu-lengths.ts';

/** One intact request for one of our units, or for unit 0. The PDU has function code first and no CRC. */
export interface Request {
  readonly unit: number;
  readonly pdu: Uint8Array;
  /** How many bytes had come after it when it was found. */
  readonly behind: number;
}

export interface FramingCounters {
  /** Frames of the expected length whose CRC was wrong. */
  crcErrors: number;
  /** Bytes dropped to find the next frame. */
  resyncBytes: number;
  /** Intact frames of others. */
  foreignFrames: number;
  /** Bytes of our own that the adapter gave back. */
  echoBytes: number;
}

/** What is known of one line between two arrivals. */
export interface Line {
  /** Unit ids that are ours. */
  readonly units: { has(unit: number): boolean };
  readonly counters: FramingCounters;
  readonly echo: Echo;
  rest: Uint8Array;
  /** Where reads end in it that were heard while the line rested. */
  heardAt: readonly number[];
  /** The newest whole frame was of another, or is answered: its master waits for nothing of ours. */
  movedOn: boolean;
}

const NOTHING = new Uint8Array();
const LONGEST = 256;
/** What a byte count can claim. A master that writes too much is told so, not left without an answer. */
const LONGEST_REQUEST = 13 + 255;
const BOUND = 2 * LONGEST;
const LAST_UNIT = 247;

/** FC01 to FC04: all of one length, and none of them changes anything. */
const READ_LENGTH = 8;
const isRead = (code = 0): boolean => code >= 1 && code <= 4;

export const newCounters = (): FramingCounters => ({
  crcErrors: 0,
  resyncBytes: 0,
  foreignFrames: 0,
  echoBytes: 0,
});

/** `localEcho`: the adapter gives back what we send. */
export const newLine = (units: Line['units'], localEcho = false, counters = newCounters()): Line => ({
  units,
  counters,
  echo: newEcho(localEcho, counters),
  rest: NOTHING,
  heardAt: [],
  movedOn: false,
});

/** True when the first `length` bytes end with their own CRC, low byte first. */
const intact = (b: Uint8Array, length: number): boolean =>
  length >= 4 && crc16(b, 0, length - 2) === ((b[length - 2] ?? 0) | ((b[length - 1] ?? 0) << 8));

/** What stands at the head: an intact frame of that many bytes, one that may still come, or no frame. */
type Head = number | 'wait' | 'none';

function weigh(b: Uint8Array, length: Length, final: boolean, longest = LONGEST): Head {
  if (length === undefined || (length !== 'later' && length > longest)) return 'none';
  if (length === 'later' || length > b.length) return final ? 'none' : 'wait';
  return intact(b, length) ? length : 'none';
}

/** Ours: request forms only. What has no known form is decided when the line is idle. */
function ownHead(line: Line, b: Uint8Array, final: boolean): Head {
  const length = (b[1] ?? 0) < 0x80 ? requestLength(b) : 5;
  if (length === undefined) return final ? 'none' : 'wait';
  const head = weigh(b, length, final, LONGEST_REQUEST);
  if (head === 'none' && length !== 'later' && length <= b.length) line.counters.crcErrors++;
  return head;
}

/** Another's: request or response. If it could be both it is the shorter: a CRC stays right when zeros follow, such as a broadcast begins with. */
function foreignHead(b: Uint8Array, final: boolean): Head {
  const request = weigh(b, requestLength(b), final);
  const response = weigh(b, responseLength(b), final);
  if (typeof request === 'number' && typeof response === 'number') return Math.min(request, response);
  return response === 'none' || typeof request === 'number' ? request : response;
}

function headOf(line: Line, b: Uint8Array, final: boolean): Head {
  const unit = b[0] ?? 0;
  if (unit > LAST_UNIT) return 'none';
  if (b.length < 2) return final ? 'none' : 'wait';
  if (line.units.has(unit)) return ownHead(line, b, final);
  return unit === 0 ? weigh(b, requestLength(b), final) : foreignHead(b, final);
}

/** A frame with bit 7 in its function code is an answer, whoever sent it. */
const isForUs = (line: Line, frame: Uint8Array): boolean =>
  (frame[0] === 0 || line.units.has(frame[0] ?? 0)) && (frame[1] ?? 0) < 0x80;

function take(line: Line, frame: Uint8Array, behind: number, found: Request[]): void {
  const isOurs = isForUs(line, frame);
  const isHeard = frame.length === READ_LENGTH && line.heardAt.includes(READ_LENGTH);
  line.movedOn = !isOurs || isHeard;
  if (!isOurs) line.counters.foreignFrames++;
  else if (!isHeard) found.push({ unit: frame[0] ?? 0, pdu: frame.subarray(1, -2), behind });
}

/** So many bytes are done with. */
function pass(line: Line, count: number): void {
  line.rest = line.rest.subarray(count);
  if (line.heardAt.length) line.heardAt = line.heardAt.map((end) => end - count).filter((end) => end > 0);
}

/** An intact frame is consumed by its own length; anything else by one byte, so that the good frame behind it survives. */
function scan(line: Line, final: boolean): Request[] {
  const found: Request[] = [];
  while (line.rest.length > 0) {
    const head = headOf(line, line.rest, final);
    if (head === 'wait' && line.rest.length < BOUND) break;
    if (typeof head === 'number') take(line, line.rest.subarray(0, head), line.rest.length - head, found);
    else line.counters.resyncBytes++;
    pass(line, typeof head === 'number' ? head : 1);
  }
  return found;
}

/** Takes what arrived, in pieces of any size, and gives the requests that are now complete, in order. */
export function feed(line: Line, bytes: Uint8Array): Request[] {
  line.rest = joined(line.rest, line.echo.strip(bytes));
  return scan(line, false);
}

/** The line has been silent: what is incomplete will not be completed. Gives what was hidden behind it and forgets the rest. */
export function idle(line: Line): Request[] {
  line.echo.forget();
  const { rest } = line;
  if (!line.units.has(rest[0] ?? 0) || rest.length > LONGEST || !intact(rest, rest.length))
    return scan(line, true);
  // Of no known form, or with a byte count that is not its own, yet whole: the engine refuses it with the right code.
  const found: Request[] = [];
  take(line, rest, 0, found);
  pass(line, rest.length);
  return found;
}

/**
 * The line rests, but not long enough to be idle, and more of a frame may still come: a read of ours that ends here is heard.
 * Noise looks like the head of long frames, and where it never ends the line is never idle. What writes has to wait, for a frame
 * of another may hold what looks like it.
 */
export function resting(line: Line): Request[] {
  const { rest, units, heardAt } = line;
  const tail = rest.subarray(-READ_LENGTH);
  if (heardAt.includes(rest.length) || !units.has(tail[0] ?? 0) || !isRead(tail[1])) return [];
  if (tail.length < READ_LENGTH || !intact(tail, READ_LENGTH)) return [];
  line.heardAt = [...heardAt, rest.length];
  line.movedOn = false;
  return [{ unit: tail[0] ?? 0, pdu: tail.subarray(1, -2), behind: 0 }];
}
