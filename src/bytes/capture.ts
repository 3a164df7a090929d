import { fromHex, toHex } from './hex.ts';

/**
 * Raw captures, as text (style example 9). `#` begins a comment; `# bms: jbd` and `# address: …` are headers. Each other line
 * is `[seconds] [unit] > hex` (we sent) or `[seconds] [unit] < hex` (the battery sent), one write or notification each. A line
 * that leaves out the seconds or the unit goes on with those of the line before it.
 */
const FIRST_LINE = '# bmsgate capture 1';

export interface CaptureEntry {
  /** Since the capture began. */
  readonly seconds?: number;
  /** Free of spaces; of one word alone before the arrow, a number is seconds. */
  readonly unit?: string;
  readonly from: 'us' | 'battery';
  readonly bytes: Uint8Array;
}

export interface Capture {
  readonly headers: { readonly [name: string]: string };
  readonly entries: readonly CaptureEntry[];
}

export interface CaptureProblem {
  /** From 1. */
  readonly line: number;
  /** What is wrong; what to do. */
  readonly message: string;
}

type When = Pick<CaptureEntry, 'seconds' | 'unit'>;

const isSeconds = (word: string): boolean => /^\d+(\.\d+)?$/.test(word);

/** The words before the arrow; undefined when they are not `[seconds] [unit]`. */
function whenOf(words: readonly string[], before: When): When | undefined {
  const [first, second, ...more] = words;
  if (first === undefined) return before;
  if (more.length > 0 || (second !== undefined && !isSeconds(first))) return undefined;
  const unit = isSeconds(first) ? second : first;
  return {
    ...before,
    ...(isSeconds(first) && { seconds: Number(first) }),
    ...(unit !== undefined && { unit }),
  };
}

/** One line without its comment; a text says what is wrong with it. */
function entryOf(text: string, before: When): CaptureEntry | string {
  const words = text.split(/\s+/);
  const arrow = words.findIndex((word) => word === '>' || word === '<');
  if (arrow < 0) return 'has no > (we sent) and no < (the battery sent); put one before the bytes';
  const when = whenOf(words.slice(0, arrow), before);
  if (!when) return 'has more before the arrow than seconds and a unit; write it as `12.345 a < dd 03 …`';
  const bytes = fromHex(words.slice(arrow + 1).join(''));
  if (!bytes?.length) return 'has no whole hex bytes behind the arrow; write them as `dd a5 03`';
  return { ...when, from: words[arrow] === '>' ? 'us' : 'battery', bytes };
}

const headerOf = (line: string): readonly string[] =>
  /^#\s*([a-z][\w-]*):\s*(\S.*?)\s*$/.exec(line)?.slice(1) ?? [];

/** True when the text says it is a capture, of any version; a file without that line may still be one. */
export const looksLikeCapture = (text: string): boolean => /^# bmsgate capture \d+/.test(text);

/** Reads a capture, or tells the first line that is none. */
export function parseCapture(text: string): Capture | CaptureProblem {
  const headers: { [name: string]: string } = {};
  const entries: CaptureEntry[] = [];
  if (looksLikeCapture(text) && !/^# bmsgate capture 1\s/.test(`${text}\n`))
    return { line: 1, message: `is of another version; this program reads \`${FIRST_LINE}\`` };
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const [name, value] = headerOf(line);
    if (name !== undefined && value !== undefined) headers[name] = value;
    const said = line.replace(/(^|\s)#.*$/, '').trim();
    if (said === '') continue;
    const entry = entryOf(said, entries.at(-1) ?? {});
    if (typeof entry === 'string') return { line: i + 1, message: entry };
    entries.push(entry);
  }
  return { headers, entries };
}

/** One line of a capture, without its line end; a recorder writes them as they come. */
export const captureLine = ({ seconds, unit, from, bytes }: CaptureEntry): string =>
  [seconds?.toFixed(3), unit, from === 'us' ? '>' : '<', toHex(bytes)]
    .filter((word) => word !== undefined)
    .join(' ');

/** A line that only people read, with its line end. */
export const captureComment = (text: string): string => `# ${text}\n`;

/** The first lines of a capture, each with its line end. */
/** A value may come from the air: whatever it holds, it stays in its line. */
export const captureHead = (headers: Capture['headers']): string =>
  [
    FIRST_LINE,
    ...Object.entries(headers).map(
      ([name, value]) => `# ${name}: ${value.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`,
    ),
    '',
  ].join('\n');

export const captureText = ({ headers, entries }: Capture): string =>
  captureHead(headers) + entries.map((entry) => `${captureLine(entry)}\n`).join('');
