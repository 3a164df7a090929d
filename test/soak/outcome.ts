// What a soak showed: as data, and in lines for people.
import type { BleStack } from '../../src/ble/orders.ts';
import type { Life } from './ear-life.ts';
import { lineOf } from './hands.ts';
import { type Fault, type FaultKind, faultKinds } from './plan.ts';
import type { Reach } from './reach.ts';
import { type Spread, spreadOf } from './spread.ts';
import type { SoakUnit } from './unit.ts';

export interface Outcome {
  readonly stack: BleStack;
  readonly seed: number;
  readonly units: number;
  readonly lastedS: number;
  /** The machine withheld the processor from us or the ear. */
  readonly stillS: number;
  /** `backMs`: from the end of the fault to the arrival of the next sample. */
  readonly faults: Partial<Record<FaultKind, { readonly count: number; readonly backMs?: Spread }>>;
  readonly samples: number;
  readonly answers: number;
  readonly bentAnswers: number;
  /** Bytes or frames that the ear reported as not believed. */
  readonly rejected: number;
  /** How often the ear said that it had stood still. */
  readonly stalls: number;
  /** From the stamp to the arrival of a sample. */
  readonly arrivalMs?: Spread;
  /** Age of the newest sample of each unit that had to be fresh, ten times a second. */
  readonly ageMs?: Spread;
  readonly ears: readonly Life[];
  readonly log: readonly string[];
  readonly violations: readonly string[];
  /** An emulated processor broke the ear in the midst of it, which says nothing of the ear. */
  readonly isBroken: boolean;
}

export interface Shown {
  readonly stack: BleStack;
  readonly seed: number;
  readonly units: number;
  readonly lastedMs: number;
  readonly stillMs: number;
  readonly plan: readonly Fault[];
  readonly watched: readonly { readonly unit: SoakUnit; readonly reach: Reach }[];
  readonly counts: { readonly rejected: number; readonly stalls: number };
  readonly arrivalsMs: readonly number[];
  readonly lives: readonly Life[];
  readonly violations: readonly string[];
  readonly isBroken: boolean;
}

const optional = <K extends string>(key: K, values: readonly number[]): { readonly [key in K]?: Spread } => {
  const spread = spreadOf(values);
  // A computed key loses its name.
  return (spread ? { [key]: spread } : {}) as { readonly [key in K]?: Spread };
};

export function outcomeOf(shown: Shown): Outcome {
  const { stack, seed, units, plan, watched, arrivalsMs, violations } = shown;
  const back = watched.flatMap(({ reach }) => reach.backMs);
  const given = watched.flatMap(({ unit }) => [...unit.given.values()]);
  const faultsOf = (kind: FaultKind) => ({
    count: plan.filter((fault) => fault.kind === kind).length,
    ...optional(
      'backMs',
      back.flatMap((one) => (one.kind === kind ? one.ms : [])),
    ),
  });
  return {
    ...{ stack, seed, units, ...shown.counts },
    lastedS: shown.lastedMs / 1000,
    stillS: shown.stillMs / 1000,
    faults: Object.fromEntries(faultKinds.map((kind) => [kind, faultsOf(kind)])),
    samples: arrivalsMs.length,
    answers: given.length,
    bentAnswers: given.filter(({ isBent }) => isBent).length,
    ...optional('arrivalMs', arrivalsMs),
    ...optional(
      'ageMs',
      watched.flatMap(({ reach }) => reach.agesMs),
    ),
    ears: shown.lives,
    log: plan.map(lineOf),
    violations,
    isBroken: shown.isBroken,
  };
}

const told = (spread: Spread | undefined): string =>
  spread
    ? `p50 ${spread.p50.toFixed(0)} ms, p99 ${spread.p99.toFixed(0)} ms, max ${spread.max.toFixed(0)} ms (${spread.count})`
    : 'none';

const toldOfEar = ({ livedS, handles, rssMb }: Life): string =>
  handles && rssMb
    ? `${livedS.toFixed(0)} s: open files ${handles[0]} then ${handles[1]}, ` +
      `memory ${rssMb[0].toFixed(0)} then ${rssMb[1].toFixed(0)} MB`
    : `${livedS.toFixed(0)} s: too short for a trend`;

/** The whole of it but the log. */
export function linesOf(o: Outcome): string[] {
  const faults = faultKinds.map((kind) => {
    const { count = 0, backMs } = o.faults[kind] ?? {};
    return `${kind.padEnd(6)} ${String(count).padStart(4)}${backMs ? `  back after ${told(backMs)}` : ''}`;
  });
  return [
    `${o.stack}, seed ${o.seed}, ${o.units} units, ${o.lastedS.toFixed(0)} s; the machine stood still for ${o.stillS.toFixed(1)} s of it`,
    ...faults,
    `${o.samples} samples checked, made of ${o.answers} answers (${o.bentAnswers} bent; the ear rejected ${o.rejected} times, stood still ${o.stalls} times)`,
    `age of a sample on arrival: ${told(o.arrivalMs)}`,
    `age of the newest sample of a unit in reach: ${told(o.ageMs)}`,
    ...o.ears.map((life) => `an ear of ${toldOfEar(life)}`),
    ...o.violations,
    `${o.violations.length} violations`,
  ];
}
