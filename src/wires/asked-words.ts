import type { Moment } from '../events/ledger.ts';
import type { Asked, WireHealth } from '../model/wire-health.ts';
import { type Growth, MINUTE_MS, perMinute } from './last-minute.ts';

/** What is asked in one line of the log; the rest is on `/metrics`. */
const MOST_IN_LINE = 4;

const names: ReadonlyMap<number, string> = new Map([
  [1, 'coils'],
  [2, 'discrete inputs'],
  [3, 'holding registers'],
  [4, 'input registers'],
  [5, 'to write coil'],
  [6, 'to write register'],
  [15, 'to write coils'],
  [16, 'to write registers'],
  [17, 'its server id'],
  [22, 'to change register'],
  [23, 'to write and read registers'],
  [43, 'its identification'],
]);

const hex = (n: number, digits: number): string => `0x${n.toString(16).padStart(digits, '0')}`;

/** Tells one thing that is asked from all others of its wire. */
export const keyOf = ({ unit, code, first, quantity }: Asked): string =>
  `${unit}/${code}/${first}/${quantity}`;

function rangeText({ first, quantity = 1 }: Asked): string {
  if (first === undefined) return '';
  return quantity < 2 ? ` ${hex(first, 4)}` : ` ${hex(first, 4)} to ${hex(first + quantity - 1, 4)}`;
}

type Kind = WireHealth['kind'];
const isModbus = (kind: Kind): boolean => kind === 'rtu' || kind === 'tcp';

/** `for holding registers 0x0100 to 0x0111`, or `for command 0x61` where a codec speaks. */
function questionText(kind: Kind, asked: Asked): string {
  if (!isModbus(kind)) return `for command ${hex(asked.code, 2)}`;
  const name = names.get(asked.code) ?? `for function ${asked.code}`;
  return `${/^(to|for) /.test(name) ? '' : 'for '}${name}${rangeText(asked)}`;
}

/** What becomes of a refusal, and what to do; of those that say how the bank is nothing, for they are told otherwise. */
const refusals: ReadonlyMap<number, string> = new Map([
  [1, 'a function that its profile does not offer (exception 1)'],
  [2, 'which its profile does not have (exception 2)'],
  [3, 'in a quantity or with a value that cannot be (exception 3)'],
]);

interface Place {
  readonly name: string;
  readonly kind: Kind;
}

const whoAsks = ({ name, kind }: Place, unit: number): string =>
  `the master of ${name} asks ${kind === 'kostal' ? 'the battery' : `unit ${unit}`}`;

/** Of what was not asked in the last minute, how often it was at all. */
function rateText({ count }: Asked, rate: number): string {
  const times = Math.round(rate);
  if (times === 0) return count === 1 ? 'once so far' : `${count} times so far`;
  return times === 1 ? 'once a minute' : `${times} times a minute`;
}

/** A few of them, and how many more there are. */
function listed(texts: readonly string[]): string {
  const more = texts.length > MOST_IN_LINE ? [`and ${texts.length - MOST_IN_LINE} more`] : [];
  return [...texts.slice(0, MOST_IN_LINE), ...more].join('; ');
}

function askedLine(wire: Place, unit: number, rows: readonly Asked[], growth: Growth): Moment {
  const often = rows
    .map((row) => ({ row, rate: perMinute(growth.by[keyOf(row)] ?? 0, growth) }))
    .sort((a, b) => b.rate - a.rate);
  const texts = often.map(({ row, rate }) => `${questionText(wire.kind, row)}, ${rateText(row, rate)}`);
  return {
    kind: 'master_asks',
    subject: wire.name,
    text: `${whoAsks(wire, unit)} ${listed(texts)}`,
  };
}

/** A line for each unit and code; a master that scans addresses is refused many at once. */
function refusedLines(wire: Place, rows: readonly Asked[]): Moment[] {
  const units = [...new Set(rows.map(({ unit }) => unit))];
  return units.flatMap((unit) =>
    [...refusals].flatMap(([code, why]): Moment[] => {
      const texts = rows
        .filter((row) => row.unit === unit && row.exception === code)
        .map((row) => questionText(wire.kind, row));
      if (texts.length === 0) return [];
      const text = `${whoAsks(wire, unit)} ${listed(texts)}, ${why}; give the inverter the profile that it expects, or set it to this battery`;
      return [{ kind: 'master_refused', subject: wire.name, text }];
    }),
  );
}

/** Since when each thing has been asked, for those that are in the table now. */
function firstSeen() {
  let since = new Map<string, number>();
  return (asked: readonly Asked[], nowMs: number): ReadonlyMap<string, number> => {
    since = new Map(asked.map((row) => [keyOf(row), since.get(keyOf(row)) ?? nowMs]));
    return since;
  };
}

/** Tells each thing that is asked once when it has been asked for a minute, and once when it is refused, at once. */
export function watchAsked(wire: Place) {
  const seen = firstSeen();
  const told = new Set<string>();
  const toldRefused = new Set<string>();
  return (asked: readonly Asked[], growth: Growth, nowMs: number): Moment[] => {
    const since = seen(asked, nowMs);
    for (const keys of [told, toldRefused]) for (const key of keys) if (!since.has(key)) keys.delete(key);
    const refused = asked.filter(
      (row) => row.refused > 0 && refusals.has(row.exception ?? 0) && !toldRefused.has(keyOf(row)),
    );
    for (const row of refused) for (const keys of [told, toldRefused]) keys.add(keyOf(row));
    const lasting = asked.filter(
      (row) => !told.has(keyOf(row)) && nowMs - (since.get(keyOf(row)) ?? nowMs) >= MINUTE_MS,
    );
    for (const row of lasting) told.add(keyOf(row));
    const units = [...new Set(lasting.map(({ unit }) => unit))];
    const ofUnit = (unit: number) => lasting.filter((row) => row.unit === unit);
    return [
      ...refusedLines(wire, refused),
      ...units.map((unit) => askedLine(wire, unit, ofUnit(unit), growth)),
    ];
  };
}
