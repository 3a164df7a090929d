import type { Timers } from '../model/timers.ts';
import type { LinkedUnit } from './polled.ts';

interface LivingGround {
  readonly units: readonly [LinkedUnit, ...LinkedUnit[]];
  /** The link is wanted by another unit. */
  readonly leave: AbortSignal;
  readonly timers: Timers;
}

interface Living {
  readonly alive: (atMs: number) => void;
  /** All were asked since the link is wanted. */
  readonly left: () => void;
}

/** The link's units, each of whose samples keeps it alive; asked once more, they let it go. */
export function livingUnits(
  { units, leave, timers }: LivingGround,
  { alive, left }: Living,
): LivingGround['units'] {
  const done = new Set<LinkedUnit>();
  const passed = (unit: LinkedUnit) => {
    if (leave.aborted && done.add(unit).size === units.length) left();
  };
  /** The link is held for whoever rests; nobody can tell whether it is well. */
  const skipped = (unit: LinkedUnit) => {
    alive(timers.now());
    passed(unit);
  };
  const watched = (unit: LinkedUnit): LinkedUnit => ({
    ...unit,
    get silentAtMs() {
      return unit.silentAtMs;
    },
    onSkipped: () => skipped(unit),
    onRound: (result) => {
      if (unit.isResting?.()) return skipped(unit);
      if (result.complete) alive(result.complete.atMs);
      unit.onRound(result);
      passed(unit);
    },
  });
  const [first, ...others] = units;
  return [watched(first), ...others.map(watched)];
}
