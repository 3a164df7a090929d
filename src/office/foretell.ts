// What the inverters will see when a battery rests, in words for the person who is about to let it.
import type { Site, SiteInverter } from '../model/api/site.ts';
import type { BankState } from '../model/bank-state.ts';

/** The site as far as it matters here. */
type Premises = Pick<Site, 'batteries' | 'strings' | 'ages' | 'on_partial_loss' | 'inverters'>;

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
const listed = (names: readonly string[]): string => names.join(', ').replace(/, ([^,]*)$/, ' and $1');

const lostWords: { readonly [L in SiteInverter['lost']]: string } = {
  hold: 'is told 0 A on and on',
  silent: 'hears nothing more',
  exception: 'is answered with exception 4',
};

const isHeard = (state: BankState | undefined, id: string): boolean => {
  const freshness = state?.packs.find((pack) => pack.id === id)?.freshness;
  return freshness === 'fresh' || freshness === 'late';
};

/** Strings that would still count without these: none of their packs is silent or faulty now. */
const stringsLeft = ({ strings }: Premises, resting: readonly string[], state: BankState | undefined) =>
  strings.filter((string) => string.every((id) => !resting.includes(id) && isHeard(state, id)));

/** Every inverter alike: the whole bank goes stale. */
function allStale({ ages, inverters }: Premises, why: string): string {
  const { late_ms, ramp_ms, lost_ms, discharge_ms = late_ms } = ages;
  const later =
    discharge_ms > late_ms
      ? ` (discharging only from ${seconds(discharge_ms)} on, if its cells are well)`
      : '';
  const each = inverters.map(
    ({ id, profile, wire, lost }) =>
      `${id} (${profile} on ${wire}) is told limits falling to 0 A within ${seconds(ramp_ms)}${later}, and from ${seconds(lost_ms)} on it ${lostWords[lost]}`,
  );
  const told = each.length > 0 ? each.join('; ') : 'no inverter is served';
  return `${why}, so the whole bank is stale from ${seconds(late_ms)} on: ${told}.`;
}

/** The smallest pack sets a string's capacity; unknown where neither the gateway file nor the battery itself says it. */
function capacityAh(
  { batteries }: Premises,
  string: readonly string[],
  state: BankState | undefined,
): number | undefined {
  const own = (id: string) => state?.packs.find((pack) => pack.id === id)?.reading?.nominalCapacityAh;
  const all = string.map((id) => batteries.find((b) => b.id === id)?.capacity_Ah ?? own(id));
  return all.every((ah) => ah !== undefined) ? Math.min(...all) : undefined;
}

const amps = (a: number): string => `${Math.round(a * 10) / 10} A`;

/** By the last of its cells; only the bank's own curves say how near that is. */
const nearItsEnd = ' (nothing, where it is all but full or empty)';

/** What the missing string still counts as. */
function countsAs(site: Premises, string: readonly string[], state: BankState | undefined): string {
  const { on_partial_loss, ages } = site;
  if (on_partial_loss === 'exclude') return 'it leaves the sum, and the others carry all';
  const alarmed = string.find((id) => state?.packs.find((pack) => pack.id === id)?.reading?.alarms?.length);
  if (alarmed !== undefined) return `${alarmed} has an alarm, so that nothing may be asked of the bank`;
  const ah = capacityAh(site, string, state);
  if (ah === undefined) return 'its capacity is not known, so that nothing may be asked of the bank';
  if (on_partial_loss === 'hold')
    return `it counts as half its last limit for a minute, then as ${amps(0.1 * ah)} at most${nearItsEnd}`;
  return `it counts as ${amps(0.2 * ah)} at most, from ${seconds(ages.lost_ms)} on as ${amps(0.1 * ah)}, and charging ends when that lasts${nearItsEnd}`;
}

function partly(site: Premises, resting: readonly string[], state: BankState | undefined): string {
  const missing = site.strings.filter((string) => string.some((id) => resting.includes(id)));
  const who = listed(site.inverters.map(({ id }) => id)) || 'no inverter';
  const told = site.inverters.length === 1 ? 'is' : 'are';
  const parts = missing.map(
    (string) => `the string of ${listed(string)} is missing: ${countsAs(site, string, state)}`,
  );
  return `${who} ${told} told lower limits from ${seconds(site.ages.late_ms)} on: ${parts.join('; ')}. The other strings go on.`;
}

/** One to three sentences. `resting`: the battery with those that share its link. */
export function foretell(
  site: Premises,
  resting: readonly string[],
  what: 'link' | 'reading',
  state: BankState | undefined,
): string {
  const [first = ''] = resting;
  const shared =
    resting.length > 1 ? `Batteries ${listed(resting)} have one link and fall silent together. ` : '';
  const left = what === 'link' ? 'its link is let go' : 'it is not asked';
  const end = ' It is read again after 10 min at the latest.';
  if (state && !resting.some((id) => isHeard(state, id)))
    return `${shared}Battery ${first} is not heard now: nothing changes for the inverters.${end}`;
  const begin = `${shared}Battery ${first} counts as stale ${seconds(site.ages.late_ms)} after its last sample, for ${left}. `;
  const isNeeded = site.on_partial_loss === 'block';
  if (!isNeeded && stringsLeft(site, resting, state).length > 0)
    return begin + partly(site, resting, state) + end;
  const alone = site.strings.length === 1 ? 'There is no other string' : 'No other string is heard';
  const why = isNeeded ? '`on_partial_loss: block` needs every battery' : alone;
  return begin + allStale(site, why) + end;
}
