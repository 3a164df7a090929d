import type { BatteryReading, PackSample } from '../model/battery.ts';
import type { Stamped } from '../model/freshness.ts';
import type { BankConfig } from './config.ts';
import { evaluate, resume } from './evaluate.ts';
import type { Lifetime } from './lifetime.ts';
import type { Evaluation, Snapshot } from './memory.ts';
import type { Expectation } from './scenario-expect.ts';
import {
  type Course,
  readingOf,
  resting,
  type StagedPack,
  said,
  valueAt,
  type Word,
} from './scenario-pack.ts';

/** What happens at one moment of a scenario, ms since its start and a whole number of seconds. */
export type Step = { readonly atMs: number } & (
  | { readonly packs: readonly string[]; readonly words: readonly Word[] }
  /** Without a course the instrument is silent from now on. */
  | { readonly instrument: Instrument; readonly course?: Course }
  /** `cold`: the machine booted and nothing is remembered. */
  | { readonly restart: 'stored' | 'cold' }
);

/** Who else measures the bank's current; a shunt is believed before an inverter. */
export const instruments = ['shunt', 'inverter'] as const;
export type Instrument = (typeof instruments)[number];

/** A battery room over time: what its packs do, and what must hold at certain moments. */
export interface Scenario {
  readonly bank: BankConfig;
  readonly steps: readonly Step[];
  readonly expectations: readonly Expectation[];
  readonly endMs: number;
}

/** Each speaking pack answers this often. */
export const ANSWER_MS = 2000;
/** The bank is evaluated this often, with the packs' answers of that moment. */
export const LOOK_MS = 1000;

/** What stands in the room, and what the process has heard of it. */
interface Room {
  readonly packs: readonly StagedPack[];
  /** What each pack said last, to whoever listened. */
  readonly spoken: { readonly [pack: string]: BatteryReading };
  readonly instruments: { readonly [I in Instrument]?: Course | undefined };
  readonly samples: { readonly [pack: string]: PackSample };
  readonly measured: { readonly [I in Instrument]?: Stamped<number> };
}

/** A process hears nothing of what was said before it began. */
const deaf = { samples: {}, measured: {} } as const;

function stage(room: Room, step: Step): Room {
  if ('restart' in step) return { ...room, ...deaf };
  if ('instrument' in step)
    return { ...room, instruments: { ...room.instruments, [step.instrument]: step.course } };
  const packs = room.packs.map((pack) =>
    step.packs.includes(pack.config.id) ? step.words.reduce(said, pack) : pack,
  );
  return { ...room, packs };
}

/** The answers of this moment by pack; one whose values stand still repeats its last. */
function answers({ packs, spoken }: Room, nowMs: number): Room['spoken'] {
  const speaking = packs.filter((pack) => pack.speaks);
  const reading = (pack: StagedPack) => readingOf(pack, nowMs, Math.floor(nowMs / ANSWER_MS));
  return Object.fromEntries(
    speaking.map((pack) => {
      const last = pack.moves ? undefined : spoken[pack.config.id];
      return [pack.config.id, last ?? reading(pack)];
    }),
  );
}

const stamped = (readings: Room['spoken'], atMs: number): Room['samples'] =>
  Object.fromEntries(Object.entries(readings).map(([id, reading]) => [id, { atMs, reading }]));

function listen(room: Room, nowMs: number): Room {
  const measured = instruments.flatMap((name) => {
    const course = room.instruments[name];
    return course ? [[name, { value: valueAt(course, nowMs), atMs: nowMs }] as const] : [];
  });
  const answered = answers(room, nowMs);
  return {
    ...room,
    spoken: { ...room.spoken, ...answered },
    samples: { ...room.samples, ...stamped(answered, nowMs) },
    measured: { ...room.measured, ...Object.fromEntries(measured) },
  };
}

function snapshotOf({ samples, measured: { shunt, inverter } }: Room): Snapshot {
  return { samples, ...(shunt && { shuntA: shunt }), ...(inverter && { outsideCurrentA: inverter }) };
}

/** JSON has no hole: what it wrote as null was absent. */
const throughJson = (state: Evaluation): Evaluation =>
  // What was written is what is read.
  JSON.parse(JSON.stringify(state), (_key, value) => (value === null ? undefined : value)) as Evaluation;

/** What the next process knows of the one before. */
function begun(state: Evaluation | undefined, due: readonly Step[], nowMs: number): Evaluation | undefined {
  const restart = due.findLast((step) => 'restart' in step)?.restart;
  if (restart === undefined || !state) return state;
  return restart === 'cold' ? undefined : resume(throughJson(state), nowMs);
}

/** Plays a scenario: the bank's state at each second from 0 to its end, after what happens in that second. */
export function* play({ bank, steps, endMs }: Scenario): Generator<Evaluation, void> {
  let room: Room = { packs: bank.strings.flat().map(resting), spoken: {}, instruments: {}, ...deaf };
  let state: Evaluation | undefined;
  let lifetime: Lifetime | undefined;
  for (let nowMs = 0; nowMs <= endMs; nowMs += LOOK_MS) {
    const due = steps.filter((step) => step.atMs === nowMs);
    room = due.reduce(stage, room);
    // What outlives a boot is all that a cold restart knows.
    lifetime = state?.memory.lifetime ?? lifetime;
    state = begun(state, due, nowMs);
    // A process that begins now has not heard anybody yet.
    const begins = due.some((step) => 'restart' in step);
    if (!begins && nowMs % ANSWER_MS === 0) room = listen(room, nowMs);
    state = evaluate(snapshotOf(room), state, bank, nowMs, lifetime);
    yield state;
  }
}
