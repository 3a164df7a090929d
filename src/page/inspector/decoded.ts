// What went over a wire, decoded by the profile that speaks there, and the lines of its file.
import { fromHex } from '../../bytes/hex.ts';
import type { WireTalk } from '../../model/api/wire-talk.ts';
import type { ExplainedProfile } from '../../profile/explained.ts';
import { lineKey } from '../../profile/explained.ts';
import { decodeFrame } from '../../profile/frame-pieces.ts';
import { decodePdus } from '../../profile/pdu-pieces.ts';
import type { Decoded, Piece } from '../../profile/pieces.ts';
import { decodeTelegrams } from '../../profile/serial/telegrams.ts';
import { DAMAGED } from './heard.ts';

export interface ProfileLine {
  /** Its name without the folders. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** A frame, a question or an answer. */
export interface Section extends Decoded {
  readonly of: 'frame' | 'request' | 'reply';
  readonly profile: ExplainedProfile;
  readonly hex: string;
}

type Frame = Extract<WireTalk, { kind: 'frame' }>;
type Asked = Exclude<WireTalk, Frame>;
type Telegram = Extract<WireTalk, { kind: 'telegram' }>;

/** `/etc/bmsgate/profiles/house.yaml` is `house.yaml`. */
export const fileName = (path: string): string => path.split('/').at(-1) ?? path;

const lineAt = (
  { files, lines }: ExplainedProfile,
  path: Piece['paths'][number],
): ProfileLine | undefined => {
  const [file, line] = lines[lineKey(path)] ?? [];
  const held = file === undefined ? undefined : files[file];
  return held && line !== undefined
    ? { file: fileName(held.name), line, text: (held.lines[line - 1] ?? '').trim() }
    : undefined;
};

/** The lines of these entries, each once. */
export function linesOf(profile: ExplainedProfile, paths: Piece['paths']): ProfileLine[] {
  const found = paths.flatMap((path) => lineAt(profile, path) ?? []);
  return [...new Map(found.map((one) => [`${one.file}:${one.line}`, one])).values()];
}

const bytesOf = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array();

/** The byte that tells the contents of this frame's id apart. */
export function partIn(profile: ExplainedProfile | undefined, frame: Frame): string | undefined {
  const isOf = ({ id, extended }: { id: number; extended: boolean }): boolean =>
    id === frame.id && extended === (frame.extended ?? false);
  const part =
    profile?.frames.find((layout) => layout.part && isOf(layout))?.part ??
    profile?.hears.find(({ spec }) => spec.where.length > 0 && isOf(spec))?.spec.where[0];
  return part && frame.hex.slice(2 * part.at, 2 * part.at + 2);
}

/** The code of a question in a codec, `0x61`, or that it is damaged; undefined where its profile is not known yet, or the telegram none of it. */
export function commandOf(profile: ExplainedProfile | undefined, { request }: Telegram): string | undefined {
  if (!profile?.serial) return undefined;
  const [asked] = decodeTelegrams(profile.serial, { request: bytesOf(request), reply: undefined });
  if (isDamaged(asked)) return DAMAGED;
  return asked.pieces.find(({ kind }) => kind === 'command')?.text;
}

export const isDamaged = ({ facts }: Pick<Decoded, 'facts'>): boolean =>
  facts.some(({ kind }) => kind === 'damaged' || kind === 'unsound');

const isKnown = ({ facts }: Decoded): boolean =>
  facts.every(({ kind }) => kind !== 'unknown' && kind !== 'ours');

/** By the first of the profiles on its wire that knows it; where none does, by the first at all. */
export function frameSections(profiles: readonly ExplainedProfile[], talk: Frame): Section[] {
  const { way, id, extended = false, hex } = talk;
  const frame = { id, extended, data: bytesOf(hex) };
  const read = profiles.map(
    (profile): Section => ({ of: 'frame', profile, hex, ...decodeFrame(profile, way, frame) }),
  );
  const best =
    read.find(isKnown) ?? read.find(({ facts }) => facts.some(({ kind }) => kind === 'ours')) ?? read[0];
  return best ? [best] : [];
}

function bothDecoded(
  profile: ExplainedProfile,
  talk: Asked,
): readonly [Decoded, Decoded | undefined] | undefined {
  const request = bytesOf(talk.request);
  const reply = talk.reply === null ? undefined : bytesOf(talk.reply);
  if (talk.kind === 'modbus') return decodePdus(profile, { unit: talk.unit, request, reply });
  return profile.serial && decodeTelegrams(profile.serial, { request, reply });
}

/** The question, then the answer if there was one. */
export function askedSections(profile: ExplainedProfile | undefined, talk: Asked): Section[] {
  const [asked, answered] = (profile && bothDecoded(profile, talk)) ?? [];
  if (!profile || !asked) return [];
  const request: Section = { of: 'request', profile, hex: talk.request, ...asked };
  return answered ? [request, { of: 'reply', profile, hex: talk.reply ?? '', ...answered }] : [request];
}
