import { dataAgeS, VALID_FOR_MS } from '../model/bank-state.ts';
import { type Freshness, isStale } from '../model/freshness.ts';
import type { SignalValues } from '../model/signals.ts';
import { absentStrings } from './absent.ts';
import { isConnected, measure } from './aggregate.ts';
import { bankAlarms } from './alarms.ts';
import { limitsOf } from './bank-limits.ts';
import { bankRung, bankStampMs, hasBeenHeard } from './bank-rung.ts';
import { builtOf } from './built.ts';
import { datedReasons } from './causes.ts';
import { stepLifetime } from './charging.ts';
import { ownLimits } from './combine.ts';
import type { BankConfig } from './config.ts';
import { type Lifetime, newLifetime, passedMs } from './lifetime.ts';
import type { BankMemory, Evaluation, Snapshot } from './memory.ts';
import { noNeighbours, stepNeighbours } from './neighbours.ts';
import { bankNotices } from './notices.ts';
import { stepPacks } from './packs.ts';
import { counts, faultsOf, packStates } from './report.ts';
import { askedFor } from './requests.ts';
import { shuntNow } from './shunt.ts';
import { toldSocPct } from './soc-told.ts';
import { type Charge, stageCellV } from './stages.ts';
import { isCounted, type StringValues, stringsOf } from './strings.ts';

/** What is known before the first evaluation of a start; `lifetime` is what outlived the boot. */
const blank = (nowMs: number, lifetime: Lifetime): BankMemory => ({
  startedAtMs: nowMs,
  packs: {},
  heard: false,
  heartbeat: { value: 0, atMs: nowMs },
  alarms: {},
  neighbours: noNeighbours,
  absent: [],
  causes: {},
  lifetime,
});

/** A stored evaluation taken up again after a restart in the same boot: every pack is at best *late* until it speaks. */
export function resume(stored: Evaluation, nowMs: number): Evaluation {
  const packs = Object.fromEntries(
    Object.entries(stored.memory.packs).map(([id, pack]) => [id, { ...pack, resumed: true as const }]),
  );
  return { ...stored, memory: { ...stored.memory, packs, resumedAtMs: nowMs } };
}

/**
 * One evaluation of the bank (bank reference, section 8): pure and deterministic, all timers live in `previous`.
 * `nowMs` and all stamps are of one monotonic clock. `lifetime` matters only where there is no `previous`. Never throws; what
 * cannot be used is left out with a reason.
 */
export function evaluate(
  snapshot: Snapshot,
  previous: Evaluation | undefined,
  config: BankConfig,
  nowMs: number,
  lifetime: Lifetime = newLifetime,
): Evaluation {
  const was = previous?.memory ?? blank(nowMs, lifetime);
  const packs = stepPacks(snapshot, was, config, nowMs);
  const strings = stringsOf(config, packs);
  const beganMs = was.resumedAtMs ?? was.startedAtMs;
  const heard = was.heard || hasBeenHeard(strings, nowMs - beganMs);
  const freshness = bankRung(strings, heard, packs, config);
  const counting = strings.flatMap((s) => (isCounted(s) && s.complete) || []);
  const read = strings.flatMap((s) => s.complete ?? []);
  const built = builtOf(config);
  const shunt = shuntNow(snapshot, config, nowMs);
  const speaks = !isStale(freshness) && freshness !== 'never';
  const values = counting.length ? measure(counting, built.nominalVoltageV, shunt.currentA) : {};
  const life = speaks
    ? stepLifetime(was.lifetime, counting, values, config, passedMs(previous?.evaluatedAtMs, nowMs))
    : was.lifetime;
  const measured = counting.length
    ? { ...values, ...toldSocPct(values, counting, life.charge, config) }
    : (was.measured ?? lastRead(read, life.charge, config));
  const neighbours = stepNeighbours(was.neighbours, counting, new Set(was.absent), config, nowMs);
  const absent = absentStrings(strings, beganMs, nowMs);
  const own = ownLimits(read, config);
  const grounds = {
    counting,
    absent,
    read,
    own,
    stageCellV: stageOf(life, absent, config),
    isStopped: life.charge.stage === 'stop',
    rejoining: Object.keys(neighbours.rejoining),
    withheld: snapshot.withheld ?? [],
  };
  const newestAtMs = bankStampMs(strings, was, config);
  const moment = { nowMs, previous, was, oldestMs: newestAtMs };
  const measuredAtMs = counting.length ? newestAtMs : was.measuredAtMs;
  // Packs on their way back do not count yet: what is told meanwhile is as old as it was.
  const sampleAtMs = Math.min(newestAtMs, measuredAtMs ?? newestAtMs);
  const { signals, reasons, ...course } = limitsOf(freshness, grounds, config, moment);
  const dated = datedReasons(reasons, was.causes, nowMs);
  const heartbeat = beat(was.heartbeat, freshness, nowMs);
  const { alarms, warnings, seen } = bankAlarms(read, config.alarmRule, was.alarms, nowMs);
  const { notices, conflict } = bankNotices({
    strings,
    counting,
    packs,
    neighbours,
    life,
    shunt,
    config,
    nowMs,
  });
  return {
    sequence: (previous?.sequence ?? 0) + 1,
    evaluatedAtMs: nowMs,
    validUntilMs: nowMs + VALID_FOR_MS,
    freshness,
    ...(heard && { sampleAtMs }),
    ...(speaks && { stage: life.charge.stage }),
    signals: {
      ...measured,
      ...signals,
      ...built,
      ...counts(strings),
      alarms,
      warnings,
      ...requestsOf(life, speaks),
      energyChargedKWh: life.chargedWh / 1000,
      energyDischargedKWh: life.dischargedWh / 1000,
      freshness,
      online: speaks && isConnected(counting),
      heartbeat: heartbeat.value,
      faults: faultsOf(snapshot, strings, freshness, conflict, beganMs, nowMs),
      ...(heard && { dataAgeS: dataAgeS({ sampleAtMs }, nowMs) ?? 0 }),
    },
    packs: packStates(strings, packs, counting, own),
    reasons: dated.reasons,
    notices,
    memory: {
      ...beginOf(was),
      packs,
      heard,
      heartbeat,
      ...(measured && { measured }),
      ...(measuredAtMs !== undefined && { measuredAtMs }),
      alarms: seen,
      neighbours,
      absent: heard ? strings.filter((s) => !isCounted(s)).map((s) => s.packs[0]?.config.id ?? '') : [],
      causes: dated.causes,
      lifetime: life,
      ...course,
    },
  };
}

/** Requests to the inverter; all are clear while the bank is stale (design section 8). */
const requestsOf = ({ requests, charge }: Lifetime, speaks: boolean): SignalValues =>
  speaks
    ? { ...askedFor(requests), balanceRequest: charge.balancing }
    : { forceCharge1: false, forceCharge2: false, fullChargeRequest: false, balanceRequest: false };

/** What the stage asks of a cell; no more than float while a pack is lost (bank reference, section 6.2, `reduce`). */
function stageOf({ charge }: Lifetime, absent: ReturnType<typeof absentStrings>, config: BankConfig): number {
  const cellV = stageCellV(charge, config.chemistry, config.habits);
  const floats = config.loss !== 'exclude' && absent.some((s) => s.isLost);
  return floats ? Math.min(cellV, config.chemistry.floatV) : cellV;
}

/** What a bank that does not speak yet last measured, if any of its strings was ever read whole. */
function lastRead(
  read: readonly StringValues[],
  charge: Charge,
  config: BankConfig,
): SignalValues | undefined {
  if (!read.length) return undefined;
  const values = measure(read, builtOf(config).nominalVoltageV);
  return { ...values, ...toldSocPct(values, read, charge, config) };
}

const beginOf = ({ startedAtMs, resumedAtMs }: BankMemory) => ({
  startedAtMs,
  ...(resumedAtMs !== undefined && { resumedAtMs }),
});

/** Grows by one a second while fresh or late, modulo 256; frozen otherwise (RS485 reference, 0x0103). */
function beat(was: BankMemory['heartbeat'], freshness: Freshness, nowMs: number): BankMemory['heartbeat'] {
  if (freshness !== 'fresh' && freshness !== 'late') return { value: was.value, atMs: nowMs };
  const seconds = Math.floor((nowMs - was.atMs) / 1000);
  return { value: (was.value + seconds) % 256, atMs: was.atMs + seconds * 1000 };
}
