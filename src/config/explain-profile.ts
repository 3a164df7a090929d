// A served profile for people: where its bytes lie, and which line of which file made each.

import type { Path } from '../profile/document.ts';
import { type ExplainedProfile, lineKey } from '../profile/explained.ts';
import type { Rule } from '../profile/hears.ts';
import type { Layout, Slot } from '../profile/layout.ts';
import { type SourceOf, sourcesIn } from '../profile/parse.ts';
import type { SpokenSerial } from '../profile/serial/asked.ts';
import type { Part } from '../profile/serial/layout.ts';
import { type Spoken, spokenOf } from '../profile/spoken.ts';
import { findInForce, type InForce } from './profile-in-force.ts';

export interface ToExplain extends InForce {
  readonly inverter: string;
}

/** The key by which an entry names what it tells; where it has none the line of the entry itself. */
const naming: { readonly [K in Slot['kind']]: string } = {
  number: 'from',
  text: 'from',
  bit: 'name',
  pair: 'name',
  code: 'name',
  bytes: 'bytes',
};

const isWhole = ({ kind }: Slot, path: Path): boolean => path.length > 0 && kind === 'number';

/** A path that a problem would be shown at: that of the name, of numbers always. */
const namePath = (slot: Slot): Path =>
  isWhole(slot, slot.path) || slot.name !== undefined || slot.kind === 'text'
    ? [...slot.path, naming[slot.kind]]
    : slot.path;

interface Named {
  readonly path: Path;
  /** Where the word stands that the entry is known by. */
  readonly at: Path;
}

const under = (path: Path, key: string): Named => ({ path, at: [...path, key] });

const namedIn = (layout: Layout): Named[] => [
  { path: layout.path, at: layout.path },
  ...layout.slots.map((slot) => ({ path: slot.path, at: namePath(slot) })),
];

const namedHeard = ({ path, spec, fields }: Rule): Named[] => [
  under(path, 'id'),
  ...spec.where.map((_, i) => [...path, 'where', i]).map((mark) => ({ path: mark, at: mark })),
  ...fields.map((field) => under(field.path, 'means')),
];

const partKey = { row: 'row', states: 'states', address: 'address' } as const;

const namedPart = (part: Part): Named[] =>
  part.kind === 'stretch' ? namedIn(part.layout) : [under(part.path, partKey[part.kind])];

const namedSerial = ({ answers, writes, refuses }: SpokenSerial): Named[] => [
  ...answers.flatMap(({ path, parts }) => [under(path, 'ask'), ...parts.flatMap(namedPart)]),
  ...writes.map((_, i) => under(['serial', 'writes', i], 'code')),
  ...refuses.map((_, i) => under(['serial', 'refuses', i], 'ask')),
];

/** Every entry that a piece of bytes may lead to. */
const namedBy = ({ frames, hears, windows, writable, coils, discretes, serial }: Spoken): Named[] => [
  ...[...frames, ...windows].flatMap(namedIn),
  ...hears.flatMap(namedHeard),
  ...writable.map(({ path }) => under(path, 'at')),
  ...[...coils, ...discretes].map(({ path }) => under(path, 'from')),
  ...(serial ? namedSerial(serial) : []),
];

function linesOf(spoken: Spoken, files: readonly string[], source: SourceOf): ExplainedProfile['lines'] {
  return Object.fromEntries(
    namedBy(spoken).map(({ path, at }) => {
      const { file, line } = source(at);
      return [lineKey(path), [Math.max(0, files.indexOf(file)), line] as const];
    }),
  );
}

const linesIn = (text: string): readonly string[] => text.split(/\r?\n/);

/** The profile in force, or why it cannot be shown. */
export function explainProfile({
  inverter,
  ...asked
}: ToExplain): ExplainedProfile | { readonly why: string } {
  const found = findInForce(asked);
  if (typeof found === 'string') return { why: found };
  const { compiled, texts } = found;
  const { file, text, base } = texts;
  const source = sourcesIn(file, text, () => base ?? 'its base is not there');
  if (!source) return { why: `${file} cannot be read line by line` };
  const spoken = spokenOf(compiled);
  const files = [{ name: file, text }, ...(base ? [{ name: base.file, text: base.text }] : [])];
  const { id, version } = compiled.profile;
  const names = files.map(({ name }) => name);
  return {
    ...spoken,
    inverter,
    profile: `${id}@${version}`,
    files: files.map((one) => ({ name: one.name, lines: linesIn(one.text) })),
    lines: linesOf(spoken, names, source),
  };
}
