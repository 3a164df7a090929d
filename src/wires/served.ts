import type { Snapshot } from '../bank/memory.ts';
import type { Found, Swaps } from '../config/configuration.ts';
import type { InverterPlan } from '../config/inverters.ts';
import type { Offer, Refusal } from '../config/profile-watch.ts';
import { type Sensed, watchExceeding } from '../events/exceeding.ts';
import type { FaultName } from '../model/alarms.ts';
import type { WireHealth } from '../model/wire-health.ts';
import type { Leavings } from './left.ts';
import { type OpenWire, type OutputsGround, openWire, openWires, sameWire } from './outputs.ts';
import { putDownRemarks, putDownServed } from './remarks.ts';
import { startSwaps } from './swaps.ts';

const LOOK_AGAIN_MS = 10_000;

/** Every inverter that is served, and those that wait for their profile. */
export interface Served {
  /** What the inverters say about themselves, for the next evaluation. */
  readonly surroundings: (nowMs: number) => Omit<Snapshot, 'samples'>;
  /** Once a second: who has fallen silent, who goes beyond its limits, and which new profile has stood its trial. */
  readonly judge: (nowMs: number) => void;
  readonly urgent: () => void;
  /** A profile that was written anew: proven, to be taken between two beats, or not. */
  readonly hearProfile: (news: Offer | Refusal) => void;
  /** True while every wire was looked after. */
  readonly attended: (nowMs: number) => boolean;
  /** Every wire as numbers. */
  readonly health: (nowMs: number) => WireHealth[];
  /** What is remembered of each inverter. */
  readonly left: () => Leavings;
  readonly stop: () => void;
}

export interface ServedGround extends OutputsGround {
  /** The inverter whose written current is that of the bank's shunt. */
  readonly shunt?: string;
  /** Without them no profile is exchanged. */
  readonly swaps?: Swaps;
  /** A new profile has stood its trial: its texts are the last good ones now. */
  readonly stood?: (inverter: string, textHash: string) => void;
}

/**
 * Serves the plans. `missing` is asked for those that could not be planned before, 10 s after its last answer; the wire of one
 * that is found is opened anew with it, the other wires do not notice.
 */
export function serve(
  plans: readonly InverterPlan[],
  missing: () => Promise<Found>,
  ground: ServedGround,
): Served {
  let wires: readonly OpenWire[] = openWires(plans, ground);
  const outputs = () => wires.flatMap((wire) => wire.outputs);

  function admit(plan: InverterPlan): void {
    const old = wires.find((wire) => wire.plans.some((other) => sameWire(other.wire, plan.wire)));
    const left = old?.left();
    old?.close();
    const anew = openWire(plan.wire, [...(old?.plans ?? []), plan], ground, left);
    wires = [...wires.filter((wire) => wire !== old), anew];
    putDownServed(plan.id, ground);
  }

  /** In its place on the open wire, or, where that must be another, on that one opened anew. */
  function exchange(plan: InverterPlan): void {
    const old = wires.find((wire) => wire.plans.some(({ id }) => id === plan.id));
    if (!old || old.exchange(plan)) return;
    const left = old.left();
    old.close();
    const plans = old.plans.map((other) => (other.id === plan.id ? plan : other));
    wires = wires.map((wire) => (wire === old ? openWire(plan.wire, plans, ground, left) : wire));
  }

  const swapping =
    ground.swaps &&
    startSwaps({
      ...ground,
      swaps: ground.swaps,
      exchange,
      planOf: (inverter) => wires.flatMap((wire) => wire.plans).find(({ id }) => id === inverter),
      idleForMs: () => Math.min(...outputs().map((output) => output.idleForMs(ground.clock()))),
      stood: ground.stood ?? (() => {}),
    });

  const exceeding = watchExceeding();
  function lookAtCurrents(nowMs: number): void {
    const state = ground.state();
    if (!state) return;
    const sensed = outputs().flatMap(({ id, outsideCurrentA }): Sensed[] => {
      const seen = id === ground.shunt ? undefined : outsideCurrentA();
      return seen ? [{ inverter: id, currentA: seen.value, atMs: seen.atMs }] : [];
    });
    ground.ledger.hold(
      'currents of inverters',
      exceeding({ signals: state.signals, evaluatedAtMs: nowMs }, sensed),
      nowMs,
    );
  }

  let isStopped = false;
  async function lookAgain(): Promise<void> {
    const found = await missing();
    if (isStopped) return;
    putDownRemarks(found.remarks, ground);
    for (const plan of found.plans) admit(plan);
    cancel = ground.after(LOOK_AGAIN_MS, lookAgain);
  }
  let cancel = ground.after(LOOK_AGAIN_MS, lookAgain);

  return {
    surroundings(nowMs) {
      const faults: FaultName[] = outputs().flatMap((output) => output.faults(nowMs));
      const written = outputs().flatMap(({ id, outsideCurrentA }) => {
        const seen = outsideCurrentA();
        return seen ? [{ id, seen }] : [];
      });
      const shunt = written.find(({ id }) => id === ground.shunt);
      // Of several inverters each sees its own part only.
      const [only, other] = written.filter((w) => w !== shunt);
      return {
        faults,
        ...(shunt && { shuntA: shunt.seen }),
        ...(only && !other && { outsideCurrentA: only.seen }),
      };
    },
    judge(nowMs) {
      for (const output of outputs()) output.hearing.judge(nowMs);
      lookAtCurrents(nowMs);
      swapping?.judge(nowMs);
    },
    hearProfile(news) {
      if (news.type === 'offer') swapping?.offer(news);
      else swapping?.refuse(news);
    },
    urgent() {
      for (const output of outputs()) output.urgent();
    },
    attended: (nowMs) => outputs().every((output) => output.attended(nowMs)),
    health: (nowMs) => wires.map((wire) => wire.health(nowMs)),
    left: () => new Map(wires.flatMap((wire) => [...wire.left()])),
    stop() {
      isStopped = true;
      cancel();
      swapping?.stop();
      for (const wire of wires) wire.close();
    },
  };
}
