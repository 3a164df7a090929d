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

/** All that stands in the file, piece by piece; each is whole lines. */
function* textsOf(head: Omit<Head, 'bmsgate_black_box'>, stretch: Stretch): Generator<string> {
  yield headLine(head);
  const masked = maskedLines();
  for (const text of stretch.texts()) yield masked(text);
}

/** A box begins with its date; what a person put beside it is not ours. */
const isBox = (name: string): boolean => /^\d{4}-.*\.jsonl$/.test(name);

/** Begun by an office that was killed over it. */
const isHalf = (name: string): boolean => /^\d{4}-.*\.jsonl\.new$/.test(name);

/** Each box has the next number: a date may have been wrong. */
const numberOf = (name = ''): number => Number(/\.(\d+)\.jsonl$/.exec(name)?.[1] ?? 0);

/** Oldest first; those without a number are older than all that have one. */
const boxesIn = (all: readonly string[]): string[] =>
  all.filter(isBox).sort((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1));

async function letGo({ folder, most, mostBytes }: KeepOptions): Promise<void> {
  let bytes = 0;
  for (const [i, name] of boxesIn(await readdir(folder))
    .reverse()
    .entries()) {
    bytes += (await stat(join(folder, name))).size;
    if (i > 0 && (i >= most || bytes > mostBytes)) await unlink(join(folder, name));
  }
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

/** Makes room on a full disk; false when there is none to be made. */
type MakeRoom = () => Promise<boolean>;

async function withRoom<T>(work: () => Promise<T>, makeRoom: MakeRoom): Promise<T> {
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (!isFull(error) || !(await makeRoom())) throw error;
    }
}

async function total<T>(of: Iterable<T>, bytes: (one: T) => number | Promise<number>): Promise<number> {
  let sum = 0;
  for (const one of of) {
    sum += await bytes(one);
    await turn();
  }
  return sum;
}

/** The oldest boxes give way one by one, but none of them where all together would not be room enough. */
function giveWay(paths: readonly string[], missing: () => Promise<number>): MakeRoom {
  const left = [...paths];
  let isEnough: boolean | undefined;
  return async () => {
    isEnough ??= (await total(left, async (path) => (await stat(path)).size)) >= (await missing());
    const oldest = isEnough ? left.shift() : undefined;
    if (oldest !== undefined) await unlink(oldest);
    return oldest !== undefined;
  };
}

async function writeBox(
  path: string,
  texts: () => Iterable<string>,
  older: readonly string[],
  openFile: typeof open,
): Promise<void> {
  let at = 0;
  const makeRoom = giveWay(older, async () => (await total(texts(), (text) => Buffer.byteLength(text))) - at);
  const file = await withRoom(() => openFile(path, 'w', 0o640), makeRoom);
  try {
    for (const text of texts()) {
      // All of it: a full disk takes the half of a line.
      for (let bytes = Buffer.from(text); bytes.length > 0; ) {
        const rest = bytes;
        const { bytesWritten } = await withRoom(() => file.write(rest, 0, rest.length, at), makeRoom);
        at += bytesWritten;
        bytes = bytes.subarray(bytesWritten);
      }
      // Others of this process have their turn between two pieces.
      await turn();
    }
    await withRoom(() => file.sync(), makeRoom);
  } finally {
    await file.close();
  }
}

/** Gives the path. Rejects when the disk will not take it. One at a time. */
export async function keepBox(
  name: string,
  head: Omit<Head, 'bmsgate_black_box'>,
  stretch: Stretch,
  options: KeepOptions,
  openFile = open,
): Promise<string> {
  const { folder } = options;
  const inFolder = (file: string): string => join(folder, file);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const all = await readdir(folder);
  for (const half of all.filter(isHalf)) await unlink(inFolder(half));
  const older = boxesIn(all);
  const path = inFolder(`${name}.${numberOf(older.at(-1)) + 1}.jsonl`);
  try {
    await writeBox(`${path}.new`, () => textsOf(head, stretch), older.map(inFolder), openFile);
  } catch (error) {
    await unlink(`${path}.new`).catch(() => {});
    throw error;
  }
  await rename(`${path}.new`, path);
  await letGo(options);
  return path;
}
