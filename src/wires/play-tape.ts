// Plays a tape: evaluates the bank and asks the voices anew, entry by entry, and holds all that comes out against what was told.
import { isDeepStrictEqual } from 'node:util';
import type { BankConfig } from '../bank/config.ts';
import { evaluate } from '../bank/evaluate.ts';
import type { Evaluation, Snapshot } from '../bank/memory.ts';
import { lineOf, readLine, type ServedInverter, type Start, type TapeEntry } from '../blackbox/tape.ts';
import { newLedger } from '../events/ledger.ts';
import type { CanFrame } from '../model/can-frame.ts';
import { idText } from '../profile/describe.ts';
import { newProduced } from './produced.ts';
import { type Replayed, replayed } from './replayed.ts';
import { limitsOf } from './tape.ts';

export interface Tape {
  readonly bank: BankConfig;
  /** In force at the beginning. */
  readonly inverters: readonly ServedInverter[];
  readonly entries: Iterable<TapeEntry>;
}

/** What was told by the gateway and what the playing tells, each as a text. */
export interface Compared {
  readonly what: 'evaluation' | 'memory' | 'answer' | 'frame';
  readonly who: string;
  readonly was: string;
  readonly is: string;
}

export interface Step {
  readonly entry: TapeEntry;
  readonly compared?: Compared | undefined;
  /** After an evaluation. */
  readonly state?: Evaluation | undefined;
}

type Of<K extends TapeEntry[0]> = Extract<TapeEntry, readonly [K, ...unknown[]]>;

const hex = (bytes: Uint8Array | null | undefined): string =>
  bytes ? Buffer.from(bytes).toString('hex') : 'silence';

const frameText = (frame: CanFrame): string => `${idText(frame)}#${Buffer.from(frame.data).toString('hex')}`;

/** As it comes out of a file. */
const asFiled = (value: unknown): unknown => readLine(lineOf(value));

/** The left of an inverter was written by `leavingsData`. */
const leftIn = ({ left }: Start, id: string) => (left[id] ?? {}) as Parameters<typeof replayed>[2];

/** The tape of one stretch from its first start to its end. */
export function* playTape({ bank, inverters, entries }: Tape): Generator<Step> {
  const served = new Map(inverters.map((inverter) => [inverter.id, inverter]));
  const outputs = new Map<string, Replayed>();
  const produced = newProduced();
  let samples: Record<string, Snapshot['samples'][string]> = {};
  let state: Evaluation | undefined;
  let nowMs = 0;
  const ground = {
    clock: () => nowMs,
    after: () => () => {},
    state: () => state,
    ledger: newLedger('played', () => {}),
  };

  function begin([, , start]: Of<'start'>): Compared | undefined {
    const was = state;
    samples = { ...start.samples };
    for (const inverter of served.values())
      if (!outputs.has(inverter.id))
        outputs.set(inverter.id, replayed(inverter, ground, leftIn(start, inverter.id)));
    state ??= start.state;
    if (was === undefined) return undefined;
    const isSame = isDeepStrictEqual(asFiled(was), start.state);
    return {
      what: 'memory',
      who: 'bank',
      was: 'the state on the tape',
      is: isSame ? 'the state on the tape' : 'another',
    };
  }
  function evaluated([, atMs, sequence, freshness, limits, around]: Of<'evaluated'>): Compared {
    state = evaluate({ samples: { ...samples }, ...around }, state, bank, atMs);
    const text = (...all: unknown[]) => JSON.stringify(all);
    const is = text(state.sequence, state.freshness, limitsOf(state));
    return { what: 'evaluation', who: 'bank', was: text(sequence, freshness, limits), is };
  }
  function answered(who: string, was: Uint8Array | null, is: Uint8Array | undefined): Compared {
    return { what: 'answer', who, was: hex(was), is: hex(is) };
  }
  function said([, atMs, id, call, groups]: Of<'say'>): void {
    const frames = outputs.get(id)?.say(call, atMs, groups) ?? [];
    for (const frame of frames)
      produced.add(served.get(id)?.wire ?? '', idText(frame), frameText(frame), atMs);
  }
  function framed([, atMs, bus, way, id, extended, data]: Of<'frame'>): Compared | undefined {
    const frame = { id, extended, data };
    if (way === '>') {
      const was = frameText(frame);
      const is = produced.sent(bus, idText(frame), was);
      return is === undefined ? undefined : { what: 'frame', who: bus, was, is };
    }
    for (const { id: inverter, wire } of served.values())
      if (wire === bus) outputs.get(inverter)?.hear(frame, atMs);
    return undefined;
  }
  /** Of an inverter under another profile nothing is known until the next start. */
  function exchanged([, , inverter]: Of<'profile'>): void {
    served.set(inverter.id, inverter);
    outputs.delete(inverter.id);
    produced.forget(inverter.wire);
  }
  function play(entry: TapeEntry): Compared | undefined {
    nowMs = entry[1];
    if (entry[0] === 'start') return begin(entry);
    if (entry[0] === 'sample') samples[entry[2]] = { atMs: entry[3], reading: entry[4] };
    if (entry[0] === 'evaluated') return evaluated(entry);
    if (entry[0] === 'say') said(entry);
    if (entry[0] === 'frame') return framed(entry);
    if (entry[0] === 'profile') exchanged(entry);
    if (entry[0] !== 'modbus' && entry[0] !== 'codec') return undefined;
    const output = outputs.get(entry[2]);
    if (!output) return undefined;
    if (entry[0] === 'modbus') return answered(entry[2], entry[5], output.asked(entry[3], entry[4]));
    return answered(entry[2], entry[5], output.codec(entry[3] ?? undefined, entry[4]));
  }

  for (const entry of entries) {
    const compared = play(entry);
    yield { entry, compared, ...(entry[0] === 'evaluated' && { state }) };
  }
}
