import type { Ages } from './config.ts';
import type { CompleteReading } from './pack.ts';
import type { PackMemory } from './pack-memory.ts';

// Design section 8, "Frozen": a live link is judged only where its values ought to move.
const OWN_CURRENT_A = 1;
const DISPUTE_A = 2;
const DISPUTE_MS = 60_000;

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** True when nothing that a flowing current moves has moved: remaining capacity and every voltage. */
export const unmoved = (a: CompleteReading, b: CompleteReading): boolean =>
  a.remainingCapacityAh === b.remainingCapacityAh &&
  a.voltageV === b.voltageV &&
  same(a.cellVoltagesV, b.cellVoltagesV);

const flows = ({ currentA }: CompleteReading): boolean => Math.abs(currentA) >= OWN_CURRENT_A;

/** Keeps the moments since when the pack's values stand still, and since when they do so under a current. */
export function watchStillness(was: PackMemory, now: PackMemory): PackMemory {
  if (!was.held || !now.held || was.held.atMs === now.held.atMs) return now;
  const { stillSinceMs = was.held.atMs, loadedSinceMs = was.held.atMs, disputedSinceMs, ...moved } = now;
  if (!unmoved(was.held.value, now.held.value)) return moved;
  return {
    ...moved,
    stillSinceMs,
    ...(flows(was.held.value) && flows(now.held.value) && { loadedSinceMs }),
    ...(disputedSinceMs !== undefined && { disputedSinceMs }),
  };
}

/** Keeps the moment since when another instrument contradicts a pack that stands still. `others` in A, + is charging. */
export function watchDispute(pack: PackMemory, others: readonly number[], nowMs: number): PackMemory {
  const { disputedSinceMs, ...undisputed } = pack;
  const own = pack.held?.value.currentA;
  const disputed =
    pack.stillSinceMs !== undefined && own !== undefined && others.some((a) => Math.abs(a - own) > DISPUTE_A);
  return disputed ? { ...pack, disputedSinceMs: disputedSinceMs ?? nowMs } : undisputed;
}

/** A sentence when the pack counts as stale because its values do not move though they ought to; the same as long as it lasts. */
export function frozenBecause(id: string, pack: PackMemory, ages: Ages, nowMs: number): string | undefined {
  const { loadedSinceMs, disputedSinceMs } = pack;
  if (disputedSinceMs !== undefined && nowMs - disputedSinceMs >= DISPUTE_MS)
    return `${id} is frozen: its values stand still while another instrument sees a current more than ${DISPUTE_A} A away`;
  if (loadedSinceMs !== undefined && nowMs - loadedSinceMs >= ages.frozenAfterMs)
    return `${id} is frozen: at ${OWN_CURRENT_A} A or more no voltage and no charge has moved for ${Math.floor(ages.frozenAfterMs / 60_000)} min`;
  return undefined;
}

/** At rest the same stillness is worth a word, never a limit. */
export const restingStill = (pack: PackMemory, ages: Ages, nowMs: number): boolean =>
  pack.stillSinceMs !== undefined && nowMs - pack.stillSinceMs >= ages.frozenAfterMs;
