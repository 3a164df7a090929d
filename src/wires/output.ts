import type { InverterPlan } from '../config/inverters.ts';
import type { Condition } from '../events/ledger.ts';
import { isException } from '../modbus/answer.ts';
import { isWrong, readBy } from '../modbus/pdu.ts';
import type { FaultName } from '../model/alarms.ts';
import type { BankState } from '../model/bank-state.ts';
import type { Stamped } from '../model/freshness.ts';
import type { HistogramMs } from '../model/histogram.ts';
import type { After } from '../model/timers.ts';
import type { InverterHealth, Telling } from '../model/wire-health.ts';
import { compileAsRead, type Told } from '../profile/as-read.ts';
import { registersThatMatter } from '../profile/asked-for.ts';
import type { EventGround } from './event-ground.ts';
import { hearInverter, type InverterHearing } from './hearing.ts';
import type { Left } from './left.ts';
import { type ModbusVoice, modbusVoice } from './modbus-voice.ts';
import type { SaidMemory } from './said-memory.ts';
import type { Tape } from './tape.ts';
import { rungWords, type Said, tellingWord, watchTelling } from './telling.ts';

/** What every output of the gateway stands on. */
export interface Ground extends EventGround {
  readonly after: After;
  readonly state: () => BankState | undefined;
  /** Of the black box, if one is kept. */
  readonly tape?: Tape | undefined;
}

/** One inverter as the gateway serves it. */
export interface Output {
  readonly id: string;
  /** `pylontech-lv@1.2.0` */
  readonly profile: string;
  readonly hearing: InverterHearing;
  /** What it is told at this moment. */
  readonly telling: (nowMs: number) => Telling;
  /** What it reads of what was said to it. */
  readonly told: () => Told;
  /** It is told nothing but what it asks for. */
  readonly isPolled: boolean;
  readonly faults: (nowMs: number) => readonly FaultName[];
  readonly outsideCurrentA: () => Stamped<number> | undefined;
  /** True while its wire was looked after: its beat went out, or its failure was handled. */
  readonly attended: (nowMs: number) => boolean;
  /** Something changed that cannot wait for the next beat. */
  readonly urgent: () => void;
  /** For how long nothing is due on its wire; 0 while something is being said. */
  readonly idleForMs: (nowMs: number) => number;
  readonly left: () => Left;
  /** How its beats kept their deadlines; of an output that has a beat. */
  readonly lateness?: () => HistogramMs;
  readonly stop: () => void;
}

export const profileOf = ({ compiled: { profile } }: InverterPlan): string =>
  `${profile.id}@${profile.version}`;

/** What is said is read; silence and an exception are not. */
const isSaid = (telling: Telling): boolean =>
  telling !== 'nothing yet' && telling !== 'silence' && telling !== 'exception';

const nothingTold: Told = { told: {}, atMs: {} };

/** An inverter as numbers; its rate needs a minute of them. */
export function inverterHealth(output: Output, nowMs: number): InverterHealth {
  const { id, profile, hearing, lateness } = output;
  const telling = output.telling(nowMs);
  const { told, atMs } = isSaid(telling) ? output.told() : nothingTold;
  const { voice, lastAtMs } = hearing.judge(nowMs);
  const sensedA = output.outsideCurrentA();
  return {
    id,
    profile,
    voice,
    heard: hearing.count(),
    ...(lastAtMs !== undefined && { heardAtMs: lastAtMs }),
    ...(lateness && { beatLateness: lateness() }),
    telling,
    ...(Object.keys(told).length > 0 && { told }),
    ...(output.isPolled && { isPolled: true, toldAtMs: atMs }),
    ...(hearing.asksNothing(nowMs) && { asksNothing: true }),
    ...(sensedA && { sensedA }),
  };
}

export const saidOf = (plan: InverterPlan, ground: Ground, left?: Left): Said =>
  watchTelling(plan.id, plan.compiled.lost, ground.state, ground, left && ground.clock());

/** What went out, and the word for it: a bank that has just changed is told so at the next beat or answer. */
export function rememberedOf(
  { compiled }: InverterPlan,
  memory: SaidMemory,
  telling: Output['telling'],
): Pick<Output, 'telling' | 'told'> {
  const read = compileAsRead(compiled);
  return {
    told: () => read(memory.in),
    telling(nowMs) {
      const word = telling(nowMs);
      return isSaid(word) ? rungWords[memory.rung() ?? 'never'] : word;
    },
  };
}

/** What an output says of the bank; `isMute`: it says nothing for a reason of its own. */
export const tellingOf =
  ({ compiled }: InverterPlan, { state }: Pick<Ground, 'state'>, isMute: () => boolean) =>
  (nowMs: number): Telling => {
    const word = tellingWord(compiled.lost, state(), nowMs);
    return word === 'nothing yet' || word === 'exception' || !isMute() ? word : 'silence';
  };

/** The same where nothing is told before the inverter has spoken. */
export const answeringOf = (
  plan: InverterPlan,
  ground: Pick<Ground, 'state'>,
  isMute: () => boolean,
  hearing: InverterHearing,
): Output['telling'] => {
  const telling = tellingOf(plan, ground, isMute);
  return (nowMs) => (hearing.judge(nowMs).voice === 'never' ? 'nothing yet' : telling(nowMs));
};

export interface Lack {
  /** Says once which required values the bank does not have, and again when they are others; none ends it. */
  readonly tell: (missing: readonly string[]) => void;
  readonly isThere: () => boolean;
}

/** What the bank lacks of what the profile requires. */
export function lackTeller(plan: InverterPlan, ground: Ground): Lack {
  const { id, compiled } = plan;
  let told: string | undefined;
  const lacking = (names: string): Condition => ({
    kind: 'inverter_lacks_values',
    subject: id,
    about: names,
    line: 'inverter is told nothing: the bank does not have what the profile requires',
    text: `inverter ${id} is told nothing: the bank does not have ${names}, which profile ${compiled.profile.id} requires`,
    details: { profile: compiled.profile.id, missing: names },
  });
  return {
    isThere: () => Boolean(told),
    tell(missing) {
      const names = missing.join(', ');
      if (names === told) return;
      told = names;
      ground.ledger.hold(`values for ${id}`, names ? [lacking(names)] : [], ground.clock());
    },
  };
}

/** An inverter on a Modbus wire: a slave to be served on its line. */
export interface ModbusOutput extends Output, Pick<ModbusVoice, 'slave' | 'slaveAt'> {
  /** A request came, and was answered so. */
  readonly asked: (atMs: number, request: Uint8Array, reply: Uint8Array | undefined) => void;
}

export function modbusOutput(plan: InverterPlan, ground: Ground, left?: Left): ModbusOutput | undefined {
  const { modbus } = plan.compiled;
  if (!modbus) return undefined;
  const hearing = hearInverter(
    plan.id,
    modbus.silentAfterMs,
    ground,
    left?.hearing,
    () => outsideCurrentA() !== undefined,
  );
  const matters = registersThatMatter(modbus);
  const lack = lackTeller(plan, ground);
  const { slave, slaveAt, faults, outsideCurrentA, written, memory } = modbusVoice(
    plan.compiled,
    modbus,
    saidOf(plan, ground, left),
    ground.clock,
    lack.tell,
    left?.written,
  );
  return {
    id: plan.id,
    profile: profileOf(plan),
    slave,
    slaveAt,
    asked(atMs, request, reply) {
      const read = isWrong(reply) ? undefined : readBy(request);
      // While we are silent many a master goes no further than its first question.
      const isInVain = reply === undefined || isException(reply);
      if (read && (isInVain || matters(read.fc, read.address, read.quantity))) hearing.heard(atMs);
      else hearing.spoke(atMs);
    },
    hearing,
    ...rememberedOf(plan, memory, answeringOf(plan, ground, lack.isThere, hearing)),
    isPolled: true,
    faults,
    outsideCurrentA,
    attended: () => true,
    urgent: () => {},
    idleForMs: () => Number.POSITIVE_INFINITY,
    left: () => ({ hearing: hearing.judge(ground.clock()), written }),
    stop: () => {},
  };
}
