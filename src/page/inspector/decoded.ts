// Bytes from a wire, row by row beside the lines of the profile that made them.
import { fromHex } from '../../bytes/hex.ts';
import type { WireTalk } from '../../model/api/wire-talk.ts';
import type { ExplainedProfile } from '../../profile/explained.ts';
import { lineKey } from '../../profile/explained.ts';
import type { FrameLayout, Layout } from '../../profile/layout.ts';
import { type Row, rowsOf } from '../../profile/rows.ts';

export interface ProfileLine {
  /** Its name without the folders. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export interface DecodedRow extends Row {
  readonly lines: readonly ProfileLine[];
}

/** `/etc/bmsgate/profiles/house.yaml` is `house.yaml`. */
export const fileName = (path: string): string => path.split('/').at(-1) ?? path;

const lineAt = ({ files, lines }: ExplainedProfile, path: Layout['path']): ProfileLine | undefined => {
  const [file, line] = lines[lineKey(path)] ?? [];
  const held = file === undefined ? undefined : files[file];
  return held && line !== undefined
    ? { file: fileName(held.name), line, text: (held.lines[line - 1] ?? '').trim() }
    : undefined;
};

/** The lines of all that begins in the row's first byte or register, each once. */
export function linesOf(profile: ExplainedProfile, layout: Layout, row: Row): ProfileLine[] {
  const step = 'id' in layout ? 1 : 2;
  const found = layout.slots
    .filter(({ at }) => at - (at % step) === row.at)
    .flatMap(({ path }) => lineAt(profile, path) ?? []);
  return [...new Map(found.map((one) => [`${one.file}:${one.line}`, one])).values()];
}

export const decoded = (profile: ExplainedProfile, layout: Layout, bytes: Uint8Array): DecodedRow[] =>
  rowsOf(layout, bytes).map((row) => ({ ...row, lines: linesOf(profile, layout, row) }));

type Frame = Extract<WireTalk, { kind: 'frame' }>;

const isOf = (layout: FrameLayout, { id, extended }: Frame): boolean =>
  layout.id === id && layout.extended === (extended ?? false);

/** The byte that tells the contents of this frame's id apart. */
export function partIn(profile: ExplainedProfile | undefined, frame: Frame): string | undefined {
  const part = profile?.frames.find((layout) => layout.part && isOf(layout, frame))?.part;
  return part && frame.hex.slice(2 * part.at, 2 * part.at + 2);
}

/** The layout that the frame claims to be; undefined when this profile has none, or a longer one. */
export function layoutOf(profile: ExplainedProfile, frame: Frame): FrameLayout | undefined {
  const bytes = fromHex(frame.hex);
  if (!bytes) return undefined;
  const meant = profile.frames.filter(
    (layout) => isOf(layout, frame) && (!layout.part || bytes[layout.part.at] === layout.part.value),
  );
  return (
    meant.find(({ length }) => length === bytes.length) ?? meant.find(({ length }) => length < bytes.length)
  );
}

/** What a frame of ours says; nothing of one that the profile does not send. */
export function decodedFrame(profile: ExplainedProfile, frame: Frame): DecodedRow[] {
  const layout = layoutOf(profile, frame);
  const bytes = fromHex(frame.hex);
  return layout && bytes ? decoded(profile, layout, bytes) : [];
}
