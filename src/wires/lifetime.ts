import type { Lifetime } from '../bank/lifetime.ts';
import type { Evaluation } from '../bank/memory.ts';

const EVERY_MS = 5 * 60_000;

/** What must not be lost to a power cut a moment later: the stage and what was declared. */
const milestone = ({ charge }: Lifetime): string => `${charge.stage} ${charge.full} ${charge.balancing}`;

/** Hands on what outlives a boot: at each milestone at once, else every five minutes, for the sake of the card it lies on. */
export function handOnLifetime(take: (lifetime: Lifetime) => void): (state: Evaluation) => void {
  let told: string | undefined;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return ({ memory: { lifetime }, evaluatedAtMs }) => {
    const now = milestone(lifetime);
    if (now === told && evaluatedAtMs - toldAtMs < EVERY_MS) return;
    told = now;
    toldAtMs = evaluatedAtMs;
    take(lifetime);
  };
}
