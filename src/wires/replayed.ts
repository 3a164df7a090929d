// One inverter of a tape: its voices as they were on the wire, asked by hand.
import type { ServedInverter, SpeakerCall } from '../blackbox/tape.ts';
import { answerOrFault } from '../modbus/answer.ts';
import type { CanFrame } from '../model/can-frame.ts';
import { compileProfile } from '../profile/compile.ts';
import { led } from '../profile/talk.ts';
import { canTalker } from './can-output.ts';
import { type LeftData, leftOf } from './left-data.ts';
import { type Ground, modbusOutput, saidOf } from './output.ts';
import { serialVoice } from './serial-voice.ts';

export interface Replayed {
  /** The reply to a request of its master. */
  readonly asked: (unit: number, request: Uint8Array) => Uint8Array | undefined;
  /** The content of an answer of its codec; without a question, whether anything may be said. */
  readonly codec: (ask: number | undefined, address: number) => Uint8Array | undefined;
  /** What its CAN output says at this turn. */
  readonly say: (call: SpeakerCall, atMs: number, groups: readonly string[]) => readonly CanFrame[];
  /** It hears a frame of its bus. */
  readonly hear: (frame: CanFrame, atMs: number) => void;
}

type Plan = Parameters<typeof modbusOutput>[0];

function modbusReplies(
  plan: Plan,
  { units }: ServedInverter,
  ground: Ground,
  left: ReturnType<typeof leftOf>,
) {
  const output = modbusOutput(plan, ground, left);
  return (unit: number, request: Uint8Array): Uint8Array | undefined => {
    if (!output) return undefined;
    if (unit !== 0) return answerOrFault(output.slaveAt(unit), request, false, undefined);
    for (const slave of new Set(units.map(output.slaveAt))) answerOrFault(slave, request, true, undefined);
    return undefined;
  };
}

function canTurns(
  plan: Plan,
  ground: Ground,
  left: ReturnType<typeof leftOf>,
): Pick<Replayed, 'say' | 'hear'> {
  const { can } = plan.compiled;
  if (!can) return { say: () => [], hear: () => {} };
  const { holder, ear, speaker } = canTalker(plan, can, ground, left);
  /** Where the talk goes once what was heard has been answered. */
  let leadsTo: string | undefined;
  return {
    hear(frame, atMs) {
      const heard = ear.hear(frame, atMs);
      leadsTo = heard.kind === 'meant' ? heard.leadsTo : undefined;
    },
    say(call, atMs, groups) {
      if (call === 'beat') return (speaker.beat(atMs) ?? []).flatMap(({ frames }) => frames);
      if (call === 'unasked') return speaker.unasked(atMs) ?? [];
      if (call === 'renewed') return speaker.renewed(groups, atMs) ?? [];
      const frames = speaker.answer(groups, atMs);
      if (frames && leadsTo !== undefined) holder.become(led(holder.talk(), leadsTo));
      leadsTo = undefined;
      return frames ?? [];
    },
  };
}

/** `ground`: the clock and the state of the tape. */
export function replayed(inverter: ServedInverter, ground: Ground, data: LeftData): Replayed {
  const compiled = compileProfile(inverter.profile, inverter.settings);
  const plan: Plan = { id: inverter.id, wire: { kind: 'can', name: inverter.wire }, compiled };
  const left = leftOf(compiled, data);
  const { serial } = compiled;
  const codec =
    serial && serialVoice(serial, saidOf(plan, ground, left), ground.clock, () => {}, left.serial);
  return {
    ...canTurns(plan, ground, left),
    asked: modbusReplies(plan, inverter, ground, left),
    codec(ask, address) {
      if (ask !== undefined) return codec?.battery.answer(ask, address);
      codec?.battery.speaks();
      return undefined;
    },
  };
}
