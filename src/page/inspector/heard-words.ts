// What one thing on a wire is called, and what it says: for the list, and for the search in it.
import { fromHex } from '../../bytes/hex.ts';
import { addressText, idText } from '../../profile/describe.ts';
import { t } from '../words/words.ts';
import { type DecodedRow, decodedFrame, layoutOf } from './decoded.ts';
import { explained } from './explained-profiles.ts';
import { type Heard, hexOf } from './heard.ts';
import { registerRows, seenAfter } from './registers.ts';
import { profilesOn } from './talk.ts';

type Talk = Heard['last'];
type Modbus = Extract<Talk, { kind: 'modbus' }>;
type Codec = Extract<Talk, { kind: 'codec' }>;

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** `0x0100–0x010F`, where a question has registers. */
function registersOf(request: string): string {
  const bytes = fromHex(request) ?? new Uint8Array();
  const [code = 0] = bytes;
  if (bytes.length < 5) return '';
  const first = word(bytes, 1);
  const last = code === 5 || code === 6 ? first : first + word(bytes, 3) - 1;
  return last > first ? `${addressText(first)}–${addressText(last)}` : addressText(first);
}

const modbusTitle = ({ inverter, unit, request }: Modbus): string =>
  t('inspector.question', {
    inverter,
    unit,
    code: Number.parseInt(request.slice(0, 2), 16),
    registers: registersOf(request),
  });

const codecTitle = ({ inverter, address, ask }: Codec): string =>
  t('inspector.codecQuestion', {
    inverter,
    address,
    command: ask === null ? '–' : ask.toString(16).toUpperCase(),
  });

export function titleOf({ last }: Heard): string {
  if (last.kind === 'modbus') return modbusTitle(last);
  return last.kind === 'codec' ? codecTitle(last) : idText({ id: last.id, extended: last.extended ?? false });
}

/** The profile's own word for a frame of ours. */
export function subtitleOf({ last }: Heard): string | undefined {
  if (last.kind !== 'frame' || last.way === '<') return undefined;
  return profilesOn(last.wire)
    .map((profile) => layoutOf(profile, last)?.title)
    .find((title) => title !== undefined);
}

function modbusRows(talk: Modbus): readonly DecodedRow[] {
  const profile = explained.value.get(talk.inverter)?.profile;
  if (!profile) return [];
  const seen = seenAfter(new Map(), talk);
  return profile.windows.flatMap((window) =>
    registerRows(profile, window, seen)
      .filter((row) => row.text !== undefined)
      .map(({ address, length, label, text = '', lines }) => ({
        at: address,
        length,
        label: `${addressText(address)} ${label}`,
        text,
        lines,
        paths: [],
      })),
  );
}

/** Decoded beside the lines that made it; of what others say there are none. */
export function rowsIn({ last }: Heard): readonly DecodedRow[] {
  if (last.kind === 'modbus') return modbusRows(last);
  // Another battery on the wire may use our ids: no line of ours made its bytes.
  if (last.kind === 'codec' || (last.kind === 'frame' && last.way === '<')) return [];
  return (
    profilesOn(last.wire)
      .map((profile) => decodedFrame(profile, last))
      .find((rows) => rows.length > 0) ?? []
  );
}

const decodedText = (heard: Heard): string =>
  rowsIn(heard)
    .map(({ label, text }) => `${label} ${text}`)
    .join(' ');

/** All that a search looks through. */
export const wordsOf = (heard: Heard): string =>
  [titleOf(heard), subtitleOf(heard), hexOf(heard.last), decodedText(heard)].join(' ');
