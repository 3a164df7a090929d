import { type Beat, startBeat } from '../can/beat.ts';
import type { CanBus } from '../can/bus.ts';
import type { InverterPlan } from '../config/inverters.ts';
import type { Slave } from '../modbus/slave.ts';
import type { FaultName } from '../model/alarms.ts';
import type { BankState } from '../model/bank-state.ts';
import { type CanFrame, frameKey } from '../model/can-frame.ts';
import type { Clock, Stamped } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';
import { canVoice } from './can-voice.ts';
import type { Change } from './changes.ts';
import { hearInverter, type InverterHearing } from './hearing.ts';
import { modbusVoice } from './modbus-voice.ts';
import { type Said, watchTelling } from './telling.ts';

/** What every output of the gateway stands on. */
export interface Ground {
  readonly clock: Clock;
  readonly after: After;
  readonly state: () => BankState | undefined;
  readonly onChange: (change: Change) => void;
}

/** One inverter as the gateway serves it. */
export interface Output {
  readonly id: string;
  readonly hearing: InverterHearing;
  readonly faults: (nowMs: number) => readonly FaultName[];
  readonly outsideCurrentA: () => Stamped<number> | undefined;
  /** True while its wire was looked after: its beat went out, or its failure was handled. */
  readonly attended: (nowMs: number) => boolean;
  /** Something changed that cannot wait for the next beat. */
  readonly urgent: () => void;
  readonly stop: () => void;
}

/** A beat may be this late before its wire counts as unattended. */
const BEAT_GRACE_MS = 2000;

const saidOf = (plan: InverterPlan, ground: Ground): Said =>
  watchTelling(plan.id, plan.compiled.lost, ground.state, ground.onChange);

/** Says once which required values the bank does not have, and again when they are others; none ends it. */
function incompleteTeller(plan: InverterPlan, ground: Ground): (missing: readonly string[]) => void {
  let told = '';
  return (missing) => {
    const names = missing.join(', ');
    if (names && names !== told)
      ground.onChange({
        level: 'error',
        text: 'inverter is told nothing: the bank does not have what the profile requires',
        fields: { inverter: plan.id, profile: plan.compiled.profile.id, missing: names },
      });
    told = names;
  };
}

/** An inverter on a Modbus wire: a slave to be served on its line. */
export function modbusOutput(
  plan: InverterPlan,
  ground: Ground,
): (Output & { readonly slave: Slave }) | undefined {
  const { modbus } = plan.compiled;
  if (!modbus) return undefined;
  const hearing = hearInverter(plan.id, modbus.silentAfterMs, ground.onChange);
  const { slave, faults, outsideCurrentA } = modbusVoice(
    plan.compiled,
    modbus,
    saidOf(plan, ground),
    ground.clock,
    incompleteTeller(plan, ground),
  );
  return {
    id: plan.id,
    slave,
    hearing,
    faults,
    outsideCurrentA,
    attended: () => true,
    urgent: () => {},
    stop: () => {},
  };
}

/** An inverter on a CAN bus: a beat of frames, and its keep-alive. */
export function canOutput(
  plan: InverterPlan,
  bus: Pick<CanBus, 'send'>,
  ground: Ground,
): (Output & { readonly frame: (frame: CanFrame, atMs: number) => void }) | undefined {
  const { can } = plan.compiled;
  if (!can) return undefined;
  const alive = new Set(can.receives.map(frameKey));
  const silentAfterMs = Math.min(...can.receives.map((r) => r.silent_after), Number.MAX_SAFE_INTEGER);
  const hearing = hearInverter(plan.id, silentAfterMs, ground.onChange);
  const beat: Beat = startBeat({
    everyMs: can.everyMs,
    gapMs: can.gapMs,
    minGapMs: can.minGapMs,
    frames: canVoice(can, saidOf(plan, ground), incompleteTeller(plan, ground)),
    send: bus.send,
    clock: ground.clock,
    after: ground.after,
  });
  return {
    id: plan.id,
    hearing,
    faults: () => [],
    outsideCurrentA: () => undefined,
    attended(nowMs) {
      const { attendedAtMs } = beat.report();
      return attendedAtMs === undefined || nowMs - attendedAtMs <= can.everyMs + BEAT_GRACE_MS;
    },
    urgent: beat.urgent,
    stop: beat.stop,
    frame(frame, atMs) {
      if (alive.has(frameKey(frame))) hearing.heard(atMs);
    },
  };
}
