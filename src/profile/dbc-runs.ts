import { shapes } from '../bytes/field.ts';
import { isSignalName, type SignalName, signalSpec } from '../model/signals.ts';
import { type Entry, wireAt } from './dbc-entries.ts';
import type { FoundSignal } from './dbc-found.ts';
import { numberMeant } from './dbc-words.ts';

/** `cell_voltages_V_3`, `manufacturer_8`: one of several in a row. */
interface Member {
  readonly found: FoundSignal;
  readonly from: SignalName;
  readonly kind: 'numbers' | 'text';
  readonly nth: number;
  readonly at: number;
}

function memberOf(found: FoundSignal): Member[] {
  const [, from = '', nth] = /^(.+)_(\d+)$/.exec(found.name) ?? [];
  const place = wireAt(found);
  if (!place || !isSignalName(from)) return [];
  const { kind } = signalSpec(from);
  const isText = kind === 'text' && place.as === 'u8' && found.factor === 1 && found.offset === 0;
  if (kind !== 'numbers' && !isText) return [];
  return [{ found, from, kind: isText ? 'text' : 'numbers', nth: Number(nth), at: place.at }];
}

const alike = (a: FoundSignal, b: FoundSignal): boolean =>
  a.size === b.size &&
  a.order === b.order &&
  a.signed === b.signed &&
  a.factor === b.factor &&
  a.offset === b.offset &&
  a.unit === b.unit;

/** Members that follow each other without a gap. */
function runs(members: readonly Member[]): Member[][] {
  const all: Member[][] = [];
  for (const member of members.toSorted((a, b) => a.at - b.at)) {
    const run = all.at(-1);
    const last = run?.at(-1);
    const follows =
      last !== undefined &&
      last.from === member.from &&
      last.nth + 1 === member.nth &&
      last.at + last.found.size / 8 === member.at &&
      alike(last.found, member.found);
    if (run && follows) run.push(member);
    else all.push([member]);
  }
  return all;
}

function textEntry(run: readonly Member[], { from, nth, at }: Member): Entry {
  const skip = nth > 1 ? `, skip: ${nth - 1}` : '';
  return { section: 'texts', at, text: `at: ${at}, length: ${run.length}, from: ${from}${skip}` };
}

/** A row begins with its first number, and is in the unit of the catalogue. */
function listEntry(run: readonly Member[], { from, nth, at, found }: Member): Entry | undefined {
  const as = wireAt(found)?.as;
  // A row has the unit of its single number, e.g. of a voltage.
  const same = numberMeant(
    { V: 'voltage', '°C': 'temperature' }[signalSpec(from).unit ?? ''] ?? '',
    found.unit,
  );
  if (nth !== 1 || same?.factor !== 1 || as === undefined || shapes[as].bytes === 8) return undefined;
  const scale = found.factor === 1 ? '' : `, scale: ${found.factor}`;
  const offset = found.offset === 0 ? '' : `, offset: ${found.offset}`;
  return {
    section: 'lists',
    at,
    text: `at: ${at}, as: ${as}, count: ${run.length}${scale}${offset}, from: ${from}`,
  };
}

/** Rows of numbers and texts as one entry each, and the signals that are none. */
export function gather(signals: readonly FoundSignal[]): {
  readonly entries: readonly Entry[];
  readonly bound: number;
  readonly rest: readonly FoundSignal[];
} {
  const made = runs(signals.flatMap(memberOf)).flatMap((run) => {
    const [first] = run;
    const entry = first && (first.kind === 'text' ? textEntry(run, first) : listEntry(run, first));
    return entry ? [{ entry, run }] : [];
  });
  const taken = new Set(made.flatMap(({ run }) => run.map(({ found }) => found)));
  return {
    entries: made.map(({ entry }) => entry),
    bound: taken.size,
    rest: signals.filter((signal) => !taken.has(signal)),
  };
}
