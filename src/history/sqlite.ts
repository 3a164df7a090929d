// The one door to SQLite: how the file is opened, what its failures mean, and how a broken one is moved aside.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sentence } from '../model/errors.ts';
import { APPLICATION_ID, SCHEMA_VERSION, schemaSql } from './tables.ts';

export type { DatabaseSync as Database, StatementSync as Statement } from 'node:sqlite';

/** How long one program waits for another that writes. */
const BUSY_MS = 1000;
/** A minute of four batteries is half of it: whole pages are written, and larger ones would wear a card for nothing. */
const PAGE_BYTES = 1024;
/** The log that is written before the file: 4 MB of it, which it is cut to again after a reader held it up. */
const LOG_BYTES = 4 * 1024 * 1024;
const LOG_PAGES = LOG_BYTES / PAGE_BYTES;

/**
 * NORMAL: the disk is waited for when the log is taken over into the file, once in hours, not at each commit. A power cut may cost
 * the last minutes, never the file; the end of the process costs nothing that was committed.
 */
const pragmas = `
PRAGMA page_size = ${PAGE_BYTES};
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA wal_autocheckpoint = ${LOG_PAGES};
PRAGMA journal_size_limit = ${LOG_BYTES};
PRAGMA temp_store = MEMORY;
`;

const numberOf = (db: DatabaseSync, pragma: string): number =>
  Number(Object.values(db.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);

const isEmpty = (db: DatabaseSync): boolean =>
  db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;

/** What a file that is no history of this version is, and what to do; undefined when it is one. */
function strange(db: DatabaseSync): string | undefined {
  if (isEmpty(db)) return 'holds nothing yet; wait until the gateway has run for a minute';
  if (numberOf(db, 'application_id') !== APPLICATION_ID)
    return 'is not a history of bmsgate; move it away or name another file';
  const version = numberOf(db, 'user_version');
  return version === SCHEMA_VERSION
    ? undefined
    : `is a history of version ${version}, this program knows version ${SCHEMA_VERSION}; move it away or name another file`;
}

/** Runs all of it or nothing. */
export function inOne<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const done = work();
    db.exec('COMMIT');
    return done;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Undefined when it cannot be read, or is shorter. */
function headerOf(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const header = Buffer.alloc(100);
    return readSync(file, header) === header.length ? header : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Of a file that says it is ours: what SQLite takes for another kind of file, or does not write, instead of calling it damaged. */
function isHeaderDamaged(path: string): boolean {
  const header = headerOf(path);
  if (header?.readUInt32BE(68) !== APPLICATION_ID) return false;
  const isFormat = [header[18], header[19]].every((version) => version === 1 || version === 2);
  const [schemaFormat, encoding] = [header.readUInt32BE(44), header.readUInt32BE(56)];
  return !isFormat || schemaFormat < 1 || schemaFormat > 4 || encoding !== 1;
}

const tablesOf = (db: DatabaseSync): string[] =>
  db
    .prepare("SELECT sql FROM sqlite_schema WHERE type <> 'view' AND sql IS NOT NULL")
    .all()
    .map(({ sql }) => String(sql).replaceAll(/\s+/g, ' '));

/** Without them nothing can be written, and SQLite calls that our mistake. */
function lacksTables(db: DatabaseSync): boolean {
  const ours = new DatabaseSync(':memory:');
  ours.exec(schemaSql);
  const there = new Set(tablesOf(db));
  const lacking = tablesOf(ours).some((table) => !there.has(table));
  ours.close();
  return lacking;
}

const damaged = (): Error =>
  Object.assign(new Error('database disk image is malformed'), { errcode: CORRUPT });

function opened(path: string, readOnly: boolean, prepare: (db: DatabaseSync) => void): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly, timeout: BUSY_MS });
  try {
    prepare(db);
    const what = strange(db);
    if (what) throw new Error(`${path} ${what}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Folder by folder: where nothing can be made, as under `/proc`, a recursive mkdir of Node never comes back. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** To write: makes the file and its folder where they are missing. Throws what SQLite throws, or why the file is not ours. */
export function openToWrite(path: string): DatabaseSync {
  makeFolder(dirname(path));
  if (isHeaderDamaged(path)) throw damaged();
  const db = opened(path, false, (made) => {
    made.exec(pragmas);
    if (isEmpty(made)) inOne(made, () => made.exec(schemaSql));
  });
  if (!lacksTables(db)) return db;
  db.close();
  throw damaged();
}

/** To read a file that is there, while others may write it. */
export const openToRead = (path: string): DatabaseSync => opened(path, true, () => {});

/** To write a little into a file that is there. */
export const openToAmend = (path: string): DatabaseSync => opened(path, false, () => {});

const BUSY = 5;
const LOCKED = 6;
const READ_ONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NO_DATABASE = 26;

/** SQLite's primary result code; the extended ones hold it in their lowest byte. */
const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;

export const isDamage = (error: unknown): boolean => [CORRUPT, NO_DATABASE].includes(codeOf(error) ?? 0);

/** Somebody may not read it, or not write what SQLite keeps beside it. */
export const isDenied = (error: unknown): boolean => [READ_ONLY, CANNOT_OPEN].includes(codeOf(error) ?? 0);

const remedies: { readonly [code: number]: string } = {
  [BUSY]: 'another program is writing it; end that',
  [LOCKED]: 'another program is writing it; end that',
  [READ_ONLY]: 'make it and its folder writable for the user of the gateway',
  [FULL]: 'make room on the disk',
  [CANNOT_OPEN]: 'make its folder writable for the user of the gateway',
};

/** What went wrong with the file and what to do, one sentence. */
export function troubleText(path: string, error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) return sentence(error);
  return `${path}: ${sentence(error)}; ${remedies[code] ?? 'look at the disk (`dmesg`)'}`;
}

/** A disk that breaks file after file shall not be filled with them. */
const KEPT_ASIDE = 2;

/** Moves a damaged file aside with its log, as `history.db.corrupt-2026-11-21`; says where it lies now. */
export function moveAside(path: string, date: string): string {
  const stem = `${path}.corrupt-${date}`;
  const free = [stem, ...Array.from({ length: 99 }, (_, i) => `${stem}.${i + 2}`)];
  const target = free.find((name) => !existsSync(name)) ?? stem;
  for (const end of ['-wal', '-shm', ''])
    if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${target}${end}`);
  dropOldest(path);
  return target;
}

function dropOldest(path: string): void {
  const aside = readdirSync(dirname(path))
    .filter((name) => name.startsWith(`${basename(path)}.corrupt-`) && !/-(wal|shm)$/.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  for (const name of aside.slice(0, -KEPT_ASIDE))
    for (const end of ['', '-wal', '-shm']) rmSync(join(dirname(path), `${name}${end}`), { force: true });
}
