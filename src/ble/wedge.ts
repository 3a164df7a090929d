import type { EarReport } from './orders.ts';

/** So many attempts in a row on a unit that is on the air are more than bad luck. */
const MAX_FAILURES = 5;

type LinkReport = Pick<Extract<EarReport, { type: 'link' }>, 'battery' | 'state'>;

/**
 * Tells a wedged stack from a weak unit by the reports of links: true when one that is heard fails five attempts in a row, and
 * either this stack has held it before or there is no link that a new stack would cost. So a weak unit costs the others one
 * replacement at most.
 */
export function wedgeWatch(): (report: LinkReport) => boolean {
  const failures = new Map<string, number>();
  const [trying, live, everHeld] = [new Set<string>(), new Set<string>(), new Set<string>()];

  return ({ battery, state }) => {
    if (state === 'connecting') trying.add(battery);
    if (state === 'connected') {
      for (const set of [live, everHeld]) set.add(battery);
      trying.delete(battery);
      failures.delete(battery);
    }
    if (state === 'lost') {
      live.delete(battery);
      if (trying.delete(battery)) failures.set(battery, (failures.get(battery) ?? 0) + 1);
    }
    const isStuck = (failures.get(battery) ?? 0) >= MAX_FAILURES;
    return isStuck && (everHeld.has(battery) || live.size === 0);
  };
}
