// The inverters as metrics: how each is heard, and how its beats kept their deadlines.
import type { Health, InverterHealth } from '../model/wire-health.ts';
import {
  type HealthAt,
  type HistogramSample,
  type Labels,
  type Metric,
  type Sample,
  seconds,
} from './metric.ts';

const INVERTER = ['inverter', 'wire'] as const;

function ofInverters<S>(
  health: Health,
  read: (inverter: InverterHealth, labels: Labels) => readonly S[],
): S[] {
  return health.wires.flatMap(({ name, inverters }) =>
    inverters.flatMap((inverter) => read(inverter, { inverter: inverter.id, wire: name })),
  );
}

type InverterValue = (inverter: InverterHealth, nowMs: number) => number | undefined;

const inverterMetric = (
  name: string,
  help: string,
  type: 'gauge' | 'counter',
  value: InverterValue,
): Metric<HealthAt> => ({
  name: `bmsgate_inverter_${name}`,
  help,
  type,
  labels: INVERTER,
  read: ({ health, nowMs }) =>
    ofInverters(health, (inverter, labels): Sample[] => [{ labels, value: value(inverter, nowMs) }]),
});

export const inverterMetrics: readonly Metric<HealthAt>[] = [
  inverterMetric('heard_total', 'Polls or keep-alives of an inverter', 'counter', ({ heard }) => heard),
  inverterMetric(
    'heard_per_minute',
    'Polls or keep-alives in the last whole minute',
    'gauge',
    ({ heardPerMinute }) => heardPerMinute,
  ),
  inverterMetric(
    'heard_age_seconds',
    'Since its last poll or keep-alive; up to 5 s more than it is',
    'gauge',
    ({ heardAtMs }, nowMs) => (heardAtMs === undefined ? undefined : seconds(Math.max(0, nowMs - heardAtMs))),
  ),
  inverterMetric('silent', '1 if it was heard and has fallen silent', 'gauge', ({ voice }) =>
    voice === 'never' ? undefined : voice === 'silent' ? 1 : 0,
  ),
  {
    name: 'bmsgate_inverter_beat_lateness_seconds',
    help: 'From the deadline of a CAN beat to its first frame',
    type: 'histogram',
    labels: INVERTER,
    read: ({ health }) =>
      ofInverters(health, ({ beatLateness }, labels): HistogramSample[] =>
        beatLateness ? [{ labels, histogram: beatLateness }] : [],
      ),
  },
];
