// One thing that goes over a wire again and again: how often, how regularly, and what changed in it last.
import { fromHex } from '../../bytes/hex.ts';
import type { WireTalk } from '../../model/api/wire-talk.ts';

export interface Heard {
  /** Tells it from all others. */
  readonly key: string;
  readonly last: WireTalk;
  readonly count: number;
  /** Of each byte, the bits that were not so the time before. */
  readonly changed: Uint8Array;
  /** Between one and the next, ms, newest last; where items were skipped there is none. */
  readonly intervalsMs: readonly number[];
}

const KEPT_INTERVALS = 60;

/** What it says: the data of a frame, the answer to a question. */
export function hexOf(talk: WireTalk): string {
  switch (talk.kind) {
    case 'frame':
      return talk.hex;
    case 'modbus':
    case 'telegram':
      return talk.reply ?? '';
  }
}

/** The function code of a question with what it reads, `0301000010`; of a write of one register without what is written. */
const questionOf = (request: string): string => request.slice(0, /^0[56]/.test(request) ? 6 : 10);

/** The part of a telegram that is damaged. */
export const DAMAGED = 'damaged';

/** `part` tells the contents of one CAN id apart, or the commands of a codec. */
export function keyOfTalk(talk: WireTalk, part = ''): string {
  switch (talk.kind) {
    case 'frame':
      return ['frame', talk.wire, talk.way, talk.id, talk.extended ? 'x' : '', part].join(' ');
    case 'modbus':
      return ['modbus', talk.inverter, talk.unit, questionOf(talk.request)].join(' ');
    case 'telegram':
      // What is damaged has no address or command to be known by.
      return ['telegram', talk.inverter, part === DAMAGED ? '' : talk.address, part || talk.request].join(
        ' ',
      );
  }
}

/** Byte by byte; a byte that was not there before is all new. */
export function changedBits(before: string, now: string): Uint8Array {
  const [a, b] = [fromHex(before) ?? new Uint8Array(), fromHex(now) ?? new Uint8Array()];
  return b.map((byte, i) => byte ^ (a[i] ?? byte ^ 0xff));
}

export const firstHeard = (key: string, last: WireTalk): Heard => ({
  key,
  last,
  count: 1,
  changed: new Uint8Array(hexOf(last).length / 2),
  intervalsMs: [],
});

/** `isWhole`: nothing was skipped since the time before. */
export function heardAgain(before: Heard, last: WireTalk, isWhole: boolean): Heard {
  const interval = last.at_ms - before.last.at_ms;
  return {
    key: before.key,
    last,
    count: before.count + 1,
    changed: changedBits(hexOf(before.last), hexOf(last)),
    intervalsMs: isWhole ? [...before.intervalsMs, interval].slice(-KEPT_INTERVALS) : before.intervalsMs,
  };
}

export interface Rhythm {
  /** The median, ms. */
  readonly periodMs: number;
  /** The furthest from it, ms. */
  readonly jitterMs: number;
}

/** Silent for so many of its periods it has stopped; what has no period yet, for so long. */
const MISSED = 3;
const QUIET_MS = 5000;

/** How long ago it was heard last, where it ought to have been heard again; ms. */
export function silenceOf(heard: Heard, nowMs: number): number | undefined {
  const ageMs = nowMs - heard.last.at_ms;
  const rhythm = rhythmOf(heard);
  return ageMs > Math.max(QUIET_MS, MISSED * (rhythm?.periodMs ?? 0)) ? ageMs : undefined;
}

const LEAST_INTERVALS = 3;

/** Unknown until there are enough to say it. */
export function rhythmOf({ intervalsMs }: Pick<Heard, 'intervalsMs'>): Rhythm | undefined {
  if (intervalsMs.length < LEAST_INTERVALS) return undefined;
  const sorted = intervalsMs.toSorted((a, b) => a - b);
  const periodMs = sorted[sorted.length >> 1] ?? 0;
  return { periodMs, jitterMs: Math.max(...sorted.map((ms) => Math.abs(ms - periodMs))) };
}
