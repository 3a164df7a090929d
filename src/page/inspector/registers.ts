// The registers as an inverter sees them: what it has read, and nothing else.
import { fromHex } from '../../bytes/hex.ts';
import type { WireTalk } from '../../model/api/wire-talk.ts';
import { addressText } from '../../profile/describe.ts';
import type { ExplainedProfile } from '../../profile/explained.ts';
import type { WindowLayout } from '../../profile/layout.ts';
import { forms } from '../../profile/pdu-forms.ts';
import { registersRead, wordAt } from '../../profile/pdu-words.ts';
import { rowsOf } from '../../profile/rows.ts';
import { linesOf, type ProfileLine } from './decoded.ts';

export interface SeenWord {
  readonly word: number;
  readonly atMs: number;
}

/** By function code and address, as a master has seen it last. */
export type Seen = ReadonlyMap<number, SeenWord>;

const ADDRESSES = 0x10000;
const placeOf = (code: number, address: number): number => code * ADDRESSES + address;

type Modbus = Extract<WireTalk, { kind: 'modbus' }>;

/** What is seen after this answer; nothing of what is refused, torn or no read. */
export function seenAfter(
  seen: Seen,
  { request, reply, at_ms: atMs }: Modbus,
  header: ExplainedProfile['readHeader'] = 'bytes8',
): Seen {
  const told = reply === null ? undefined : fromHex(reply);
  const read = registersRead(fromHex(request) ?? new Uint8Array(), told, header);
  if (!read || !told) return seen;
  const next = new Map(seen);
  for (let i = 0; i < read.quantity; i++)
    next.set(placeOf(read.code, read.first + i), { word: wordAt(told, read.at + 2 * i), atMs });
  return next;
}

export interface RegisterRow {
  readonly address: number;
  /** How many registers it fills. */
  readonly length: number;
  readonly label: string;
  /** Absent until the inverter has read all of it. */
  readonly raw?: string;
  readonly text?: string;
  readonly readAtMs?: number;
  readonly lines: readonly ProfileLine[];
}

const hex4 = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0');

/** Last read of a register, by whichever of the functions that see the window. */
function lastRead({ functions }: WindowLayout, seen: Seen, address: number): SeenWord | undefined {
  const read = functions.flatMap((code) => seen.get(placeOf(code, address)) ?? []);
  return read.toSorted((a, b) => b.atMs - a.atMs)[0];
}

function windowBytes(window: WindowLayout, seen: Seen): Uint8Array {
  const { from, length } = window;
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 2) {
    const value = lastRead(window, seen, from + at / 2)?.word ?? 0;
    bytes[at] = value >> 8;
    bytes[at + 1] = value & 0xff;
  }
  return bytes;
}

/** Each row of a window; what was not read has its place and its meaning, and no value. */
export function registerRows(profile: ExplainedProfile, window: WindowLayout, seen: Seen): RegisterRow[] {
  return rowsOf(window, windowBytes(window, seen)).map((row) => {
    const address = window.from + (row.at >> 1);
    const length = (row.length + 1) >> 1;
    const words = Array.from({ length }, (_, i) => lastRead(window, seen, address + i)).filter(
      (w) => w !== undefined,
    );
    return {
      address,
      length,
      label: row.label,
      ...(words.length === length && {
        raw: words.map((w) => hex4(w.word)).join(' '),
        text: row.text,
        readAtMs: Math.min(...words.map((w) => w.atMs)),
      }),
      lines: linesOf(profile, row.paths),
    };
  });
}

/** `0x0100–0x010F`, where a question has registers or coils. */
export function registersAsked(request: string): string {
  const bytes = fromHex(request) ?? new Uint8Array();
  const steps = forms.get(bytes[0] ?? 0)?.request.steps ?? [];
  if (bytes.length < 5 || !steps.includes('first')) return '';
  const first = wordAt(bytes, 1);
  const last = steps.includes('quantity') ? first + wordAt(bytes, 3) - 1 : first;
  return last > first ? `${addressText(first)}–${addressText(last)}` : addressText(first);
}
