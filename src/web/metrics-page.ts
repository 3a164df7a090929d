// The page that Prometheus reads, made anew from the newest snapshot at each scrape. The one door to `prom-client`.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BankState } from '../model/bank-state.ts';
import { countOf, cumulative } from '../model/histogram.ts';
import type { Health } from '../model/wire-health.ts';
import { bankAndPackMetrics } from './bank-metrics.ts';
import {
  type HistogramMetric,
  type HistogramSample,
  type Metric,
  type NumberMetric,
  seconds,
} from './metric.ts';
import { healthMetrics } from './wire-metrics.ts';

/** What the office knows at a scrape; what it was not told yet is absent. */
export interface Snapshots {
  readonly bank: BankState | undefined;
  readonly health: Health | undefined;
  readonly nowMs: number;
}

/** Older snapshots are not told: their numbers would look like those of now. */
export const TOLD_FOR_MS = 15_000;

export const snapshotAge: NumberMetric<Snapshots> = {
  name: 'bmsgate_snapshot_age_seconds',
  help: 'Age of what this page is made of; past 15 s nothing else is told of it',
  type: 'gauge',
  labels: ['of'],
  read: ({ bank, health, nowMs }) => [
    { labels: { of: 'bank' }, value: bank && seconds(nowMs - bank.evaluatedAtMs) },
    { labels: { of: 'wires' }, value: health && seconds(nowMs - health.atMs) },
  ],
};

const settingsOf = ({ name, help, labels }: Metric<never>, registry: Registry) => ({
  name,
  help,
  labelNames: labels,
  registers: [registry],
});

function addNumbers<From>(metric: NumberMetric<From>, from: From, registry: Registry): void {
  const samples = metric
    .read(from)
    .flatMap(({ labels = {}, value }) =>
      value === undefined || !Number.isFinite(value) ? [] : [{ labels, value }],
    );
  // Without a label prom-client would say 0 by itself.
  if (samples.length === 0) return;
  if (metric.type === 'counter') {
    const counter = new Counter(settingsOf(metric, registry));
    for (const { labels, value } of samples) counter.inc(labels, value);
  } else {
    const gauge = new Gauge(settingsOf(metric, registry));
    for (const { labels, value } of samples) gauge.set(labels, value);
  }
}

/** The lines of one histogram; prom-client itself can only observe one value after the other. */
function histogramLines(name: string, { labels = {}, histogram }: HistogramSample) {
  const count = countOf(histogram);
  const line = (suffix: string, value: number, le?: number | string) => ({
    metricName: `${name}_${suffix}`,
    labels: { ...labels, ...(le !== undefined && { le }) },
    value,
    exemplar: null,
  });
  return [
    ...cumulative(histogram).map((bucket) => line('bucket', bucket.count, seconds(bucket.leMs))),
    line('bucket', count, '+Inf'),
    line('sum', seconds(histogram.sumMs)),
    line('count', count),
  ];
}

function addHistogram<From>(metric: HistogramMetric<From>, from: From, registry: Registry): void {
  const samples = metric.read(from);
  if (samples.length === 0) return;
  const values = samples.flatMap((sample) => histogramLines(metric.name, sample));
  const empty = new Histogram({ name: metric.name, help: metric.help, registers: [] });
  // The registry asks a gauge for its lines by `get`; a histogram it asks for what it has observed.
  const lines = new Gauge(settingsOf(metric, registry));
  lines.get = async () => ({ ...(await empty.get()), values });
}

function addAll<From>(metrics: readonly Metric<From>[], from: From, registry: Registry): void {
  for (const metric of metrics)
    if (metric.type === 'histogram') addHistogram(metric, from, registry);
    else addNumbers(metric, from, registry);
}

const isNew = (atMs: number, nowMs: number): boolean => nowMs - atMs <= TOLD_FOR_MS;

/** In Prometheus's text format, version 0.0.4. */
export async function metricsPage(snapshots: Snapshots): Promise<string> {
  const { bank, health, nowMs } = snapshots;
  const registry = new Registry();
  addAll([snapshotAge], snapshots, registry);
  if (bank && isNew(bank.evaluatedAtMs, nowMs)) addAll(bankAndPackMetrics, { bank, nowMs }, registry);
  if (health && isNew(health.atMs, nowMs)) addAll(healthMetrics, { health, nowMs }, registry);
  return registry.metrics();
}
