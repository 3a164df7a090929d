// What a metric is: its name, its words, and how its values are read from a snapshot. Unknown is no sample at all.
import type { HistogramMs } from '../model/histogram.ts';
import type { Health } from '../model/wire-health.ts';

export type Labels = Readonly<Record<string, string>>;

/** What metrics of the wires are read from. */
export interface HealthAt {
  readonly health: Health;
  readonly nowMs: number;
}

/** In the unit that the metric's name tells; a value that is not known is undefined and left out. */
export interface Sample {
  readonly labels?: Labels;
  readonly value: number | undefined;
}

export interface HistogramSample {
  readonly labels?: Labels;
  readonly histogram: HistogramMs;
}

interface Named {
  /** As Prometheus wants it: base units, `_total` for what only grows. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

export interface NumberMetric<From> extends Named {
  readonly type: 'gauge' | 'counter';
  readonly read: (from: From) => readonly Sample[];
}

/** Told in seconds. */
export interface HistogramMetric<From> extends Named {
  readonly type: 'histogram';
  readonly read: (from: From) => readonly HistogramSample[];
}

export type Metric<From> = NumberMetric<From> | HistogramMetric<From>;

/** One of several states: 1 for the one that is, 0 for the others. */
export const stateSet = <S extends string>(
  states: readonly S[],
  is: S,
  name: string,
  labels: Labels = {},
): Sample[] => states.map((state) => ({ labels: { ...labels, [name]: state }, value: state === is ? 1 : 0 }));

export const seconds = (ms: number): number => ms / 1000;
