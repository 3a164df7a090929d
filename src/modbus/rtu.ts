// The Modbus RTU slave on one serial line: bytes in, answers out, several unit ids.
import { crc16 } from '../bytes/crc16.ts';
import { answerOrFault, isException } from './answer.ts';
import { newArrivals } from './arrivals.ts';
import { type AskedTable, askedTable } from './asked.ts';
import {
  type Answer,
  type Conversation,
  type LineHooks,
  type LineSettings,
  serveLine,
} from './line-server.ts';
import { linkNumbers, type MeasuredLink } from './link-numbers.ts';
import {
  type FramingCounters,
  feed,
  idle,
  newCounters,
  newLine,
  type Request,
  resting,
} from './rtu-framing.ts';
import type { Slave } from './slave.ts';
import { TOO_LATE_MS } from './turn.ts';
import { newUnderway, type Underway } from './underway.ts';

/** `idleMs` is 50 unless it is given. */
export type RtuSettings = LineSettings;
export type RtuHooks = LineHooks;

export interface RtuCounters extends FramingCounters {
  /** Requests to our units, and those that were answered. */
  requests: number;
  answers: number;
  /** Of the answers: refusals, such as a write outside the map. */
  exceptions: number;
}

export interface RtuLink extends MeasuredLink {
  readonly counters: Readonly<RtuCounters>;
}

/** Unit, PDU and CRC in one array, sent in one call: a gap inside a frame breaks strict masters. */
export function rtuFrame(unit: number, pdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(pdu.length + 3);
  frame[0] = unit;
  frame.set(pdu, 1);
  const crc = crc16(frame, 0, pdu.length + 1);
  frame[pdu.length + 1] = crc & 0xff;
  frame[pdu.length + 2] = crc >> 8;
  return frame;
}

/** What stays the same when the adapter is plugged in again. */
interface Wire {
  readonly localEcho: boolean;
  readonly slaves: ReadonlyMap<number, Slave>;
  readonly hooks: RtuHooks;
  readonly counters: RtuCounters;
  readonly asked: AskedTable;
  readonly underway: Underway;
}

/** Answers one request; a broadcast is executed by every slave and answered by none. */
function serve(wire: Wire, { unit, pdu }: Request, atMs: number): Uint8Array | undefined {
  const { slaves, hooks, counters, asked, underway } = wire;
  if (unit === 0) {
    for (const slave of new Set(slaves.values())) answerOrFault(slave, pdu, true, hooks.onFault);
    hooks.onObeyed?.(unit, pdu, undefined);
    return undefined;
  }
  counters.requests++;
  hooks.onRequest?.(atMs, unit);
  const slave = slaves.get(unit);
  const reply = slave && answerOrFault(slave, pdu, false, hooks.onFault);
  asked.note(unit, pdu, reply, atMs);
  hooks.onObeyed?.(unit, pdu, reply);
  if (reply) counters.answers++;
  if (isException(reply)) counters.exceptions++;
  return reply && underway.leaves(rtuFrame(unit, reply), slave?.taken?.());
}

/**
 * All are executed, the newest is answered, and only while nothing followed it to another: nobody waits any more for what
 * piled up while we stood still, and our answer would fall into theirs.
 */
function conversation(wire: Wire): Conversation {
  const framing = newLine(wire.slaves, wire.localEcho, wire.counters);
  const arrivals = newArrivals();
  const answered = (request: Request, heardAtMs: number, atMs: number): Answer => {
    const answer = serve(wire, request, heardAtMs);
    return answer && atMs - heardAtMs > TOO_LATE_MS ? 'late' : answer;
  };
  const obey = (requests: readonly Request[], atMs: number, heardAtMs = (_: Request) => atMs) => {
    const answers = requests.map((request) => answered(request, heardAtMs(request), atMs));
    return framing.movedOn ? [...answers, undefined] : answers;
  };
  return {
    hear(bytes, atMs) {
      const echoedBefore = wire.counters.echoBytes;
      const requests = feed(framing, bytes);
      arrivals.note(bytes.length - (wire.counters.echoBytes - echoedBefore), atMs);
      const answers = obey(requests, atMs, ({ behind }) => arrivals.atMs(behind));
      arrivals.keep(framing.rest.length);
      return answers;
    },
    rest: (atMs) => obey(resting(framing), atMs),
    idle: (atMs) => obey(idle(framing), atMs),
    sending: framing.echo.expect,
    taken: wire.underway.taken,
  };
}

/** Serves these units on this line until it is closed. The map may change while it runs. Never throws for a missing or lost port. */
export function serveRtu(
  settings: RtuSettings,
  slaves: ReadonlyMap<number, Slave>,
  hooks: RtuHooks = {},
): RtuLink {
  const { localEcho = false, idleMs = 50 } = settings;
  const counters = { ...newCounters(), requests: 0, answers: 0, exceptions: 0 };
  const asked = askedTable();
  const wire: Wire = { localEcho, slaves, hooks, counters, asked, underway: newUnderway() };
  const { close, times } = serveLine({ ...settings, idleMs }, hooks, () => conversation(wire));
  return { counters, close, numbers: () => linkNumbers(counters, times, asked) };
}
