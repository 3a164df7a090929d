// The registers as an inverter sees them: what it has read, and nothing else.
import { fromHex } from '../../bytes/hex.ts';
import type { WireTalk } from '../../model/api/wire-talk.ts';
import type { ExplainedProfile } from '../../profile/explained.ts';
import type { WindowLayout } from '../../profile/layout.ts';
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

const READ_HOLDING = 3;
const READ_INPUT = 4;

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** What a read was answered with; nothing of what is refused or is no read. */
export function wordsRead({ request, reply }: Modbus) {
  const [asked, told] = [fromHex(request), reply === null ? undefined : fromHex(reply)];
  if (!asked || !told || asked.length < 5) return undefined;
  const code = asked[0];
  if ((code !== READ_HOLDING && code !== READ_INPUT) || told[0] !== code) return undefined;
  const quantity = word(asked, 3);
  if (told[1] !== quantity * 2 || told.length < 2 + quantity * 2) return undefined;
  return {
    code,
    first: word(asked, 1),
    words: Array.from({ length: quantity }, (_, i) => word(told, 2 + 2 * i)),
  };
}

/** What is seen after this answer. */
export function seenAfter(seen: Seen, talk: Modbus): Seen {
  const answer = wordsRead(talk);
  if (!answer) return seen;
  const next = new Map(seen);
  for (const [i, value] of answer.words.entries())
    next.set(placeOf(answer.code, answer.first + i), { word: value, atMs: talk.at_ms });
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
      lines: linesOf(profile, window, row),
    };
  });
}
