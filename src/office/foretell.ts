// What the inverters will see when a battery rests, for the person who is about to let it.
import type { Foretold, ForetoldCourse, MissingCounts } from '../model/api/foretold.ts';
import type { Site } from '../model/api/site.ts';
import type { BankState } from '../model/bank-state.ts';
import type { BatteryReading } from '../model/battery.ts';

/** The site as far as it matters here. */
type Premises = Pick<Site, 'batteries' | 'strings' | 'ages' | 'on_partial_loss' | 'inverters'>;

const isHeard = (state: BankState | undefined, id: string): boolean => {
  const freshness = state?.packs.find((pack) => pack.id === id)?.freshness;
  return freshness === 'fresh' || freshness === 'late';
};

/** Strings that would still count without these: none of their packs is silent or faulty now. */
const stringsLeft = ({ strings }: Premises, resting: readonly string[], state: BankState | undefined) =>
  strings.filter((string) => string.every((id) => !resting.includes(id) && isHeard(state, id)));

const readingOf = (state: BankState | undefined, id: string): BatteryReading | undefined =>
  state?.packs.find((pack) => pack.id === id)?.reading;

/** The smallest pack sets a string's capacity; unknown where neither the gateway file nor the battery itself says it. */
function capacityAh(
  { batteries }: Premises,
  string: readonly string[],
  state: BankState | undefined,
): number | undefined {
  const all = string.map(
    (id) => batteries.find((b) => b.id === id)?.capacity_Ah ?? readingOf(state, id)?.nominalCapacityAh,
  );
  return all.every((ah) => ah !== undefined) ? Math.min(...all) : undefined;
}

/** Policies of bank reference, section 6.2. */
function countsAs(site: Premises, string: readonly string[], state: BankState | undefined): MissingCounts {
  if (site.on_partial_loss === 'exclude') return { kind: 'excluded' };
  const alarmed = string.find((id) => readingOf(state, id)?.alarms?.length);
  if (alarmed !== undefined) return { kind: 'alarmed', battery: alarmed };
  const ah = capacityAh(site, string, state);
  if (ah === undefined) return { kind: 'unknown' };
  if (site.on_partial_loss === 'hold') return { kind: 'half', later_A: 0.1 * ah };
  return { kind: 'share', first_A: 0.2 * ah, later_A: 0.1 * ah };
}

function partly(site: Premises, resting: readonly string[], state: BankState | undefined): ForetoldCourse {
  const { ages, strings, inverters } = site;
  return {
    kind: 'partly',
    late_ms: ages.late_ms,
    lost_ms: ages.lost_ms,
    inverters: inverters.map(({ id }) => id),
    missing: strings
      .filter((string) => string.some((id) => resting.includes(id)))
      .map((string) => ({ string, counts: countsAs(site, string, state) })),
  };
}

function course(site: Premises, resting: readonly string[], state: BankState | undefined): ForetoldCourse {
  const { ages, strings, inverters, on_partial_loss } = site;
  const { late_ms, ramp_ms, lost_ms, discharge_ms = late_ms } = ages;
  if (state && !resting.some((id) => isHeard(state, id))) return { kind: 'nothing' };
  const isNeeded = on_partial_loss === 'block';
  if (!isNeeded && stringsLeft(site, resting, state).length > 0) return partly(site, resting, state);
  const alone = strings.length === 1 ? 'only_string' : 'no_other_heard';
  return {
    kind: 'stale',
    because: isNeeded ? 'every_battery_needed' : alone,
    late_ms,
    ramp_ms,
    lost_ms,
    ...(discharge_ms > late_ms && { discharge_ms }),
    inverters: inverters.map(({ id, profile, wire, lost }) => ({ id, profile, wire, lost })),
  };
}

/** `resting`: the battery with those that share its link. A bank that is not known promises nothing. */
export const foretell = (
  site: Premises,
  resting: readonly string[],
  { what, backMs }: { readonly what: Foretold['what']; readonly backMs: number },
  state: BankState | undefined,
): Foretold => ({ batteries: resting, what, back_ms: backMs, course: course(site, resting, state) });
