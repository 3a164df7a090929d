import type { InverterPlan } from '../config/inverters.ts';
import { type AsciiBattery, serveAscii } from '../modbus/ascii.ts';
import type { CodecBattery } from '../modbus/codec-battery.ts';
import { serveKostal } from '../modbus/kostal.ts';
import type { LineHooks, LineSettings } from '../modbus/line-server.ts';
import type { MeasuredLink } from '../modbus/link-numbers.ts';
import type { Taken } from '../modbus/underway.ts';
import { dataAgeS } from '../model/bank-state.ts';
import type { Clock } from '../model/freshness.ts';
import type { SignalValues } from '../model/signals.ts';
import { questionsThatMatter } from '../profile/asked-for.ts';
import { isIncomplete } from '../profile/encode.ts';
import type { Answer, CompiledSerial } from '../profile/serial/compile.ts';
import { answered, newTalk } from '../profile/serial/talk.ts';
import { hearInverter } from './hearing.ts';
import type { Left, SerialLeft } from './left.ts';
import {
  answeringOf,
  type Ground,
  lackTeller,
  type Output,
  profileOf,
  rememberedOf,
  saidOf,
} from './output.ts';
import { type SaidMemory, saidMemory } from './said-memory.ts';
import type { Said } from './telling.ts';

/** One battery as the master of a codec asks it, and what it leaves to the next. */
export interface SerialVoice {
  readonly battery: CodecBattery;
  /** What it answered, until a silence. */
  readonly memory: SaidMemory;
  /** The last question was met with silence, as every other would have been. */
  readonly wasMute: () => boolean;
  readonly left: () => SerialLeft;
}

/** A talk in which we had to be silent begins again, and so does one that the profile before had in a phase unknown to this one. */
export function serialVoice(
  serial: CompiledSerial,
  said: Said,
  clock: Clock,
  onMissing: (names: readonly string[]) => void,
  left?: SerialLeft,
): SerialVoice {
  const isKnown = left?.talk.phase !== undefined && serial.phases?.includes(left.talk.phase);
  let talk = left && isKnown ? left.talk : newTalk(serial.phases);
  let askedAtMs = left?.askedAtMs ?? Number.POSITIVE_INFINITY;

  const memory = saidMemory();
  let underway: Taken | undefined;
  let mute = false;

  function signalsOf(nowMs: number): SignalValues | undefined {
    const { telling, state } = said(nowMs);
    if (telling.kind !== 'say' || !state) return undefined;
    const ageS = dataAgeS(state, nowMs);
    return { ...state.signals, ...(ageS !== undefined && { dataAgeS: ageS }) };
  }

  /** All that may be said of the bank; undefined is silence. */
  function sayable(signals: SignalValues | undefined, address?: number): readonly Answer[] | undefined {
    if (!signals) return undefined;
    const answers = serial.say(signals, talk.phase, address);
    onMissing(isIncomplete(answers) ? answers.missing : []);
    return isIncomplete(answers) ? undefined : answers;
  }

  const battery: CodecBattery = {
    perBattery: serial.perBattery,
    speaks() {
      const nowMs = clock();
      underway = undefined;
      const speaks = sayable(signalsOf(nowMs)) !== undefined;
      mute = !speaks;
      if (mute) memory.forget();
      if (mute || nowMs - askedAtMs > (serial.startsOverAfterMs ?? Number.POSITIVE_INFINITY))
        talk = newTalk(serial.phases);
      askedAtMs = nowMs;
      return speaks;
    },
    answer(ask, address) {
      const atMs = clock();
      const signals = signalsOf(atMs);
      const answer = sayable(signals, address)?.find((a) => a.ask === ask);
      if (!answer || !signals) return undefined;
      talk = answered(talk, ask, answer.leads);
      underway = memory.later(() => {
        for (const l of serial.layouts) if (l.id === ask) memory.keep(l, { value: signals, atMs });
      });
      return answer.content;
    },
    taken() {
      const taken = underway;
      underway = undefined;
      return taken;
    },
    accepts(code, [first]) {
      const write = serial.writes.find((w) => w.code === code);
      return write !== undefined && !(first !== undefined && write.unanswered.includes(first));
    },
  };
  return { battery, memory, wasMute: () => mute, left: () => ({ talk, askedAtMs }) };
}

/** An inverter on a serial line that a codec of ours carries. */
export interface SerialOutput extends Output, AsciiBattery {
  /** Every address that it answers as. */
  readonly addresses: readonly number[];
  /** A question of its master, or a write. */
  readonly asked: (atMs: number, ask: number | undefined) => void;
  /** Notes a question and its answer. */
  readonly noted: NonNullable<LineHooks['onTelegram']>;
}

/** The battery with each question noted, stamped with the moment that its answer was made for. */
function tapedBattery(id: string, { clock, tape }: Ground) {
  let readAtMs = 0;
  return {
    clock: () => {
      readAtMs = clock();
      return readAtMs;
    },
    taped: (battery: CodecBattery): CodecBattery =>
      tape
        ? {
            ...battery,
            speaks() {
              const speaks = battery.speaks();
              tape.codec(readAtMs, id, {});
              return speaks;
            },
            answer(ask, address) {
              const content = battery.answer(ask, address);
              tape.codec(readAtMs, id, { ask, address, content });
              return content;
            },
          }
        : battery,
  };
}

export function serialOutput(plan: InverterPlan, ground: Ground, left?: Left): SerialOutput | undefined {
  const { serial } = plan.compiled;
  if (!serial) return undefined;
  const said = saidOf(plan, ground, left);
  const hearing = hearInverter(plan.id, serial.silentAfterMs, ground, left?.hearing);
  const matters = questionsThatMatter(serial);
  const lack = lackTeller(plan, ground);
  const { clock, taped } = tapedBattery(plan.id, ground);
  const voice = serialVoice(serial, said, clock, lack.tell, left?.serial);
  return {
    id: plan.id,
    profile: profileOf(plan),
    rtnEcho: serial.rtnEcho,
    onBadChecksum: serial.onBadChecksum,
    addresses: plan.wire.kind === 'can' ? [] : plan.wire.units,
    asked(atMs, ask) {
      // While we are silent many a master goes no further than its first question.
      if (ask !== undefined && (matters(ask) || voice.wasMute())) hearing.heard(atMs);
      else hearing.spoke(atMs);
    },
    battery: taped(voice.battery),
    noted: (atMs, address, telegrams) => ground.tape?.telegram(atMs, plan.id, address, telegrams),
    hearing,
    ...rememberedOf(plan, voice.memory, answeringOf(plan, ground, lack.isThere, hearing)),
    isPolled: true,
    faults: () => [],
    outsideCurrentA: () => undefined,
    attended: () => true,
    urgent: () => {},
    idleForMs: () => Number.POSITIVE_INFINITY,
    left: () => ({ hearing: hearing.judge(ground.clock()), serial: voice.left() }),
    stop: () => {},
  };
}

/** Serves the outputs of one line, which share its codec; one may take the place of another while it runs. */
export function serveCodec(
  codec: CompiledSerial['codec'],
  settings: LineSettings,
  outputs: readonly SerialOutput[],
  hooks: Omit<LineHooks, 'onRequest' | 'onTelegram'>,
): MeasuredLink {
  const at = (address: number) => outputs.find(({ addresses }) => addresses.includes(address));
  if (codec === 'kostal')
    return serveKostal(settings, () => outputs[0]?.battery, {
      ...hooks,
      onRequest: (atMs, _, ask) => outputs[0]?.asked(atMs, ask),
      onTelegram: (...told) => outputs[0]?.noted(...told),
    });
  return serveAscii(
    settings,
    { get: at },
    {
      ...hooks,
      onRequest: (atMs, address, ask) => at(address)?.asked(atMs, ask),
      // What is to nobody here is told with the first who is.
      onTelegram: (atMs, address, ...told) =>
        ((address === undefined ? undefined : at(address)) ?? outputs[0])?.noted(atMs, address, ...told),
    },
  );
}
