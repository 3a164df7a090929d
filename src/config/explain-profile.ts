// A served profile for people: where its bytes lie, and which line of which file made each.

import type { CompiledProfile } from '../profile/compile.ts';
import type { Path } from '../profile/document.ts';
import { type ExplainedProfile, lineKey } from '../profile/explained.ts';
import type { FrameLayout, Layout, Slot } from '../profile/layout.ts';
import { type SourceOf, sourcesIn } from '../profile/parse.ts';
import type { AnswerLayout } from '../profile/serial/layout.ts';
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

const COUNTED =
  'rows of cells have as many bytes as there are cells: what stands behind one has no fixed place and is not decoded here';

/** What an answer begins with, counted from the first byte of its content. */
function beginOf({ parts }: AnswerLayout): FrameLayout[] {
  const [begin] = parts;
  if (begin?.kind !== 'stretch') return [];
  const { layout, first } = begin;
  const slots = layout.slots.map((slot) => ({ ...slot, at: slot.at - first }));
  return [{ ...layout, length: layout.length - first, slots }];
}

function framesOf({ can, serial }: CompiledProfile): readonly FrameLayout[] {
  return can?.layouts ?? serial?.answers.flatMap(beginOf) ?? [];
}

const isCounted = ({ serial }: CompiledProfile): boolean =>
  serial?.answers.some(({ parts }) => parts.length > 1 || parts[0]?.kind === 'row') ?? false;

const isWhole = ({ kind }: Slot, path: Path): boolean => path.length > 0 && kind === 'number';

/** A path that a problem would be shown at: that of the name, of numbers always. */
const namePath = (slot: Slot): Path =>
  isWhole(slot, slot.path) || slot.name !== undefined || slot.kind === 'text'
    ? [...slot.path, naming[slot.kind]]
    : slot.path;

function linesOf(layouts: readonly Layout[], files: readonly string[], source: SourceOf) {
  const place = (path: Path): readonly [number, number] => {
    const { file, line } = source(path);
    return [Math.max(0, files.indexOf(file)), line];
  };
  return Object.fromEntries(
    layouts.flatMap((layout) => [
      [lineKey(layout.path), place(layout.path)] as const,
      ...layout.slots.map((slot) => [lineKey(slot.path), place(namePath(slot))] as const),
    ]),
  );
}

/** Registers that a master may write. */
const writableOf = ({ modbus }: CompiledProfile): ExplainedProfile['writable'] =>
  modbus?.writable.entries.map(({ address, field, means }) => ({
    address,
    length: field.as.includes('32') ? 2 : 1,
    means,
  })) ?? [];

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
  const frames = framesOf(compiled);
  const windows = compiled.modbus?.layouts ?? [];
  const files = [{ name: file, text }, ...(base ? [{ name: base.file, text: base.text }] : [])];
  const { id, version } = compiled.profile;
  return {
    inverter,
    profile: `${id}@${version}`,
    files: files.map((one) => ({ name: one.name, lines: linesIn(one.text) })),
    lines: linesOf(
      [...frames, ...windows],
      files.map(({ name }) => name),
      source,
    ),
    frames,
    windows,
    writable: writableOf(compiled),
    ...(isCounted(compiled) && { remark: COUNTED }),
  };
}
