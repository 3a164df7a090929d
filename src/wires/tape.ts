// Writes down what the gateway hears and says, for the black box. The wires only gather it; all else is the office's.
import type { Evaluation } from '../bank/memory.ts';
import type {
  Around,
  Limits,
  ServedInverter,
  SpeakerCall,
  Start,
  TapeEntry,
  TapePiece,
} from '../blackbox/tape.ts';
import type { InverterPlan } from '../config/inverters.ts';
import type { PackSample } from '../model/battery.ts';
import type { CanFrame } from '../model/can-frame.ts';
import type { Clock } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';
import type { Telegrams } from '../profile/serial/asked.ts';
import { apart } from './apart.ts';

export interface Tape {
  readonly sampled: (battery: string, sample: PackSample) => void;
  /** Of each evaluation, once it is in force. */
  readonly evaluated: (state: Evaluation, around: Around) => void;
  readonly asked: (
    atMs: number,
    inverter: string,
    asked: { readonly unit: number; readonly request: Uint8Array; readonly reply: Uint8Array | undefined },
  ) => void;
  readonly codec: (
    atMs: number,
    inverter: string,
    asked: { readonly ask?: number; readonly address?: number; readonly content?: Uint8Array | undefined },
  ) => void;
  /** The telegrams are made only where they are wanted: while nobody is told them no answer takes longer. */
  readonly telegram: (atMs: number, inverter: string, adr: number | undefined, of: () => Telegrams) => void;
  readonly said: (atMs: number, inverter: string, call: SpeakerCall, groups?: readonly string[]) => void;
  readonly frame: (atMs: number, bus: string, way: '>' | '<', frame: CanFrame) => void;
  readonly profile: (plan: InverterPlan) => void;
  readonly stop: () => void;
}

export interface TapeGround {
  readonly clock: Clock;
  readonly after: After;
  /** False when it was not taken. */
  readonly send: (piece: TapePiece) => boolean;
  /** What the next start stands on, beside the state. */
  readonly now: () => Omit<Start, 'state'>;
  /** Told once that something could not be written down. */
  readonly say: (sentence: string) => void;
}

export type Safely = ReturnType<typeof apart>;

/** From one start to the next: as much more than was wished for a box may hold. */
const START_EVERY_MS = 60_000;
const FLUSH_MS = 1000;
/** No more than this goes in one message: to make it takes a fraction of a millisecond. */
const MOST_ENTRIES = 256;
/** Reads a second that are written down; they change nothing, and a master that asks more often asks the same. */
const MOST_READS = 200;

const orNull = (limit: number | undefined): number | null => limit ?? null;

export const limitsOf = ({ signals: s }: Evaluation): Limits => [
  orNull(s.chargeCurrentLimitA),
  orNull(s.dischargeCurrentLimitA),
  orNull(s.chargeVoltageLimitV),
  orNull(s.dischargeVoltageLimitV),
];

const somethingOf = (around: Around): Around | null =>
  (around.faults?.length ?? 0) + (around.withheld?.length ?? 0) > 0 || around.shuntA || around.outsideCurrentA
    ? around
    : null;

/** The bytes belong to who serves the line, in memory that he shares with others: they are copied. */
export function telegramEntry(
  ...[atMs, inverter, address, telegrams]: Parameters<Tape['telegram']>
): TapeEntry {
  const { request, reply } = telegrams();
  const told = reply ? Uint8Array.from(reply) : null;
  return ['telegram', atMs, inverter, address ?? null, Uint8Array.from(request), told];
}

/** Function codes that read and nothing else. */
export const isRead = (request: Uint8Array): boolean => (request[0] ?? 0) >= 1 && (request[0] ?? 0) <= 4;

/** The inverter as the box keeps it. */
export const servedInverter = ({ id, wire, compiled }: InverterPlan): ServedInverter => ({
  id,
  wire: wire.name,
  units: wire.kind === 'can' ? [] : wire.units,
  profile: compiled.profile,
  settings: compiled.given,
});

/** Lets some reads through each second; what it holds back it counts. */
export function readLimit() {
  let second = 0;
  let reads = 0;
  let skipped = 0;
  return {
    isTooMuch(atMs: number): boolean {
      const now = Math.floor(atMs / 1000);
      if (now !== second) reads = 0;
      second = now;
      if (++reads <= MOST_READS) return false;
      skipped++;
      return true;
    },
    /** How many since it was asked last. */
    skipped(): number {
      const count = skipped;
      skipped = 0;
      return count;
    },
  };
}

/** What is gathered goes off once a second, or when there is much of it. */
export function gathering(
  { clock, after, send }: Pick<TapeGround, 'clock' | 'after' | 'send'>,
  safely: Safely,
  skipped: () => number,
) {
  const hand = safely((piece: TapePiece) => void send(piece));
  let entries: TapeEntry[] = [];
  let number = 0;
  let cancel = () => {};
  function flush(): void {
    const count = skipped();
    if (count > 0) entries.push(['skipped', clock(), count]);
    // A piece that is not taken is missed by its number.
    if (entries.length > 0) hand({ type: 'tape', from: 'wires', number, entries });
    number += entries.length;
    entries = [];
  }
  function look(): void {
    flush();
    cancel = after(FLUSH_MS, look);
  }
  cancel = after(FLUSH_MS, look);
  return {
    note(entry: TapeEntry): void {
      entries.push(entry);
      if (entries.length >= MOST_ENTRIES) flush();
    },
    stop(): void {
      cancel();
      flush();
    },
  };
}

export function openTape(ground: TapeGround & { readonly isWatched: () => boolean }): Tape {
  const limit = readLimit();
  const safely = apart('the black box', ground.say);
  const { note, stop } = gathering(ground, safely, limit.skipped);
  let startedAtMs = Number.NEGATIVE_INFINITY;

  function begin(state: Evaluation): void {
    startedAtMs = state.evaluatedAtMs;
    note(['start', state.evaluatedAtMs, { state, ...ground.now() }]);
  }

  return {
    stop,
    sampled: safely((battery, { atMs, reading }) => note(['sample', ground.clock(), battery, atMs, reading])),
    evaluated: safely((state, around) => {
      const { evaluatedAtMs, sequence, freshness } = state;
      note(['evaluated', evaluatedAtMs, sequence, freshness, limitsOf(state), somethingOf(around)]);
      if (evaluatedAtMs - startedAtMs >= START_EVERY_MS) begin(state);
    }),
    asked: safely((atMs, inverter, { unit, request, reply }) => {
      if (isRead(request) && limit.isTooMuch(atMs)) return;
      // The bytes belong to who serves the line, and he may use them again.
      note(['modbus', atMs, inverter, unit, request.slice(), reply?.slice() ?? null]);
    }),
    codec: safely((atMs, inverter, { ask, address, content }) =>
      note(['codec', atMs, inverter, ask ?? null, address ?? 0, content?.slice() ?? null]),
    ),
    // The box has their contents; only who watches sees them whole.
    telegram: safely((...told) => {
      if (ground.isWatched()) note(telegramEntry(...told));
    }),
    said: safely((atMs, inverter, call, groups = []) => note(['say', atMs, inverter, call, groups])),
    frame: safely((atMs, bus, way, { id, extended, data }) =>
      note(['frame', atMs, bus, way, id, extended, data.slice()]),
    ),
    profile: safely((plan) => {
      note(['profile', ground.clock(), servedInverter(plan)]);
      // Who is served anew goes on from what was left to it: with the next evaluation a box can begin there.
      startedAtMs = Number.NEGATIVE_INFINITY;
    }),
  };
}
