import type { BankConfig } from './config.ts';
import type { Snapshot } from './memory.ts';

/** What a shunt says of the bank's current, A; `isLost` when one is configured and does not speak. */
export interface ShuntView {
  readonly currentA?: number;
  readonly isLost: boolean;
}

const MOST_A = 5000;

/** A shunt is believed as long as a pack would be: until its age is *late*'s end; never one that speaks from the future. */
export function shuntNow({ shuntA }: Snapshot, { hasShunt, ages }: BankConfig, nowMs: number): ShuntView {
  const ageMs = nowMs - (shuntA?.atMs ?? Number.NaN);
  const speaks = shuntA && ageMs >= 0 && ageMs <= ages.lateMs && Math.abs(shuntA.value) <= MOST_A;
  if (!hasShunt || !speaks) return { isLost: hasShunt };
  return { currentA: shuntA.value, isLost: false };
}
