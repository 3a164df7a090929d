// The Kostal/BYD battery on one serial line: requests in, answers out. The protocol has no addresses.

import { type KostalFrame, kinds, kostalFrame } from '../profile/serial/kostal-frame.ts';
import { type AskedTable, askedTable } from './asked.ts';
import { type CodecBattery, type CodecCounters, newCodecCounters } from './codec-battery.ts';
import { newEcho } from './echo.ts';
import { feed, forget, newKostalLine } from './kostal-framing.ts';
import { type Conversation, type LineHooks, type LineSettings, serveLine } from './line-server.ts';
import { linkNumbers, type MeasuredLink } from './link-numbers.ts';
import { newUnderway, type Underway } from './underway.ts';

const IDLE_MS = 50;
/** What events call the one battery of the line. */
const ADDRESS = 0;
const NOTHING = new Uint8Array();

export interface KostalLink extends MeasuredLink {
  readonly counters: Readonly<CodecCounters>;
}

/** The bytes of an answer to a read, as `encode` shows them and the wire carries them. */
export const answerBytes = (content: Uint8Array): Uint8Array => kostalFrame({ kind: kinds.told, content });

/** A read has its code in two bytes, low byte first. */
function readOf(content: Uint8Array, battery: CodecBattery): Uint8Array | undefined {
  const [low, high] = content;
  if (low === undefined || high === undefined) return undefined;
  const told = battery.answer(low | (high << 8), ADDRESS);
  return told && answerBytes(told);
}

/** A write has its code in one byte; what it tells follows. */
function writeOf(content: Uint8Array, battery: CodecBattery): Uint8Array | undefined {
  const [code] = content;
  return code !== undefined && battery.accepts(code, content.subarray(1))
    ? kostalFrame({ kind: kinds.taken, content: NOTHING })
    : undefined;
}

/** The answer to one request; undefined is silence, which is also what a battery that throws is told by. */
export function respond(
  { kind, content }: KostalFrame,
  battery: CodecBattery,
  onFault?: LineHooks['onFault'],
): Uint8Array | undefined {
  try {
    if (!battery.speaks()) return undefined;
    return kind === kinds.read ? readOf(content, battery) : writeOf(content, battery);
  } catch (error) {
    onFault?.(error);
    return undefined;
  }
}

/** A read has its code in two bytes, low byte first; a write in one. */
const codeOf = ({ kind, content: [low = 0, high = 0] }: KostalFrame): number =>
  kind === kinds.read ? low | (high << 8) : low;

const isRequest = ({ kind }: KostalFrame): boolean => kind === kinds.read || kind === kinds.write;

/** What stays the same when the adapter is plugged in again. */
interface Wire {
  readonly battery: () => CodecBattery | undefined;
  readonly localEcho: boolean;
  readonly hooks: LineHooks;
  readonly counters: CodecCounters;
  readonly asked: AskedTable;
  readonly underway: Underway;
}

function serve(
  { battery, hooks, counters, asked: table, underway }: Wire,
  heard: KostalFrame,
  atMs: number,
): Uint8Array | undefined {
  if (!isRequest(heard)) {
    counters.foreignFrames++;
    return undefined;
  }
  counters.requests++;
  table.noteCode(ADDRESS, codeOf(heard), atMs);
  const asked = battery();
  const answer = asked && respond(heard, asked, hooks.onFault);
  if (answer) counters.answers++;
  hooks.onRequest?.(atMs, ADDRESS, heard.kind === kinds.read ? codeOf(heard) : undefined);
  hooks.onTelegram?.(atMs, ADDRESS, () => ({ request: kostalFrame(heard), reply: answer }));
  return answer && underway.leaves(answer, asked?.taken?.());
}

/** The newest question is answered: of those that piled up while we stood still nobody waits for any more. */
function conversation(wire: Wire): Conversation {
  const { counters } = wire;
  const line = newKostalLine(counters);
  const echo = newEcho(wire.localEcho, counters);
  return {
    hear(bytes, atMs) {
      return feed(line, echo.strip(bytes)).map((heard) => serve(wire, heard, atMs));
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

/** Serves the battery on this line until it is closed; it may be another from one question to the next. Never throws for a missing or lost port. */
export function serveKostal(
  settings: LineSettings,
  battery: () => CodecBattery | undefined,
  hooks: LineHooks = {},
): KostalLink {
  const { localEcho = false, idleMs = IDLE_MS } = settings;
  const counters = newCodecCounters();
  const asked = askedTable();
  const wire: Wire = { battery, localEcho, hooks, counters, asked, underway: newUnderway() };
  const { close, times } = serveLine({ ...settings, idleMs }, hooks, () => conversation(wire));
  return { counters, close, numbers: () => linkNumbers(counters, times, asked) };
}
