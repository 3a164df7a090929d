// Writes a black box as one file, and lets go of the oldest.
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { masker } from '../bms/masked.ts';
import { type Head, headLine } from './head.ts';
import type { Stretch } from './ring.ts';
import { lineOf, readLine, type TapeEntry } from './tape.ts';

export interface KeepOptions {
  readonly folder: string;
  /** At most so many files. */
  readonly most: number;
  /** And no more than this together; the newest stays. */
  readonly mostBytes: number;
}

/** The lines, with passwords and pass codes masked as in a capture. */
function maskedLines(): (text: string) => string {
  const masked = masker();
  const maskedLine = (line: string): string => {
    if (!line.startsWith('["raw"')) return line;
    // Written by `lineOf` from an entry of this kind.
    const [kind, atMs, unit, way, raw] = readLine(line) as Extract<TapeEntry, readonly ['raw', ...unknown[]]>;
    const { entry } = masked({ unit, from: way === '>' ? 'us' : 'battery', bytes: raw });
    return lineOf([kind, atMs, unit, way, entry.bytes]).trimEnd();
  };
  return (text) => text.split('\n').map(maskedLine).join('\n');
}

const HALF = '.jsonl.new';
const isBox = (name: string): boolean => name.endsWith('.jsonl');

/** Begun by an office that was killed over it. */
const isHalf = (name: string): boolean => name.endsWith(HALF);

/**
 * Their names begin with their date, so the order of the names is that of time; but the newest may bear a date of 1970. Others
 * in the folder are not ours.
 */
async function letGo({ folder, most, mostBytes }: KeepOptions, newest: string): Promise<void> {
  const all = await readdir(folder);
  const older = all.filter((name) => isBox(name) && name !== newest).sort();
  let bytes = 0;
  for (const [i, name] of [newest, ...older.reverse()].entries()) {
    bytes += (await stat(join(folder, name))).size;
    if (i > 0 && (i >= most || bytes > mostBytes)) await unlink(join(folder, name));
  }
  for (const name of all.filter(isHalf)) await unlink(join(folder, name));
}

/** Two that begin in one second of a clock that was set back are two. */
async function freeName(name: string, folder: string): Promise<string> {
  const taken = await readdir(folder);
  const free = [name, ...taken.map((_, i) => `${name}.${i + 2}`)].map((stem) => `${stem}.jsonl`);
  return free.find((one) => !taken.includes(one)) ?? `${name}.jsonl`;
}

/** Gives the path. Rejects when the disk will not take it. One at a time. */
export async function keepBox(
  name: string,
  head: Omit<Head, 'bmsgate_black_box'>,
  stretch: Stretch,
  options: KeepOptions,
): Promise<string> {
  await mkdir(options.folder, { recursive: true, mode: 0o750 });
  const own = await freeName(name, options.folder);
  const path = join(options.folder, own);
  const file = await open(`${path}.new`, 'w', 0o640);
  const masked = maskedLines();
  try {
    await file.appendFile(headLine(head));
    for (const text of stretch.texts()) {
      // All of it: a plain write may end half way through a line where the disk is full.
      await file.appendFile(masked(text));
      // Others of this process have their turn between two pieces.
      await turn();
    }
    await file.sync();
  } catch (error) {
    await unlink(`${path}.new`).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await letGo(options, own);
  return path;
}
