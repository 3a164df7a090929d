// The live document of the page, made of what the wires told last.
import type {
  Live,
  LiveBank,
  LiveDurations,
  LiveInverter,
  LivePack,
  LiveReason,
  LiveRest,
  LiveWire,
} from '../model/api/live.ts';
import type { BankState, PackState, Reason } from '../model/bank-state.ts';
import { readingToNames } from '../model/battery.ts';
import { countOf, type HistogramMs, quantileMs } from '../model/histogram.ts';
import { toNames } from '../model/signals.ts';
import type { BatteryHealth, BatteryRest, Health, InverterHealth, WireHealth } from '../model/wire-health.ts';
import type { HeardEvents } from './heard-events.ts';

const reason = ({ sinceMs, ...rest }: Reason): LiveReason => ({
  ...rest,
  ...(sinceMs !== undefined && { since_ms: sinceMs }),
});

function bankOf(state: BankState): LiveBank {
  const { chargeVoltage, dischargeVoltage, chargeCurrent, dischargeCurrent } = state.reasons;
  return {
    sequence: state.sequence,
    evaluated_at_ms: state.evaluatedAtMs,
    valid_until_ms: state.validUntilMs,
    freshness: state.freshness,
    ...(state.sampleAtMs !== undefined && { sample_at_ms: state.sampleAtMs }),
    ...(state.stage && { stage: state.stage }),
    signals: toNames(state.signals),
    reasons: {
      charge_voltage_limit_V: chargeVoltage.map(reason),
      discharge_voltage_limit_V: dischargeVoltage.map(reason),
      charge_current_limit_A: chargeCurrent.map(reason),
      discharge_current_limit_A: dischargeCurrent.map(reason),
    },
    notices: state.notices,
  };
}

type LiveLink = NonNullable<LivePack['link']>;

const restOf = ({ what, untilMs, by }: BatteryRest): LiveRest => ({ what, until_ms: untilMs, by });

const linkOf = ({ state, rssiDbm, why }: NonNullable<BatteryHealth['link']>): LiveLink => ({
  state,
  ...(rssiDbm !== undefined && { rssi_dBm: rssiDbm }),
  ...(why !== undefined && { why }),
});

const packOf = (pack: PackState, way: BatteryHealth | undefined): LivePack => ({
  freshness: pack.freshness,
  ...(pack.sampleAtMs !== undefined && { sample_at_ms: pack.sampleAtMs }),
  ...(pack.fault !== undefined && { fault: pack.fault }),
  ...(pack.isPartial && { is_partial: pack.isPartial }),
  ...(pack.chargeCurrentLimitA !== undefined && { charge_current_limit_A: pack.chargeCurrentLimitA }),
  ...(pack.dischargeCurrentLimitA !== undefined && {
    discharge_current_limit_A: pack.dischargeCurrentLimitA,
  }),
  ...(way?.rest && { rest: restOf(way.rest) }),
  ...(way?.link && { link: linkOf(way.link) }),
  ...(pack.reading && { reading: readingToNames(pack.reading) }),
});

function durations(histogram: HistogramMs): LiveDurations {
  const [p50, p99] = [quantileMs(histogram, 0.5), quantileMs(histogram, 0.99)];
  return {
    count: countOf(histogram),
    max: histogram.maxMs,
    ...(p50 !== undefined && { p50 }),
    ...(p99 !== undefined && { p99 }),
  };
}

const wireOf = ({ kind, state, counts, asked, masters, answerTime }: WireHealth): LiveWire => ({
  kind,
  state,
  counts,
  asked,
  ...(masters !== undefined && { masters }),
  ...(answerTime && { answer_time: durations(answerTime) }),
});

const inverterOf = (wire: string, i: InverterHealth): LiveInverter => ({
  wire,
  ...(i.profile !== undefined && { profile: i.profile }),
  voice: i.voice,
  heard: i.heard,
  ...(i.heardAtMs !== undefined && { heard_at_ms: i.heardAtMs }),
  ...(i.heardPerMinute !== undefined && { heard_per_minute: i.heardPerMinute }),
  ...(i.beatLateness && { beat: durations(i.beatLateness) }),
  telling: i.telling,
  ...(i.told && { told: i.told }),
  ...(i.isPolled && { is_polled: i.isPolled }),
  ...(i.told && i.toldAtMs && { told_at_ms: i.toldAtMs }),
  ...(i.asksNothing && { asks_nothing: i.asksNothing }),
  ...(i.sensedA && { sensed: { current_A: i.sensedA.value, at_ms: i.sensedA.atMs } }),
});

/** What is known; a gateway that has just begun knows little. */
export function liveDocument(
  state: BankState | undefined,
  health: Health | undefined,
  events: Pick<HeardEvents, 'shown' | 'trips'>,
): Live {
  const { wires = [], children = [], batteries = [] } = health ?? {};
  const wayTo = (id: string) => batteries.find((battery) => battery.id === id);
  return {
    ...(state && { bank: bankOf(state) }),
    packs: Object.fromEntries((state?.packs ?? []).map((pack) => [pack.id, packOf(pack, wayTo(pack.id))])),
    wires: Object.fromEntries(wires.map((wire) => [wire.name, wireOf(wire)])),
    inverters: Object.fromEntries(
      wires.flatMap((wire) => wire.inverters.map((i) => [i.id, inverterOf(wire.name, i)])),
    ),
    events: events.shown(),
    trips: events.trips(),
    processes: Object.fromEntries(
      children.map(({ name, replaced, dropped }) => [name, { replaced, dropped }]),
    ),
  };
}
