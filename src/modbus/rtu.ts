// The Modbus RTU slave on one serial line: bytes in, answers out, several unit ids.
import { crc16 } from '../bytes/crc16.ts';
import { type Clock, monotonicMs } from '../model/freshness.ts';
import { answerOrFault } from './answer.ts';
import { type Closable, keepOpen, type LinkEvents } from './link.ts';
import {
  expectEcho,
  type FramingCounters,
  feed,
  idle,
  newCounters,
  newLine,
  type Request,
} from './rtu-framing.ts';
import { type OpenSerial, openSerial, type SerialLine, type SerialSettings } from './serial.ts';
import type { Slave } from './slave.ts';
import { newTurn } from './turn.ts';

export interface RtuSettings extends SerialSettings {
  /** From the last byte received to the first byte of the answer: t3.5, or 0 to 50 ms. Default `t3.5`. */
  readonly replyDelay?: 't3.5' | number;
  /** A silence after which an incomplete frame is given up, ms. Default 50, at least 2 × t3.5. */
  readonly idleMs?: number;
  /** The adapter gives back what we send. Default false, because a master may repeat a write on purpose. */
  readonly localEcho?: boolean;
}

export interface RtuCounters extends FramingCounters {
  /** Requests to our units, and those that were answered. */
  requests: number;
  answers: number;
}

export interface RtuHooks extends LinkEvents {
  readonly clock?: Clock;
  readonly open?: OpenSerial;
}

export interface RtuLink extends Closable {
  readonly counters: Readonly<RtuCounters>;
}

const LONGEST_DELAY_MS = 50;

/** 3.5 characters of silence: 3.65 ms at 9600 8N1, fixed at 1.75 ms above 19200 baud (RS485 reference, section 3). */
export function quietTimeMs({ baud, parity = 'none', stopBits = 1 }: SerialSettings): number {
  const bits = 1 + 8 + (parity === 'none' ? 0 : 1) + stopBits;
  return baud > 19200 ? 1.75 : (3.5 * bits * 1000) / baud;
}

function delayMs(settings: RtuSettings): number {
  const { replyDelay = 't3.5' } = settings;
  return replyDelay === 't3.5' ? quietTimeMs(settings) : Math.min(LONGEST_DELAY_MS, Math.max(0, replyDelay));
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
  readonly settings: RtuSettings;
  readonly slaves: ReadonlyMap<number, Slave>;
  readonly hooks: RtuHooks;
  readonly clock: Clock;
  readonly counters: RtuCounters;
}

/** Answers one request; a broadcast is executed by every slave and answered by none. */
function serve(wire: Wire, { unit, pdu }: Request, atMs: number): Uint8Array | undefined {
  const { slaves, hooks, counters } = wire;
  if (unit === 0) {
    for (const slave of new Set(slaves.values())) answerOrFault(slave, pdu, true, hooks.onFault);
    return undefined;
  }
  counters.requests++;
  hooks.onRequest?.(atMs, unit);
  const slave = slaves.get(unit);
  const reply = slave && answerOrFault(slave, pdu, false, hooks.onFault);
  if (reply) counters.answers++;
  return reply && rtuFrame(unit, reply);
}

/** One opening of the line, from the first byte to the last. */
function listenOn(line: SerialLine, wire: Wire, gone: (error: unknown) => void): Closable {
  const { settings, clock } = wire;
  const framing = newLine(wire.slaves, settings.localEcho, wire.counters);
  const turn = newTurn({
    clock,
    quietMs: delayMs(settings),
    send(frame, done) {
      expectEcho(framing, frame);
      line.send(frame, done);
    },
    onSent: () => pause.refresh(),
  });
  /** All are executed, the newest is answered: what piled up while we stood still nobody waits for any more. */
  const obey = (requests: readonly Request[], atMs: number) => {
    const frame = requests.map((request) => serve(wire, request, atMs)).at(-1);
    if (frame) turn.answer(frame);
  };
  const onIdle = () => (turn.busy() ? pause.refresh() : obey(idle(framing), clock()));
  const pause = setTimeout(onIdle, Math.max(settings.idleMs ?? 50, 2 * quietTimeMs(settings)));
  const stop = () => {
    turn.stop();
    clearTimeout(pause);
  };

  line.listen({
    onBytes(bytes) {
      const atMs = clock();
      turn.heard(atMs);
      pause.refresh();
      obey(feed(framing, bytes), atMs);
    },
    onGone(error) {
      stop();
      gone(error);
    },
  });
  return {
    close() {
      stop();
      line.close();
    },
  };
}

/** Serves these units on this line until it is closed. The map may change while it runs. Never throws for a missing or lost port. */
export function serveRtu(
  settings: RtuSettings,
  slaves: ReadonlyMap<number, Slave>,
  hooks: RtuHooks = {},
): RtuLink {
  const { clock = monotonicMs, open = openSerial } = hooks;
  const counters = { ...newCounters(), requests: 0, answers: 0 };
  const wire: Wire = { settings, slaves, hooks, clock, counters };
  const link = keepOpen(async (gone) => listenOn(await open(settings), wire, gone), hooks.onState);
  return { counters, close: link.close };
}
