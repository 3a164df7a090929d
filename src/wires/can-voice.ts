import type { Speaker } from '../can/beat.ts';
import type { Batch } from '../can/pace.ts';
import { dataAgeS } from '../model/bank-state.ts';
import { type CanFrame, frameKey } from '../model/can-frame.ts';
import type { SignalValues } from '../model/signals.ts';
import type { CompiledCan } from '../profile/compile.ts';
import { isIncomplete } from '../profile/encode.ts';
import { layoutOf } from '../profile/frame-layout.ts';
import type { FrameLayout } from '../profile/layout.ts';
import { beatAt, isDue, judged, silenced, spoke, type Talk, type TalkRules } from '../profile/talk.ts';
import { type SaidMemory, type SaidState, saidMemory } from './said-memory.ts';
import type { Said } from './telling.ts';

/** Where the talk stands; the voice and the ear of one inverter share it. */
export interface TalkHolder {
  readonly talk: () => Talk;
  readonly become: (talk: Talk) => void;
}

export interface CanVoiceOptions extends TalkHolder {
  readonly can: CompiledCan;
  readonly rules: TalkRules;
  readonly said: Said;
  /** What the inverter told that the frames may answer to. */
  readonly told: () => SignalValues;
  /** Hears which required values are lacking, or none. */
  readonly onMissing: (names: readonly string[]) => void;
}

/** Tells frames apart on the wire; where one id carries several contents, by the byte that says which. */
export function keyOfFrames({ layouts }: Pick<CompiledCan, 'layouts'>): (frame: CanFrame) => string {
  const parts = new Map(layouts.flatMap((l) => (l.part ? [[frameKey(l), l.part.at] as const] : [])));
  return (frame) => {
    const key = frameKey(frame);
    const at = parts.get(key);
    return at === undefined ? key : `${key}/${frame.data[at]}`;
  };
}

/** The group of what nobody asks for. */
const UNASKED = [''];

/** What is lacking for each group, as one list: what one has does not hide what another lacks. */
function missingByGroup(onMissing: CanVoiceOptions['onMissing']) {
  const lacking = new Map<string, readonly string[]>();
  return (groups: readonly string[], names: readonly string[]): void => {
    for (const group of groups) lacking.set(group, names);
    onMissing([...new Set([...lacking.values()].flat())]);
  };
}

const answers = (layout: FrameLayout, groups: readonly string[]): boolean =>
  layout.when_asked?.some((group) => groups.includes(group)) ?? false;

const isUnasked = (layout: FrameLayout): boolean => layout.when_asked === undefined;

/** Every frame is an answer. */
export const isPolled = ({ layouts }: Pick<CompiledCan, 'layouts'>): boolean => !layouts.some(isUnasked);

/** A speaker that remembers, until a silence, what it said. */
export interface CanVoice extends Speaker {
  readonly memory: SaidMemory;
  /** The line took this frame: only now it is said. */
  readonly sent: (frame: CanFrame) => void;
}

/** The frames of one battery on a CAN bus, by the state of the bank and of the talk; undefined is silence. */
export function canVoice(options: CanVoiceOptions): CanVoice {
  const { can, rules, said, told, talk, become } = options;
  const missing = missingByGroup(options.onMissing);
  /** An answer that is renewed stays of the phase in which it was asked for. */
  const answeredIn = new Map<string, string | undefined>();
  const memory = saidMemory();
  /** Of what state each frame is that goes out next. */
  const underway = new Map<FrameLayout, SaidState>();

  /** All signals, while the talk goes on and the bank may be told. */
  function signals(nowMs: number): SaidState | undefined {
    become(judged(rules, talk(), nowMs));
    if (!talk().going) {
      memory.forget();
      return undefined;
    }
    const { telling, state } = said(nowMs);
    if (telling.kind !== 'say' || !state) {
      become(silenced(rules, talk()));
      memory.forget();
      return undefined;
    }
    const ageS = dataAgeS(state, nowMs);
    const value = { ...state.signals, ...told(), ...(ageS !== undefined && { dataAgeS: ageS }) };
    return { value, atMs: nowMs };
  }

  function say(
    state: SaidState,
    groups: readonly string[],
    wanted: (layout: FrameLayout) => boolean,
    phase: string | undefined,
  ): readonly CanFrame[] | undefined {
    const frames = can.say(state.value, wanted, phase);
    missing(groups, isIncomplete(frames) ? frames.missing : []);
    if (isIncomplete(frames)) return undefined;
    for (const layout of can.layouts) if (wanted(layout)) underway.set(layout, state);
    return frames;
  }

  function reply(state: SaidState, groups: readonly string[], phase: string | undefined) {
    if (groups.length === 0) return [];
    return say(state, groups, (layout) => answers(layout, groups), phase);
  }

  function answered(state: SaidState, groups: readonly string[]) {
    const { phase } = talk();
    for (const group of groups) answeredIn.set(group, phase);
    return reply(state, groups, phase);
  }

  /** The opening, or nothing where it was said. */
  function opening(state: SaidState): Batch | undefined {
    const groups = talk().spoken < 0 ? rules.opening : [];
    const frames = answered(state, groups);
    return frames && { groups, frames };
  }

  return {
    memory,
    sent(frame) {
      const layout = layoutOf(can.layouts, frame);
      const state = layout && underway.get(layout);
      if (state) memory.keep(layout, state);
    },
    beat(nowMs) {
      const state = signals(nowMs);
      if (!state) return undefined;
      const now = talk();
      const beat = beatAt(rules, now, nowMs);
      const first = opening(state);
      const due = say(state, UNASKED, (layout) => isDue(rules, now, layout, beat), now.phase);
      if (!first || !due) return undefined;
      become(spoke(now, beat));
      return first.frames.length > 0 ? [first, { groups: [], frames: due }] : [{ groups: [], frames: due }];
    },
    unasked(nowMs) {
      const state = signals(nowMs);
      if (!state || talk().spoken < 0) return state && [];
      return say(state, UNASKED, isUnasked, talk().phase);
    },
    answer(groups, nowMs) {
      const state = signals(nowMs);
      return state && answered(state, groups);
    },
    renewed(groups, nowMs) {
      const state = signals(nowMs);
      return state && groups.flatMap((group) => reply(state, [group], answeredIn.get(group)) ?? []);
    },
  };
}
