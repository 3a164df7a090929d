import { type BeatReport, type Speaker, startBeat } from '../can/beat.ts';
import type { CanBus } from '../can/bus.ts';
import type { InverterPlan } from '../config/inverters.ts';
import type { Moment } from '../events/ledger.ts';
import type { CanFrame } from '../model/can-frame.ts';
import type { CompiledCan } from '../profile/compile.ts';
import { led, newTalk, type Talk, type TalkRules, talkRules, wentOn } from '../profile/talk.ts';
import { canEar, type ReceivedCounts } from './can-ear.ts';
import { canVoice, isPolled, keyOfFrames, type TalkHolder } from './can-voice.ts';
import { hearInverter } from './hearing.ts';
import type { CanLeft, Left } from './left.ts';
import {
  answeringOf,
  type Ground,
  lackTeller,
  type Output,
  profileOf,
  rememberedOf,
  saidOf,
  tellingOf,
} from './output.ts';

/** One inverter on a CAN bus. */
export interface CanOutput extends Output {
  /** Takes any frame of the bus; those of others are counted, and nothing else. */
  readonly frame: (frame: CanFrame, atMs: number) => void;
  readonly received: () => ReceivedCounts;
  /** Beats, those left out, and how late the frames came. */
  readonly beats: () => BeatReport;
}

/** A beat may be this late before its wire counts as unattended. */
const BEAT_GRACE_MS = 2000;
/** For the last frames of a beat to be out. */
const SETTLE_MS = 100;

/** Any frame that shows an inverter alive will do, so the one that comes soonest sets the time. */
const silentAfterMs = ({ receives }: CompiledCan): number =>
  Math.min(
    ...receives.filter(({ means }) => means === 'alive').map((r) => r.silent_after),
    Number.MAX_SAFE_INTEGER,
  );

/** What an operator should read of the talk: that it begins, ends, or moves on to another phase. */
function talkNews(inverter: string, was: Talk, { going, phase }: Talk): Moment | undefined {
  const what = { kind: 'inverter_talk', subject: inverter } as const;
  if (was.going && !going)
    return { ...what, text: 'inverter silent: it is told nothing until it is heard again' };
  if (!was.going && going) return { ...what, text: 'talk with the inverter begins', details: { phase } };
  return phase === was.phase
    ? undefined
    : { ...what, text: 'talk with the inverter goes on', details: { phase } };
}

/** Where the talk with one inverter stands; tells when it begins, moves on and ends. */
function talkHolder(
  plan: InverterPlan,
  rules: TalkRules,
  ground: Ground,
  left: CanLeft | undefined,
): TalkHolder {
  const phases = plan.compiled.can?.talk.phases ?? [];
  let talk = left
    ? wentOn(rules, phases, {
        was: left.talk,
        by: left.rules,
        nextAtMs: firstBeat(rules.everyMs, left, ground.clock()),
      })
    : newTalk(rules, ground.clock());
  return {
    talk: () => talk,
    become(next) {
      const news = talkNews(plan.id, talk, next);
      talk = next;
      if (news) ground.ledger.moment(news, ground.clock());
    },
  };
}

/** Where the beat before had its deadline, or sooner where this one is quicker. */
const firstBeat = (everyMs: number, { beatAtMs, nextBeatAtMs }: CanLeft, nowMs: number): number =>
  Math.min(nextBeatAtMs, Math.max(Math.ceil(nowMs), (beatAtMs ?? nextBeatAtMs) + everyMs));

/** What an inverter on a CAN bus is told and what it tells, whatever carries it. */
export function canTalker(plan: InverterPlan, can: CompiledCan, ground: Ground, left?: Left) {
  const rules = talkRules(can);
  const holder = talkHolder(plan, rules, ground, left?.can);
  const lack = lackTeller(plan, ground);
  const ear = canEar(plan.id, rules, holder, ground, left?.can?.values);
  const speaker = canVoice({
    ...holder,
    can,
    rules,
    said: saidOf(plan, ground, left),
    told: ear.signals,
    onMissing: lack.tell,
  });
  const isMute = () => lack.isThere() || !holder.talk().going;
  return { rules, holder, ear, speaker, isMute };
}

/** The speaker, with each of its turns noted before it is taken. */
function tapedSpeaker(id: string, speaker: Speaker, { tape }: Ground): Speaker {
  if (!tape) return speaker;
  const { said } = tape;
  return {
    beat(nowMs) {
      said(nowMs, id, 'beat');
      return speaker.beat(nowMs);
    },
    unasked(nowMs) {
      said(nowMs, id, 'unasked');
      return speaker.unasked(nowMs);
    },
    answer(groups, nowMs) {
      said(nowMs, id, 'answer', groups);
      return speaker.answer(groups, nowMs);
    },
    renewed(groups, nowMs) {
      said(nowMs, id, 'renewed', groups);
      return speaker.renewed(groups, nowMs);
    },
  };
}

/** An inverter on a CAN bus: a beat of frames, answers to what it asks, and its keep-alive. */
export function canOutput(
  plan: InverterPlan,
  bus: Pick<CanBus, 'send'>,
  ground: Ground,
  left?: Left,
): CanOutput | undefined {
  const { can } = plan.compiled;
  if (!can) return undefined;
  const { rules, holder, ear, speaker, isMute } = canTalker(plan, can, ground, left);
  const polled = isPolled(can);
  const hearing = hearInverter(plan.id, silentAfterMs(can), ground, left?.hearing);
  const judge = polled || rules.waitsToBeHeard ? answeringOf : tellingOf;
  const { everyMs, gapMs, minGapMs } = can;
  const { clock, after } = ground;
  const beat = startBeat({
    everyMs,
    firstAtMs: left?.can && firstBeat(everyMs, left.can, clock()),
    gapMs,
    minGapMs,
    keyOf: keyOfFrames(can),
    speaker: tapedSpeaker(plan.id, speaker, ground),
    send(frame) {
      const isTaken = bus.send(frame);
      if (isTaken) speaker.sent(frame);
      return isTaken;
    },
    clock,
    after,
  });
  return {
    id: plan.id,
    profile: profileOf(plan),
    hearing,
    ...rememberedOf(plan, speaker.memory, judge(plan, ground, isMute, hearing)),
    isPolled: polled,
    faults: () => [],
    outsideCurrentA: () => ear.value('inverter_current'),
    attended(nowMs) {
      const { attendedAtMs } = beat.report();
      return attendedAtMs === undefined || nowMs - attendedAtMs <= everyMs + BEAT_GRACE_MS;
    },
    urgent: beat.urgent,
    idleForMs(nowMs) {
      const { busy, nextAtMs, attendedAtMs = Number.NEGATIVE_INFINITY } = beat.report();
      // What comes after this one does not know when each id was last sent.
      return busy || nowMs < attendedAtMs + minGapMs + SETTLE_MS ? 0 : nextAtMs - nowMs;
    },
    left() {
      const { attendedAtMs, nextAtMs } = beat.report();
      const { values } = ear;
      const talk = holder.talk();
      return {
        hearing: hearing.judge(clock()),
        can: { talk, rules, values, beatAtMs: attendedAtMs, nextBeatAtMs: nextAtMs },
      };
    },
    stop: beat.stop,
    received: ear.counts,
    beats: beat.report,
    lateness: () => beat.report().lateness,
    frame(frame, atMs) {
      const heard = ear.hear(frame, atMs);
      if (heard.kind !== 'meant') return;
      // One that is only answered hears nothing by being there.
      if (heard.alive && (!polled || heard.asks.length > 0)) hearing.heard(atMs);
      if (heard.starts) beat.restart();
      if (!heard.talk.going) return;
      // Where nothing may be answered, the talk stays in its phase.
      if (beat.answer(heard.asks) && heard.leadsTo !== undefined)
        holder.become(led(holder.talk(), heard.leadsTo));
    },
  };
}
