// The Pylontech ASCII slave on one serial line: requests in, answers out, several addresses.
import { type AsciiFrame, asciiText, type Damage, infoText, rtn } from '../profile/serial/ascii-frame.ts';
import { feed, forget, newAsciiLine } from './ascii-framing.ts';
import { type AskedTable, askedTable } from './asked.ts';
import { type CodecBattery, type CodecCounters, newCodecCounters } from './codec-battery.ts';
import { newEcho } from './echo.ts';
import { type Conversation, type LineHooks, type LineSettings, serveLine } from './line-server.ts';
import { linkNumbers, type MeasuredLink } from './link-numbers.ts';
import { newUnderway, type Underway } from './underway.ts';

/** Batteries; every other device class on the bus is not ours. */
const CID1 = 0x46;
const IDLE_MS = 200;
/** In a command that names a battery: all of them. */
const ALL = 0xff;
/** Return codes lie here: a frame with one of them is an answer, whoever sent it. */
const LAST_RETURN_CODE = 0x06;

/** How it answers, by the options of the profile. */
export interface AsciiManners {
  /** The command in the place of return code 00. */
  readonly rtnEcho: boolean;
  /** A frame to us with a wrong checksum is told so, or is as if it had not come. */
  readonly onBadChecksum: 'answer' | 'silent';
}

/** One battery on the line, with its manners. */
export interface AsciiBattery extends AsciiManners {
  readonly battery: CodecBattery;
}

export interface AsciiLink extends MeasuredLink {
  readonly counters: Readonly<CodecCounters>;
}

/** The master's version is given back; our address is the sender's in both directions. */
const reply = (ver: string, adr: number, cid2: number, content: Uint8Array = new Uint8Array()): string =>
  asciiText({ ver, adr, cid1: CID1, cid2, info: infoText(content) });

/** The text of an answer to a command, as `encode` shows it and the wire carries it. */
export const answerText = (adr: number, content: Uint8Array, ver = '20'): string =>
  reply(ver, adr, rtn.ok, content);

/** A request may name a battery in its INFO; undefined when it names none. */
const named = (info: string): number | undefined =>
  info.length < 2 ? undefined : Number.parseInt(info.slice(0, 2), 16);

/** What becomes of a request: the content of its answer, or the code of a refusal. */
function outcome({ adr, cid2, info }: AsciiFrame, battery: CodecBattery): Uint8Array | number {
  if (info.length % 2) return rtn.format;
  const content = battery.answer(cid2, adr);
  if (content === undefined) return rtn.unknownCommand;
  const other = battery.perBattery.has(cid2) ? (named(info) ?? adr) : adr;
  return other === adr || other === ALL ? content : rtn.address;
}

/** The answer to one request to us; undefined is silence. Nothing that the battery throws reaches the wire as anything but code 91. */
export function respond(
  request: AsciiFrame,
  { battery, rtnEcho }: AsciiBattery,
  onFault?: LineHooks['onFault'],
): string | undefined {
  const { ver, adr, cid2 } = request;
  try {
    if (!battery.speaks()) return undefined;
    const told = outcome(request, battery);
    if (typeof told !== 'number') return reply(ver, adr, rtnEcho ? cid2 : rtn.ok, told);
    // What was asked of another battery is not told.
    battery.taken?.();
    return reply(ver, adr, told);
  } catch (error) {
    onFault?.(error);
    return reply(ver, adr, rtn.internal);
  }
}

/** Who answers as an address; it may be another from one question to the next. */
export interface AsciiBatteries {
  get(address: number): AsciiBattery | undefined;
}

/** What stays the same when the adapter is plugged in again. */
interface Wire {
  readonly batteries: AsciiBatteries;
  readonly localEcho: boolean;
  readonly hooks: LineHooks;
  readonly counters: CodecCounters;
  readonly asked: AskedTable;
  readonly underway: Underway;
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** A damaged frame is as if it had not come, unless the profile answers it. */
function answerToDamage({ batteries }: Wire, { rtn: code, ver, adr }: Damage): Uint8Array | undefined {
  const asked = adr === undefined ? undefined : batteries.get(adr);
  if (adr === undefined || asked?.onBadChecksum !== 'answer' || !asked.battery.speaks()) return undefined;
  return bytesOf(reply(ver, adr, code));
}

function serveDamage(wire: Wire, damage: Damage, atMs: number): Uint8Array[] {
  wire.counters.crcErrors++;
  const answer = answerToDamage(wire, damage);
  tell(wire, atMs, damage, answer);
  return answer === undefined ? [] : [answer];
}

const isQuestion = ({ cid2 }: AsciiFrame): boolean => cid2 > LAST_RETURN_CODE;
const isOurs = (frame: AsciiFrame): boolean => frame.cid1 === CID1 && isQuestion(frame);

const textOf = (heard: AsciiFrame | Damage): string =>
  'rtn' in heard ? `~${heard.text}\r` : asciiText(heard);

function tell(
  { hooks }: Wire,
  atMs: number,
  heard: AsciiFrame | Damage,
  answer: Uint8Array | undefined,
): void {
  hooks.onTelegram?.(atMs, heard.adr, () => ({ request: bytesOf(textOf(heard)), reply: answer }));
}

/** One entry for each frame that somebody may wait on an answer to; undefined is silence. */
function serve(wire: Wire, heard: AsciiFrame | Damage, atMs: number): (Uint8Array | undefined)[] {
  if ('rtn' in heard) return serveDamage(wire, heard, atMs);
  const asked = isOurs(heard) ? wire.batteries.get(heard.adr) : undefined;
  if (!asked) {
    wire.counters.foreignFrames++;
    if (isQuestion(heard)) tell(wire, atMs, heard, undefined);
    return [undefined];
  }
  wire.counters.requests++;
  wire.asked.noteCode(heard.adr, heard.cid2, atMs);
  const text = respond(heard, asked, wire.hooks.onFault);
  const answer = text === undefined ? undefined : bytesOf(text);
  wire.hooks.onRequest?.(atMs, heard.adr, heard.cid2);
  tell(wire, atMs, heard, answer);
  return [answer && wire.underway.leaves(answer, asked.battery.taken?.())];
}

/** The newest question is answered, and only while nothing followed it to another: nobody waits any more for what piled up. */
function conversation(wire: Wire): Conversation {
  const { counters } = wire;
  const line = newAsciiLine(counters);
  const echo = newEcho(wire.localEcho, counters);
  return {
    hear(bytes, atMs) {
      const answers = feed(line, echo.strip(bytes)).flatMap((heard) => serve(wire, heard, atMs));
      for (const made of answers) if (made) counters.answers++;
      return answers;
    },
    idle() {
      echo.forget();
      forget(line);
      return [];
    },
    sending: echo.expect,
    taken: wire.underway.taken,
  };
}

/** Serves these addresses on this line until it is closed. Never throws for a missing or lost port. */
export function serveAscii(
  settings: LineSettings,
  batteries: AsciiBatteries,
  hooks: LineHooks = {},
): AsciiLink {
  const { localEcho = false, idleMs = IDLE_MS } = settings;
  const counters = newCodecCounters();
  const asked = askedTable();
  const wire: Wire = { batteries, localEcho, hooks, counters, asked, underway: newUnderway() };
  const { close, times } = serveLine({ ...settings, idleMs }, hooks, () => conversation(wire));
  return { counters, close, numbers: () => linkNumbers(counters, times, asked) };
}
