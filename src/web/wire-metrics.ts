// The wires, the inverters on them and the child processes as metrics.
import {
  type Asked,
  type WireCounter,
  type WireHealth,
  wireCounters,
  wireStates,
} from '../model/wire-health.ts';
import { inverterMetrics } from './inverter-metrics.ts';
import {
  type HealthAt,
  type HistogramSample,
  type Labels,
  type Metric,
  seconds,
  stateSet,
} from './metric.ts';

const WIRE = ['wire', 'kind'] as const;
const wireLabels = ({ name, kind }: WireHealth): Labels => ({ wire: name, kind });

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A counter that a kind of wire does not have is no sample. */
function counterMetric(counter: WireCounter, help: string): Metric<HealthAt> {
  return {
    name: `bmsgate_wire_${snake(counter)}_total`,
    help,
    type: 'counter',
    labels: WIRE,
    read: ({ health }) =>
      health.wires.map((wire) => ({ labels: wireLabels(wire), value: wire.counts[counter] })),
  };
}

/** States that only a CAN controller has are not told of other wires. */
const statesOf = ({ kind }: WireHealth) =>
  kind === 'can' ? wireStates : (['opening', 'open', 'unavailable'] as const);

const hex = (n: number, digits: number): string => `0x${n.toString(16).padStart(digits, '0')}`;
const ASKED = [...WIRE, 'unit', 'function', 'first', 'quantity'] as const;

function askedLabels(wire: WireHealth, { unit, code, first, quantity }: Asked): Labels {
  return {
    ...wireLabels(wire),
    unit: String(unit),
    function: wire.kind === 'rtu' || wire.kind === 'tcp' ? String(code) : hex(code, 2),
    ...(first !== undefined && { first: hex(first, 4) }),
    ...(quantity !== undefined && { quantity: String(quantity) }),
  };
}

const askedMetric = (name: string, help: string, count: (asked: Asked) => number): Metric<HealthAt> => ({
  name,
  help,
  type: 'counter',
  labels: ASKED,
  read: ({ health }) =>
    health.wires.flatMap((wire) =>
      wire.asked.map((row) => ({ labels: askedLabels(wire, row), value: count(row) })),
    ),
});

const wireMetrics: readonly Metric<HealthAt>[] = [
  {
    name: 'bmsgate_wire_state',
    help: 'What state a wire is in: 1 for the one that is',
    type: 'gauge',
    labels: [...WIRE, 'state'],
    read: ({ health }) =>
      health.wires.flatMap((wire) => stateSet(statesOf(wire), wire.state, 'state', wireLabels(wire))),
  },
  ...Object.entries(wireCounters).map(([counter, help]) =>
    // Object.entries forgets that these keys are the table's own.
    counterMetric(counter as WireCounter, help),
  ),
  {
    name: 'bmsgate_wire_masters',
    help: 'Masters that are connected',
    type: 'gauge',
    labels: WIRE,
    read: ({ health }) => health.wires.map((wire) => ({ labels: wireLabels(wire), value: wire.masters })),
  },
  {
    name: 'bmsgate_wire_answer_seconds',
    help: 'From the last byte of a request to the moment when the port took the answer, the reply delay included',
    type: 'histogram',
    labels: WIRE,
    read: ({ health }) =>
      health.wires.flatMap((wire): HistogramSample[] =>
        wire.answerTime ? [{ labels: wireLabels(wire), histogram: wire.answerTime }] : [],
      ),
  },
  {
    name: 'bmsgate_wire_answer_max_seconds',
    help: 'The longest of them since the wire was opened',
    type: 'gauge',
    labels: WIRE,
    read: ({ health }) =>
      health.wires.map((wire) => ({
        labels: wireLabels(wire),
        value: wire.answerTime?.counts.some((n) => n > 0) ? seconds(wire.answerTime.maxMs) : undefined,
      })),
  },
  askedMetric('bmsgate_wire_range_asked_total', 'Requests by what they asked for', ({ count }) => count),
  askedMetric(
    'bmsgate_wire_range_refused_total',
    'Refused requests by what they asked for',
    ({ refused }) => refused,
  ),
  {
    name: 'bmsgate_wire_range_others_total',
    help: 'Requests beyond the 32 ranges of a unit that are told apart',
    type: 'counter',
    labels: WIRE,
    read: ({ health }) =>
      health.wires.map((wire) => ({
        labels: wireLabels(wire),
        value: wire.kind === 'can' ? undefined : wire.askedOthers,
      })),
  },
];

const childMetrics: readonly Metric<HealthAt>[] = [
  {
    name: 'bmsgate_process_restarts_total',
    help: 'How often a child process (ear, office) ended and was replaced',
    type: 'counter',
    labels: ['process'],
    read: ({ health }) =>
      health.children.map(({ name, replaced }) => ({ labels: { process: name }, value: replaced })),
  },
  {
    name: 'bmsgate_process_messages_dropped_total',
    help: 'Messages that a child process did not take',
    type: 'counter',
    labels: ['process'],
    read: ({ health }) =>
      health.children.map(({ name, dropped }) => ({ labels: { process: name }, value: dropped })),
  },
];

export const healthMetrics: readonly Metric<HealthAt>[] = [
  ...wireMetrics,
  ...inverterMetrics,
  ...childMetrics,
];
