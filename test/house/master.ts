// A Modbus TCP master that shares nothing with the product: MBAP and FC03 as in Modbus Messaging on TCP/IP V1.0b.
import { connect, type Socket } from 'node:net';
import { setTimeout as rest } from 'node:timers/promises';
import { monotonicMs } from '../../src/model/freshness.ts';
import { until } from './until.ts';

/** Before its first answer a slave may be silent on purpose; afterwards a late answer is late, not lost. */
const FIRST_LIMIT_MS = 1000;
const LIMIT_MS = 10_000;
const CORE = 0x0100;

/** What the registers of `generic-modbus` say, in the units of the map. */
export interface Bank {
  readonly socPct: number;
  readonly voltageV: number;
  readonly currentA: number;
  readonly heartbeat: number;
  readonly status: number;
  readonly isLate: boolean;
  readonly isStale: boolean;
  readonly dataAgeS: number;
  readonly cvlV: number;
  readonly cclA: number;
  readonly dclA: number;
  readonly faults: number;
  readonly minCellV: number;
  readonly maxCellV: number;
  /** Pack and cell, `[2, 3]` is the third cell of the second pack. */
  readonly minCellAt: readonly [number, number];
  readonly maxCellAt: readonly [number, number];
  readonly packsOnline: number;
  readonly packsStale: number;
}

/** A question and its answer; without `bank` there was none. */
export interface Sighting {
  readonly askedAtMs: number;
  readonly atMs: number;
  readonly bank?: Bank;
}

const signed = (word: number): number => (word << 16) >> 16;
const halves = (word: number): [number, number] => [word >> 8, word & 255];

/** Registers from 0x0100 on. */
export function bankOf(words: readonly number[]): Bank {
  const at = (address: number): number => words[address - CORE] ?? 0;
  return {
    socPct: at(0x100),
    voltageV: at(0x101) / 10,
    currentA: signed(at(0x102)) / 10,
    heartbeat: at(0x103),
    status: at(0x104),
    isLate: (at(0x104) & 0x100) !== 0,
    isStale: (at(0x104) & 0x200) !== 0,
    dataAgeS: at(0x106),
    cvlV: at(0x108) / 10,
    cclA: at(0x10a) / 10,
    dclA: at(0x10b) / 10,
    faults: at(0x10e),
    minCellV: at(0x110) / 1000,
    maxCellV: at(0x111) / 1000,
    minCellAt: halves(at(0x112)),
    maxCellAt: halves(at(0x113)),
    packsOnline: at(0x119),
    packsStale: at(0x11b),
  };
}

export const REGISTERS = 0x1c;
const question = Buffer.from([0, 1, 0, 0, 0, 6, 1, 3, CORE >> 8, CORE & 255, 0, REGISTERS]);
const ANSWER_BYTES = 9 + 2 * REGISTERS;

/** One question on an open connection; undefined when there is no answer in time, or another than the registers. */
function ask(socket: Socket, limitMs: number): Promise<Bank | undefined> {
  let heard = Buffer.alloc(0);
  return new Promise((resolve) => {
    const end = (bank?: Bank) => {
      clearTimeout(timer);
      socket.off('data', hear).off('close', none);
      if (!bank) socket.destroy();
      resolve(bank);
    };
    const none = () => end();
    const hear = (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
      if (heard[7] === 0x83) end();
      if (heard.length < ANSWER_BYTES) return;
      end(bankOf(Array.from({ length: REGISTERS }, (_, i) => heard.readUInt16BE(9 + 2 * i))));
    };
    const timer = setTimeout(none, limitMs);
    socket.on('data', hear).on('close', none);
    socket.write(question);
  });
}

export interface Watch {
  readonly sightings: readonly Sighting[];
  readonly since: (ms: number) => Sighting[];
  /** When the question before this one was asked: an inverter that asks later is told what is seen here. */
  readonly notYetMs: (seen: Seen) => number;
  /** The first sighting from `fromMs` (else from now) on that fits. */
  readonly sees: (
    what: string,
    limitMs: number,
    fits: (bank: Bank, atMs: number) => boolean,
    fromMs?: number,
  ) => Promise<Seen>;
  readonly stop: () => void;
}

export type Seen = Required<Sighting>;

const wasAnswered = (sighting: Sighting): sighting is Seen => sighting.bank !== undefined;
export const answered = (sightings: readonly Sighting[]): Seen[] => sightings.filter(wasAnswered);

/** True when every pack has given a sample since then: the age that is told is that of the oldest, in whole seconds. */
export const allReadSince =
  (ms: number) =>
  ({ dataAgeS }: Bank, atMs: number): boolean =>
    atMs - (dataAgeS + 1) * 1000 > ms;

/** Polls like an energy manager, whatever happens to the gateway, until it is stopped. */
export function watch(port: number, everyMs = 50): Watch {
  const sightings: Sighting[] = [];
  let isOver = false;
  let isKnown = false;
  let socket: Socket | undefined;
  const line = (): Socket => {
    if (!socket || socket.destroyed)
      socket = connect(port, '127.0.0.1')
        .on('error', () => {})
        .setNoDelay(true);
    return socket;
  };
  const poll = async () => {
    while (!isOver) {
      const askedAtMs = monotonicMs();
      const bank = await ask(line(), isKnown ? LIMIT_MS : FIRST_LIMIT_MS);
      isKnown ||= bank !== undefined;
      sightings.push({ askedAtMs, atMs: monotonicMs(), ...(bank && { bank }) });
      await rest(everyMs);
    }
    socket?.destroy();
  };
  void poll();
  const since = (ms: number) => sightings.filter(({ atMs }) => atMs >= ms);
  return {
    sightings,
    since,
    notYetMs: (seen) => sightings[sightings.findIndex(({ atMs }) => atMs === seen.atMs) - 1]?.askedAtMs ?? 0,
    sees(what, limitMs, fits, fromMs = monotonicMs()) {
      const found = () => answered(since(fromMs)).find(({ bank, atMs }) => fits(bank, atMs));
      const last = () => JSON.stringify(answered(sightings).at(-1)?.bank ?? 'no answer');
      return until(what, limitMs, found).catch((error: Error) => {
        throw new Error(`${error.message}; last seen: ${last()}`);
      });
    },
    stop() {
      isOver = true;
    },
  };
}
