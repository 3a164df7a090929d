import type { FaultName } from '../model/alarms.ts';
import type { PackState } from '../model/bank-state.ts';
import { type Freshness, isStale } from '../model/freshness.ts';
import type { SignalValues } from '../model/signals.ts';
import type { OwnLimits } from './combine.ts';
import type { BankConfig } from './config.ts';
import { restingStill } from './frozen.ts';
import type { Snapshot } from './memory.ts';
import type { PackMemory } from './pack-memory.ts';
import { isCounted, type PackString, type StringValues } from './strings.ts';

const RESTARTED_FOR_MS = 60_000;

/** `modules_*` count strings in parallel, `packs_*` count BMS units (design, section 4). */
export function counts(strings: readonly PackString[]): SignalValues {
  const online = strings.filter(isCounted);
  const packs = strings.flatMap((s) => s.packs);
  const heard = packs.filter((p) => p.rung === 'fresh' || p.rung === 'late');
  return {
    modulesOnline: online.length,
    modulesOffline: strings.length - online.length,
    modulesBlockingCharge: online.filter((s) => !s.complete?.conductsCharge).length,
    modulesBlockingDischarge: online.filter((s) => !s.complete?.conductsDischarge).length,
    packsOnline: heard.length,
    packsConfigured: packs.length,
    packsStale: packs.filter((p) => isStale(p.rung)).length,
  };
}

export function faultsOf(
  snapshot: Snapshot,
  strings: readonly PackString[],
  freshness: Freshness,
  conflict: boolean,
  beganMs: number,
  nowMs: number,
): FaultName[] {
  const packs = strings.flatMap((s) => s.packs);
  const found: FaultName[] = [
    ...(isStale(freshness) ? (['data_stale'] as const) : []),
    ...(packs.some((p) => isStale(p.rung)) ? (['bms_link_down'] as const) : []),
    ...(packs.some((p) => p.rung === 'never' || p.rung === 'lost') ? (['pack_missing'] as const) : []),
    ...(conflict ? (['aggregation_conflict'] as const) : []),
    ...(nowMs - beganMs < RESTARTED_FOR_MS ? (['restarted'] as const) : []),
  ];
  return [...new Set([...found, ...(snapshot.faults ?? [])])];
}

export function packStates(
  strings: readonly PackString[],
  packs: { readonly [id: string]: PackMemory },
  counting: readonly StringValues[],
  own: OwnLimits,
): PackState[] {
  const counted = new Set(counting.flatMap((s) => s.packs.map((p) => p.config.id)));
  return strings
    .flatMap((s) => s.packs)
    .map(({ config: { id }, rung, ...pack }) => {
      const { fault, partial } = packs[id] ?? {};
      const { reading = partial?.value, sampleAtMs = partial?.atMs } = pack;
      const limits = counted.has(id) ? own.get(id) : undefined;
      return {
        id,
        freshness: rung,
        ...(sampleAtMs !== undefined && { sampleAtMs }),
        ...(reading && { reading }),
        ...(partial && !pack.reading && { isPartial: true as const }),
        ...(fault !== undefined && { fault }),
        ...(limits && {
          chargeCurrentLimitA: limits.charge[0].value,
          dischargeCurrentLimitA: limits.discharge[0].value,
        }),
      };
    });
}

/** What a person should know of single packs, one sentence each. */
export function packNotices(
  strings: readonly PackString[],
  packs: { readonly [id: string]: PackMemory },
  config: BankConfig,
  nowMs: number,
): string[] {
  const minutes = Math.floor(config.ages.frozenAfterMs / 60_000);
  return strings
    .flatMap((s) => s.packs)
    .flatMap(({ config: pack, reading }) => [
      ...guesses(pack, reading),
      ...(packs[pack.id]?.dropped ?? []).map(
        (name) => `${pack.id} reports a ${name} that cannot be believed; it is left out`,
      ),
      ...(restingStill(packs[pack.id] ?? { rung: 'never' }, config.ages, nowMs)
        ? [`the values of ${pack.id} have not moved for ${minutes} min or more`]
        : []),
    ]);
}

function guesses(
  pack: { id: string; chargeCurrentA?: number; dischargeCurrentA?: number },
  reading: { chargeOverCurrentA?: number; dischargeOverCurrentA?: number } | undefined,
): string[] {
  if (!reading) return [];
  const guessed = [
    ...(pack.chargeCurrentA === undefined && reading.chargeOverCurrentA === undefined
      ? ['charge_current_A']
      : []),
    ...(pack.dischargeCurrentA === undefined && reading.dischargeOverCurrentA === undefined
      ? ['discharge_current_A']
      : []),
  ];
  return guessed.map((key) => `the limit of ${pack.id} is a guess; set \`${key}\` of this battery`);
}
