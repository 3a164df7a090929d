// What is on a bus and belongs to nobody there: which of it is shown, and what it means for who sets an inverter up.
import type { BusHeard, StrangeId } from '../../model/api/wire-talk.ts';
import type { TalkFilter } from './talk-book.ts';

/** What each id of a bus is called for the filter. */
export const wordsOfStranger = ({ hex, title = '', inverter_of = [], battery_of = [] }: StrangeId): string =>
  [hex, title, ...inverter_of, ...battery_of].join(' ');

/** `idOf` names an id as the list does. */
export function fitsStranger(
  row: StrangeId,
  { text }: Pick<TalkFilter, 'text'>,
  idOf: (row: StrangeId) => string,
): boolean {
  const wanted = text.trim().toLowerCase();
  return `${idOf(row)} ${wordsOfStranger(row)}`.toLowerCase().includes(wanted);
}

/** Without what was not heard since that moment. */
export const heardSince = (bus: BusHeard, sinceMs: number): BusHeard => ({
  ...bus,
  ids: bus.ids.filter(({ last_at_ms }) => last_at_ms >= sinceMs),
  errors: bus.errors.filter(({ last_at_ms }) => last_at_ms >= sinceMs),
  doubles: bus.doubles.filter(({ last_at_ms }) => last_at_ms >= sinceMs),
});

/** Profiles that know the most of these ids, and how many that is. */
function best(rows: readonly (readonly string[])[]): {
  readonly profiles: readonly string[];
  readonly n: number;
} {
  const counts = new Map<string, number>();
  for (const profile of rows.flat()) counts.set(profile, (counts.get(profile) ?? 0) + 1);
  const n = Math.max(0, ...counts.values());
  return { profiles: [...counts].flatMap(([profile, count]) => (count === n ? profile : [])), n };
}

/** What the ids are by the profiles that came with the gateway. */
export interface Meant {
  /** Of inverters that are set to these profiles. */
  readonly inverter: readonly string[];
  /** Of batteries of these profiles, where no inverter sends such an id. */
  readonly battery: readonly string[];
}

export function meantBy({ ids }: Pick<BusHeard, 'ids'>): Meant {
  const ofInverters = ids.flatMap(({ inverter_of }) => (inverter_of ? [inverter_of] : []));
  const ofBatteries = ids.flatMap(({ inverter_of, battery_of }) =>
    battery_of && !inverter_of ? [battery_of] : [],
  );
  return { inverter: best(ofInverters).profiles, battery: best(ofBatteries).profiles };
}

/** A profile of the bus knows this number, but with 11 bits in place of 29, or the other way round. */
export const isOtherForm = (
  { id, extended, remote }: StrangeId,
  known: readonly { readonly id: number; readonly extended: boolean }[],
): boolean => !remote && known.some((one) => one.id === id && one.extended !== (extended === true));
