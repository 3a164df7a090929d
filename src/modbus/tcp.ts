// The Modbus TCP slave: one listener, at most 16 masters, each with its own stream of MBAP frames.
import type { Socket } from 'node:net';
import { type Clock, monotonicMs } from '../model/freshness.ts';
import { answerOrFault, isException } from './answer.ts';
import { type AskedTable, askedTable } from './asked.ts';
import { keepOpen, type LinkEvents } from './link.ts';
import { type AnswerTimes, answerTimes, linkNumbers, type MeasuredLink } from './link-numbers.ts';
import { cutMbap, type MbapRequest, mbapFrame } from './mbap.ts';
import type { Slave } from './slave.ts';
import { listenTcp, type TcpListener } from './tcp-listener.ts';
import { newUnderway, type Underway } from './underway.ts';

export interface TcpSettings {
  readonly host: string;
  /** 0 takes any free port; see `port()`. */
  readonly port: number;
  /** A master that is silent this long is let go, ms. Default 5 min. */
  readonly idleMs?: number;
}

export interface TcpCounters {
  /** Requests to our units, and those that were answered. */
  requests: number;
  answers: number;
  /** Of the answers: refusals, such as a write outside the map. */
  exceptions: number;
  /** Requests to other units: no answer. */
  foreignFrames: number;
  /** Masters that sent something that is not Modbus TCP: closed. */
  malformed: number;
  masters: number;
}

export interface TcpHooks extends LinkEvents {
  readonly clock?: Clock;
}

export interface TcpLink extends MeasuredLink {
  readonly counters: Readonly<TcpCounters>;
  /** The port that is listened on; undefined while there is none. */
  port(): number | undefined;
}

const NOTHING = new Uint8Array();
const MOST_MASTERS = 16;
/** Requests of one master that are answered before others have their turn; the standard lets a server take 1 to 16 at once. */
const MOST_AT_ONCE = 16;
/** A master whose machine vanished is noticed by TCP itself, if it is quiet for this long. */
const PROBE_AFTER_MS = 30_000;

interface Wire {
  readonly settings: TcpSettings;
  readonly slaves: ReadonlyMap<number, Slave>;
  readonly hooks: TcpHooks;
  readonly clock: Clock;
  readonly counters: TcpCounters;
  readonly times: AnswerTimes;
  readonly asked: AskedTable;
  readonly underway: Underway;
  /** When each last asked something, ms; 0 before that. */
  readonly masters: Map<Socket, number>;
}

/** The unit that is meant. On TCP 0 and 255 mean the device itself (Modbus Messaging on TCP/IP V1.0b, unit identifier). */
function unitOf(slaves: ReadonlyMap<number, Slave>, unit: number): number | undefined {
  if (slaves.has(unit)) return unit;
  return unit === 0 || unit === 255 ? slaves.keys().next().value : undefined;
}

function serve(wire: Wire, { id, unit: asked, pdu }: MbapRequest): Uint8Array | undefined {
  const { slaves, hooks, counters } = wire;
  const unit = unitOf(slaves, asked);
  const slave = unit === undefined ? undefined : slaves.get(unit);
  if (unit === undefined || !slave) {
    counters.foreignFrames++;
    return undefined;
  }
  counters.requests++;
  const atMs = wire.clock();
  hooks.onRequest?.(atMs, unit);
  const reply = answerOrFault(slave, pdu, false, hooks.onFault);
  wire.asked.note(unit, pdu, reply, atMs);
  hooks.onObeyed?.(unit, pdu, reply);
  if (reply) counters.answers++;
  if (isException(reply)) counters.exceptions++;
  return reply && wire.underway.leaves(mbapFrame(id, asked, reply), slave.taken?.());
}

/** One master, from its first byte to its last. One that asks and does not read is not read either, until it has; that wait is its own. */
function attend(socket: Socket, wire: Wire): void {
  const { masters, counters, clock, times, underway } = wire;
  let heardAtMs = 0;
  let rest: Uint8Array = NOTHING;
  const answer = () => {
    if (socket.destroyed) return;
    const cut = cutMbap(rest, MOST_AT_ONCE);
    rest = cut.rest;
    const frames = cut.requests.flatMap((request) => serve(wire, request) ?? []);
    if (cut.requests.length > 0) masters.set(socket, clock());
    const left = (error: unknown) => {
      if (!error) for (const frame of frames) underway.taken(frame);
    };
    const isFull = frames.length > 0 && !socket.write(Buffer.concat(frames), left);
    for (const _ of frames) times.given(clock() - heardAtMs, 0);
    if (cut.malformed) {
      counters.malformed++;
      socket.destroy();
    } else if (isFull) socket.pause().once('drain', () => hear(NOTHING));
    else if (cut.requests.length === MOST_AT_ONCE) {
      socket.pause();
      setImmediate(answer);
    } else socket.resume();
  };
  const hear = (chunk: Uint8Array) => {
    heardAtMs = clock();
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    answer();
  };
  socket
    .setNoDelay(true)
    .setKeepAlive(true, PROBE_AFTER_MS)
    .setTimeout(wire.settings.idleMs ?? 5 * 60_000);
  socket.on('data', hear);
  socket.on('timeout', () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    masters.delete(socket);
    counters.masters = masters.size;
  });
}

/** The seventeenth master takes the place of one that never asked, else of the one that has not asked for longest. */
function admit(socket: Socket, wire: Wire): void {
  const { masters, counters } = wire;
  const [first, ...others] = masters;
  if (masters.size >= MOST_MASTERS && first) {
    const [silent] = others.reduce((a, b) => (b[1] < a[1] ? b : a), first);
    masters.delete(silent);
    silent.destroy();
  }
  masters.set(socket, 0);
  counters.masters = masters.size;
  attend(socket, wire);
}

/** Serves these units on this address until it is closed. The map may change while it runs. Never throws for a port in use. */
export function serveTcp(
  settings: TcpSettings,
  slaves: ReadonlyMap<number, Slave>,
  hooks: TcpHooks = {},
): TcpLink {
  const counters = { requests: 0, answers: 0, exceptions: 0, foreignFrames: 0, malformed: 0, masters: 0 };
  const wire: Wire = {
    settings,
    slaves,
    hooks,
    clock: hooks.clock ?? monotonicMs,
    counters,
    times: answerTimes(),
    asked: askedTable(),
    underway: newUnderway(),
    masters: new Map(),
  };
  let listener: TcpListener | undefined;
  const link = keepOpen(async (gone) => {
    listener = await listenTcp(settings, {
      admit: (socket) => admit(socket, wire),
      dismissAll() {
        for (const socket of wire.masters.keys()) socket.destroy();
      },
      gone,
    });
    return listener;
  }, hooks.onState);
  const numbers = () => {
    const { masters, ...counts } = counters;
    return { ...linkNumbers(counts, wire.times, wire.asked), masters };
  };
  return { counters, port: () => listener?.port(), close: link.close, numbers };
}
