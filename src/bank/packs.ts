import { worseRung } from '../model/freshness.ts';
import type { BankConfig } from './config.ts';
import { frozenBecause, watchDispute, watchStillness } from './frozen.ts';
import { stepPack } from './ladder.ts';
import type { BankMemory, Snapshot } from './memory.ts';
import type { PackMemory } from './pack-memory.ts';

const OUTSIDE_CURRENT_FOR_MS = 10_000;

/** One step of every pack's ladder, by id: newest samples in, time passed, frozen ones set back. */
export function stepPacks(snapshot: Snapshot, was: BankMemory, config: BankConfig, nowMs: number) {
  const stepped = new Map<string, PackMemory>();
  for (const pack of config.strings.flat()) {
    const before = knownOf(was, pack.id);
    const after = stepPack(before, snapshot.samples[pack.id], pack, config.ages, nowMs);
    stepped.set(pack.id, watchStillness(before, after));
  }
  return Object.fromEntries(
    [...stepped].map(([id, pack]) => [id, hold(id, pack, stepped, snapshot, config, nowMs)]),
  );
}

/** Once the bank speaks, a pack that was never heard counts as lost, and comes in as one that comes back. */
function knownOf({ packs, heard }: BankMemory, id: string): PackMemory {
  const pack = packs[id] ?? { rung: 'never' };
  return heard && pack.rung === 'never' ? { ...pack, rung: 'lost' } : pack;
}

/** A frozen pack counts as stale, and its return starts only when its values move. */
function hold(
  id: string,
  pack: PackMemory,
  all: ReadonlyMap<string, PackMemory>,
  snapshot: Snapshot,
  config: BankConfig,
  nowMs: number,
): PackMemory {
  const isStill = pack.stillSinceMs !== undefined;
  const watched = watchDispute(pack, isStill ? otherCurrents(id, all, snapshot, config, nowMs) : [], nowMs);
  const frozen = frozenBecause(id, watched, config.ages, nowMs);
  if (!frozen) return watched;
  const { back, ...kept } = watched;
  return { ...kept, rung: worseRung(watched.rung, 'stale'), fault: frozen };
}

/** Currents that ought to equal this pack's: its partners in series, and what outside instruments leave for its string. */
function otherCurrents(
  id: string,
  all: ReadonlyMap<string, PackMemory>,
  snapshot: Snapshot,
  config: BankConfig,
  nowMs: number,
): number[] {
  const ownString = config.strings.find((packs) => packs.some((p) => p.id === id)) ?? [];
  const partners = ownString.flatMap((p) => (p.id === id ? [] : (movingA(all.get(p.id)) ?? [])));
  const others = config.strings
    .filter((s) => s !== ownString)
    .map(([first]) => first && movingA(all.get(first.id)));
  if (others.some((a) => a === undefined)) return partners;
  const othersA = others.reduce<number>((sum, a) => sum + (a ?? 0), 0);
  return [...partners, ...outsideNow(snapshot, nowMs).map((a) => a - othersA)];
}

/** The current of a pack that is fresh and moves; undefined when it proves nothing. */
const movingA = (pack: PackMemory | undefined): number | undefined =>
  pack?.rung === 'fresh' && pack.stillSinceMs === undefined ? pack.held?.value.currentA : undefined;

/** What an instrument says of the whole bank, A, while it is new; a shunt is believed before an inverter. */
function outsideNow({ outsideCurrentA, shuntA }: Snapshot, nowMs: number): number[] {
  const isNew = (seen: Snapshot['shuntA']) =>
    seen !== undefined && nowMs - seen.atMs <= OUTSIDE_CURRENT_FOR_MS;
  const seen = [shuntA, outsideCurrentA].find(isNew);
  return seen ? [seen.value] : [];
}
