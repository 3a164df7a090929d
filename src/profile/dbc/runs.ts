import { toHex } from '../../bytes/hex.ts';
import { isSignalName, signalSpec } from '../../model/signals.ts';
import { constantIn, type Entry, wireAt, yamlText } from './entries.ts';
import type { FoundSignal } from './found.ts';
import { numberMeant } from './words.ts';

/** `cell_voltages_V_3`, `manufacturer_8`, `PN_2`: one of several in a row. */
interface Member {
  readonly found: FoundSignal;
  readonly stem: string;
  readonly kind: 'numbers' | 'text' | 'constant';
  readonly nth: number;
  readonly at: number;
}

function kindOf(found: FoundSignal, stem: string): Member['kind'] | undefined {
  const isByte = found.size === 8 && !found.signed && found.factor === 1 && found.offset === 0;
  if (isByte && constantIn(found) !== undefined) return 'constant';
  const kind = isSignalName(stem) ? signalSpec(stem).kind : undefined;
  if (kind === 'text') return isByte ? 'text' : undefined;
  return kind === 'numbers' ? 'numbers' : undefined;
}

function memberOf(found: FoundSignal): Member[] {
  const [, stem = '', nth] = /^(.+)_(\d+)$/.exec(found.name) ?? [];
  const place = wireAt(found);
  const kind = kindOf(found, stem);
  return place && kind && nth !== undefined ? [{ found, stem, kind, nth: Number(nth), at: place.at }] : [];
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
      last.stem === member.stem &&
      last.kind === member.kind &&
      last.nth + 1 === member.nth &&
      last.at + last.found.size / 8 === member.at &&
      alike(last.found, member.found);
    if (run && follows) run.push(member);
    else all.push([member]);
  }
  return all;
}

function textEntry(run: readonly Member[], { stem, nth, at }: Member): Entry {
  const skip = nth > 1 ? `, skip: ${nth - 1}` : '';
  return { section: 'texts', at, text: `at: ${at}, length: ${run.length}, from: ${stem}${skip}` };
}

function constantEntry(run: readonly Member[], { stem, at }: Member): Entry {
  const bytes = toHex(Uint8Array.from(run.map(({ found }) => constantIn(found) ?? 0))).toUpperCase();
  return { section: 'constants', at, text: `at: ${at}, bytes: '${bytes}', name: ${yamlText(stem)}` };
}

/** A number of the same unit as the row's, whose name the catalogue knows. */
const single: Readonly<Record<string, string>> = { V: 'voltage', '°C': 'temperature' };

/** A row begins with its first number, and is in the unit of the catalogue. */
function listEntry(run: readonly Member[], { stem, nth, at, found }: Member): Entry | undefined {
  const as = wireAt(found)?.as;
  const unit = isSignalName(stem) ? signalSpec(stem).unit : undefined;
  const same = numberMeant(single[unit ?? ''] ?? '', found.unit);
  if (nth !== 1 || same?.factor !== 1 || as === undefined) return undefined;
  const scale = found.factor === 1 ? '' : `, scale: ${found.factor}`;
  const offset = found.offset === 0 ? '' : `, offset: ${found.offset}`;
  return {
    section: 'lists',
    at,
    text: `at: ${at}, as: ${as}, count: ${run.length}${scale}${offset}, from: ${stem}`,
  };
}

const entryFor = { text: textEntry, constant: constantEntry, numbers: listEntry } as const;

/** Rows of numbers, texts and constants as one entry each, and the signals that are none. */
export function gather(signals: readonly FoundSignal[]): {
  readonly entries: readonly Entry[];
  readonly rest: readonly FoundSignal[];
} {
  const made = runs(signals.flatMap(memberOf)).flatMap((run) => {
    const [first] = run;
    const entry = first && entryFor[first.kind](run, first);
    return entry ? [{ entry, run }] : [];
  });
  const taken = new Set(made.flatMap(({ run }) => run.map(({ found }) => found)));
  return {
    entries: made.map(({ entry }) => entry),
    rest: signals.filter((signal) => !taken.has(signal)),
  };
}
