// A black box as it is read from its text.
import { FORM, type Head, looksLikeBox } from './head.ts';
import { readLine, type TapeEntry } from './tape.ts';

export interface BoxProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export interface Box {
  readonly head: Head;
  readonly entries: readonly TapeEntry[];
}

const LENGTHS: { readonly [K in TapeEntry[0]]: number } = {
  start: 3,
  raw: 5,
  sample: 5,
  evaluated: 6,
  modbus: 6,
  codec: 6,
  telegram: 6,
  say: 5,
  frame: 7,
  profile: 3,
  skipped: 3,
};

/** Of the shape that its kind has; what is in it shows when it is played. */
function isEntry(value: unknown): value is TapeEntry {
  if (!Array.isArray(value)) return false;
  const [kind, atMs] = value;
  return (
    typeof kind === 'string' &&
    Object.hasOwn(LENGTHS, kind) &&
    // Just found to be a key of the table.
    value.length === LENGTHS[kind as TapeEntry[0]] &&
    typeof atMs === 'number'
  );
}

const isHead = (value: unknown): value is Head =>
  typeof value === 'object' &&
  value !== null &&
  'bank' in value &&
  ['inverters', 'batteries', 'events'].every((key) => Array.isArray(Reflect.get(value, key)));

function parsed(line: string): unknown {
  try {
    return readLine(line);
  } catch {
    return undefined;
  }
}

const DAMAGED = 'is damaged: it is no line of a black box; copy the file once more from the gateway';
const CUT =
  'is cut off: the file was not copied as a whole; copy it once more, or delete this line to play what lies before it';

/** Reads a black box, or tells the first line that is none. */
export function readBox(text: string): Box | BoxProblem {
  const lines = text.split('\n');
  const rest = lines.pop();
  if (rest) return { line: lines.length + 1, message: CUT };
  const [first = '', ...others] = lines;
  const head = parsed(first);
  if (looksLikeBox(first) && !first.startsWith(`{"bmsgate_black_box":${FORM},`))
    return { line: 1, message: `is of another version; this program reads \`"bmsgate_black_box":${FORM}\`` };
  if (!isHead(head)) return { line: 1, message: DAMAGED };
  const entries: TapeEntry[] = [];
  for (const [i, line] of others.entries()) {
    const entry = parsed(line);
    if (!isEntry(entry)) return { line: i + 2, message: DAMAGED };
    entries.push(entry);
  }
  if (entries[0]?.[0] !== 'start')
    return {
      line: 2,
      message: 'is no start, so nothing can be played; copy the file once more from the gateway',
    };
  return { head, entries };
}
