import type { InverterPlan } from '../config/inverters.ts';
import { serveAscii } from '../modbus/ascii.ts';
import type { CodecBattery } from '../modbus/codec-battery.ts';
import { serveKostal } from '../modbus/kostal.ts';
import type { LineHooks, LineSettings } from '../modbus/line-server.ts';
import type { Closable } from '../modbus/link.ts';
import { dataAgeS } from '../model/bank-state.ts';
import type { Clock } from '../model/freshness.ts';
import { isIncomplete } from '../profile/encode.ts';
import type { Answer, CompiledSerial } from '../profile/serial-compile.ts';
import { answered, newTalk } from '../profile/serial-talk.ts';
import { hearInverter } from './hearing.ts';
import type { Left } from './left.ts';
import { type Ground, incompleteTeller, type Output, saidOf } from './output.ts';
import type { Said } from './telling.ts';

/** One battery as the master of a codec asks it. A talk in which we had to be silent begins again. */
export function serialVoice(
  serial: CompiledSerial,
  said: Said,
  clock: Clock,
  onMissing: (names: readonly string[]) => void,
): CodecBattery {
  let talk = newTalk(serial.phases);
  let askedAtMs = Number.POSITIVE_INFINITY;

  /** All that may be said at this moment; undefined is silence. */
  function sayable(nowMs: number, address?: number): readonly Answer[] | undefined {
    const { telling, state } = said(nowMs);
    if (telling.kind !== 'say' || !state) return undefined;
    const ageS = dataAgeS(state, nowMs);
    const signals = { ...state.signals, ...(ageS !== undefined && { dataAgeS: ageS }) };
    const answers = serial.say(signals, talk.phase, address);
    onMissing(isIncomplete(answers) ? answers.missing : []);
    return isIncomplete(answers) ? undefined : answers;
  }

  return {
    perBattery: serial.perBattery,
    speaks() {
      const nowMs = clock();
      const speaks = sayable(nowMs) !== undefined;
      if (!speaks || nowMs - askedAtMs > (serial.startsOverAfterMs ?? Number.POSITIVE_INFINITY))
        talk = newTalk(serial.phases);
      askedAtMs = nowMs;
      return speaks;
    },
    answer(ask, address) {
      const answer = sayable(clock(), address)?.find((a) => a.ask === ask);
      if (answer) talk = answered(talk, ask, answer.leads);
      return answer?.content;
    },
    accepts(code, [first]) {
      const write = serial.writes.find((w) => w.code === code);
      return write !== undefined && !(first !== undefined && write.unanswered.includes(first));
    },
  };
}

/** An inverter on a serial line that a codec of ours carries. */
export interface SerialOutput extends Output {
  readonly serial: CompiledSerial;
  /** Every address that it answers as. */
  readonly addresses: readonly number[];
  readonly battery: CodecBattery;
}

export function serialOutput(plan: InverterPlan, ground: Ground, left?: Left): SerialOutput | undefined {
  const { serial } = plan.compiled;
  if (!serial) return undefined;
  const said = saidOf(plan, ground, left);
  const hearing = hearInverter(plan.id, serial.silentAfterMs, ground.onChange, left?.hearing);
  return {
    id: plan.id,
    serial,
    addresses: plan.wire.kind === 'can' ? [] : plan.wire.units,
    battery: serialVoice(serial, said, ground.clock, incompleteTeller(plan, ground)),
    hearing,
    faults: () => [],
    outsideCurrentA: () => undefined,
    attended: () => true,
    urgent: () => {},
    idleForMs: () => Number.POSITIVE_INFINITY,
    left: () => ({ hearing: hearing.judge(ground.clock()) }),
    stop: () => {},
  };
}

/** Serves the outputs of one line, which share its codec. */
export function serveCodec(
  settings: LineSettings,
  outputs: readonly SerialOutput[],
  hooks: Omit<LineHooks, 'onRequest'>,
): Closable {
  const [only] = outputs;
  if (only?.serial.codec === 'kostal')
    return serveKostal(settings, only.battery, { ...hooks, onRequest: only.hearing.heard });
  const byAddress = new Map(outputs.flatMap((output) => output.addresses.map((a) => [a, output] as const)));
  const batteries = new Map(
    [...byAddress].map(([address, { serial, battery }]) => [address, { ...serial, battery }]),
  );
  const onRequest = (atMs: number, address: number) => byAddress.get(address)?.hearing.heard(atMs);
  return serveAscii(settings, batteries, { ...hooks, onRequest });
}
