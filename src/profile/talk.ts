import { type CanFrame, frameKey } from '../model/can-frame.ts';
import type { CompiledCan } from './compile.ts';
import { isMeant, type Rule, rulesOf, valueIn } from './hears.ts';
import type { FrameLayout } from './layout.ts';
import type { Meaning } from './schema.ts';

/** How the talk with an inverter goes, by its profile. */
export interface TalkRules {
  readonly everyMs: number;
  readonly firstPhase: string | undefined;
  readonly waitsToBeHeard: boolean;
  /** What is said once when a talk starts, before the frames of its first beat. */
  readonly opening: readonly string[];
  readonly stopsAfterMs: number;
  readonly byFrame: ReadonlyMap<string, readonly Rule[]>;
}

/** Where one talk stands. Moments are monotonic ms. */
export interface Talk {
  /** False before an inverter that must speak first was heard, and after it fell silent. */
  readonly going: boolean;
  readonly phase: string | undefined;
  /** From here the beats are counted. */
  readonly sinceMs: number;
  readonly heardAtMs?: number;
  /** The last beat that was spoken, 0 the first; -1 before the opening was said. */
  readonly spoken: number;
}

/** A value that the inverter told, in its unit (V, A, °C, %, or plain); current is positive while charging. */
export interface ToldValue {
  readonly means: Meaning;
  readonly value: number;
}

export type Heard =
  /** `malformed`: known, but shorter than the profile needs. Neither changes anything. */
  | { readonly kind: 'unknown' | 'malformed' }
  | {
      readonly kind: 'meant';
      readonly talk: Talk;
      readonly alive: boolean;
      /** The talk starts, or starts again, with this frame. */
      readonly starts: boolean;
      readonly asks: readonly string[];
      /** The phase once it has been answered. */
      readonly leadsTo?: string;
      readonly values: readonly ToldValue[];
    };

export function talkRules(can: CompiledCan): TalkRules {
  const { everyMs, talk } = can;
  return {
    everyMs,
    firstPhase: talk.phases?.[0],
    waitsToBeHeard: talk.starts === 'heard',
    opening: talk.starts_with ?? [],
    stopsAfterMs: talk.stops_after ?? Number.POSITIVE_INFINITY,
    byFrame: Map.groupBy(rulesOf(can), ({ spec }) => frameKey(spec)),
  };
}

/** A talk of which nothing was said yet. */
export const newTalk = ({ waitsToBeHeard, firstPhase }: TalkRules, nowMs: number): Talk => ({
  going: !waitsToBeHeard,
  phase: firstPhase,
  sinceMs: nowMs,
  spoken: -1,
});

/** After a silence longer than the profile bears, the talk begins anew when the inverter is heard again. */
export const judged = (rules: TalkRules, talk: Talk, nowMs: number): Talk =>
  talk.going && talk.heardAtMs !== undefined && nowMs - talk.heardAtMs > rules.stopsAfterMs
    ? { ...newTalk(rules, nowMs), going: false }
    : talk;

/** We had to be silent ourselves: what comes next is said as to an inverter that has never heard of us. */
export const silenced = (rules: TalkRules, talk: Talk): Talk =>
  talk.spoken < 0 && talk.phase === rules.firstPhase
    ? talk
    : { ...talk, phase: rules.firstPhase, spoken: -1 };

/** The talk goes on by other rules, the next beat at `nextAtMs`: in its phase where they have it, its beats counted in their time. */
export function wentOn(
  rules: TalkRules,
  phases: readonly string[],
  { was, by, nextAtMs }: { readonly was: Talk; readonly by: TalkRules; readonly nextAtMs: number },
): Talk {
  const goesOn = was.going && (!rules.waitsToBeHeard || was.heardAtMs !== undefined);
  const next = Math.max(1, beatAt(rules, was, nextAtMs));
  return {
    ...was,
    going: goesOn || (by.waitsToBeHeard && !rules.waitsToBeHeard),
    phase: was.phase !== undefined && phases.includes(was.phase) ? was.phase : rules.firstPhase,
    ...(rules.everyMs !== by.everyMs && {
      sinceMs: nextAtMs - next * rules.everyMs,
      spoken: was.spoken < 0 ? was.spoken : next - 1,
    }),
  };
}

export const led = (talk: Talk, phase: string): Talk => (talk.phase === phase ? talk : { ...talk, phase });

/** The number of the deadline nearest to this moment, 0 at the start of the talk. */
export const beatAt = ({ everyMs }: TalkRules, { sinceMs }: Talk, nowMs: number): number =>
  Math.max(0, Math.round((nowMs - sinceMs) / everyMs));

/** The frames of this beat were said. */
export const spoke = (talk: Talk, beat: number): Talk => ({ ...talk, spoken: beat });

/** Has the turn of this frame come since the last spoken beat? A turn that was missed is made up for, once. */
export function isDue({ everyMs }: TalkRules, { spoken }: Talk, layout: FrameLayout, beat: number): boolean {
  if (layout.when_asked) return false;
  const beats = (layout.every ?? everyMs) / everyMs;
  return Math.floor(beat / beats) > Math.floor(spoken / beats);
}

const valuesIn = ({ fields }: Rule, data: Uint8Array): ToldValue[] =>
  fields.flatMap((field) => {
    const value = valueIn(field, data);
    return value === undefined ? [] : [{ means: field.means, value }];
  });

/** Of several entries that lead on from this phase the first counts. */
const leadOf = (rules: readonly Rule[], phase: string | undefined): string | undefined =>
  rules
    .flatMap(({ spec }) => spec.leads ?? [])
    .find(({ from }) => from === undefined || (phase !== undefined && from.includes(phase)))?.to;

/** The talk after a sign of life: kept going, or started. */
function enlivened(rules: TalkRules, talk: Talk, nowMs: number): Talk {
  const going = talk.going ? talk : { ...newTalk(rules, nowMs), going: true };
  return { ...going, heardAtMs: nowMs };
}

/** Takes a frame from the bus. Nothing in it can throw; what is not whole changes nothing. */
export function heard(rules: TalkRules, was: Talk, frame: CanFrame, nowMs: number): Heard {
  const meant = (rules.byFrame.get(frameKey(frame)) ?? []).filter((rule) => isMeant(rule, frame.data));
  if (meant.length === 0) return { kind: 'unknown' };
  if (meant.some(({ bytes }) => frame.data.length < bytes)) return { kind: 'malformed' };
  const before = judged(rules, was, nowMs);
  const alive = meant.some(({ spec }) => spec.means === 'alive');
  const talk = alive ? enlivened(rules, before, nowMs) : before;
  const leadsTo = leadOf(meant, talk.phase);
  return {
    kind: 'meant',
    talk,
    alive,
    starts: talk.going && !before.going,
    asks: talk.going ? [...new Set(meant.flatMap(({ spec }) => spec.asks))] : [],
    ...(talk.going && leadsTo !== undefined && { leadsTo }),
    values: meant.flatMap((rule) => valuesIn(rule, frame.data)),
  };
}
