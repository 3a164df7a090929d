import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Head } from '../../src/blackbox/head.ts';
import { keepBox } from '../../src/blackbox/keep.ts';
import { readBox } from '../../src/blackbox/read-box.ts';
import { newRing } from '../../src/blackbox/ring.ts';
import type { Start, TapeEntry } from '../../src/blackbox/tape.ts';

const head = {
  bank: {},
  batteries: [],
  config: '',
  events: [],
  inverters: [],
  fromMs: 0,
  wall_minus_monotonic_ms: 0,
  // What is in it does not matter to the file.
} as unknown as Omit<Head, 'bmsgate_black_box'>;

function stretchOf(entries: readonly TapeEntry[]) {
  const ring = newRing({ spanMs: 1e6, mostBytes: 1e9, inverters: [] });
  const start: TapeEntry = ['start', 0, { samples: {}, left: {} } as unknown as Start];
  ring.take({ type: 'tape', from: 'wires', number: 0, entries: [start, ...entries] });
  const stretch = ring.since(0);
  if (!stretch) throw new Error('the start is there');
  return stretch;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'bmsgate-box-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return join(made, 'blackbox');
}

describe('a black box on the disk', () => {
  test('holds no password: they are masked as in a capture, also where a frame came in two pieces', async () => {
    const secret = Buffer.from('hunter2');
    const login = Uint8Array.from([0xff, 0xaa, 0x18, secret.length, ...secret, 0]);
    const raw = (bytes: Uint8Array): TapeEntry => ['raw', 1, 'aa:bb', '>', bytes];
    const path = await keepBox(
      'x',
      head,
      stretchOf([raw(login), raw(login.slice(0, 6)), raw(login.slice(6))]),
      {
        folder: folder(),
        most: 5,
        mostBytes: 1e9,
      },
    );
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain(secret.toString('hex'));
    const box = readBox(text);
    if ('message' in box) throw new Error(box.message);
    const bytes = box.entries.flatMap((entry) => (entry[0] === 'raw' ? [entry[4]] : []));
    expect(bytes.map((b) => Buffer.from(b).toString('hex').slice(0, 22))).toEqual([
      'ffaa18072a2a2a2a2a2a2a',
      'ffaa18072a2a',
      expect.stringMatching(/^2a2a2a2a2a/),
    ]);
    expect(statSync(path).mode & 0o007).toBe(0);
  });

  test('takes the place of the oldest', async () => {
    const options = { folder: folder(), most: 3, mostBytes: 1e9 };
    for (const name of ['2026-1', '2026-2', '2026-3', '2026-4', '2026-5'])
      await keepBox(name, head, stretchOf([]), options);
    expect(readdirSync(options.folder).sort()).toEqual([
      '2026-3.3.jsonl',
      '2026-4.4.jsonl',
      '2026-5.5.jsonl',
    ]);
    await keepBox('2026-6', head, stretchOf([]), { ...options, mostBytes: 10 });
    expect(readdirSync(options.folder)).toEqual(['2026-6.6.jsonl']);
  });

  test.for([
    ['thinks that it is 1970', ['2026-1', '1970-1', '1970-2'], ['1970-1.2.jsonl', '1970-2.3.jsonl']],
    [
      'was a year ahead until its clock was set',
      ['2027-1', '2027-2', '2026-1'],
      ['2026-1.3.jsonl', '2027-2.2.jsonl'],
    ],
  ] as const)('is the last to go on a board that %s', async ([, names, stay]) => {
    const options = { folder: folder(), most: 2, mostBytes: 1e9 };
    for (const name of names) await keepBox(name, head, stretchOf([]), options);
    expect(readdirSync(options.folder).sort()).toEqual(stay);
  });

  test('is younger than those that an earlier version left, and than the ninth before it', async () => {
    const options = { folder: folder(), most: 11, mostBytes: 1e9 };
    mkdirSync(options.folder);
    for (const name of ['2027-1', '2027-2']) writeFileSync(join(options.folder, `${name}.jsonl`), 'a box');
    for (let i = 1; i <= 10; i++) await keepBox('2026-3', head, stretchOf([]), options);
    const numbers = Array.from({ length: 10 }, (_, i) => `2026-3.${i + 1}.jsonl`);
    expect(readdirSync(options.folder).sort()).toEqual([...numbers, '2027-2.jsonl'].sort());
  });

  test('stays as it is when another has its name', async () => {
    const options = { folder: folder(), most: 5, mostBytes: 1e9 };
    const first = await keepBox('2026-1', head, stretchOf([['say', 1, 'house', 'beat', []]]), options);
    const second = await keepBox('2026-1', head, stretchOf([]), options);
    expect(readdirSync(options.folder).sort()).toEqual(['2026-1.1.jsonl', '2026-1.2.jsonl']);
    expect(second).toBe(join(options.folder, '2026-1.2.jsonl'));
    expect(readFileSync(first, 'utf8')).toContain('["say",1,"house","beat",[]]');
  });

  test('takes nobody’s place that is no box', async () => {
    const options = { folder: folder(), most: 1, mostBytes: 10 };
    mkdirSync(options.folder);
    const others = ['house.jsonl', 'walk.3.jsonl', 'walk.jsonl.new'];
    for (const name of others) writeFileSync(join(options.folder, name), 'a capture that a person put here');
    for (const name of ['2026-1', '2026-2']) await keepBox(name, head, stretchOf([]), options);
    expect(readdirSync(options.folder).sort()).toEqual(['2026-2.2.jsonl', ...others]);
  });

  test('that an office began and was killed over is cleared away by the next', async () => {
    const options = { folder: folder(), most: 5, mostBytes: 1e9 };
    mkdirSync(options.folder);
    writeFileSync(join(options.folder, '2026-1.jsonl.new'), 'half a box');
    writeFileSync(join(options.folder, 'notes.txt'), 'of somebody else');
    await keepBox('2026-2', head, stretchOf([]), options);
    expect(readdirSync(options.folder).sort()).toEqual(['2026-2.1.jsonl', 'notes.txt']);
  });
});

describe('a black box on a full disk', () => {
  const frames = (count: number): TapeEntry[] =>
    Array.from({ length: count }, (_, i) => ['say', i, 'house', 'beat', []]);

  /** A disk of so many bytes, which takes what fits of each write. */
  const diskOf = (place: string, bytes: number): typeof open => {
    const used = () => readdirSync(place).reduce((sum, name) => sum + statSync(join(place, name)).size, 0);
    return async (...how) => {
      const file = await open(...how);
      const write = async (all: Buffer, offset: number, length: number, at: number) => {
        const free = Math.min(length, bytes - used());
        if (free <= 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        return file.write(all, offset, free, at);
      };
      // Of a file only these are used.
      return { write, sync: () => file.sync(), close: () => file.close() } as unknown as FileHandle;
    };
  };

  async function filled(spareBytes: number) {
    const options = { folder: folder(), most: 20, mostBytes: 1e9 };
    for (let i = 0; i < 4; i++) await keepBox('2026-old', head, stretchOf(frames(100)), options);
    const size = statSync(join(options.folder, '2026-old.1.jsonl')).size;
    const disk = diskOf(options.folder, 4 * size + spareBytes);
    const keep = (count: number) => keepBox('2026-new', head, stretchOf(frames(count)), options, disk);
    return { keep, names: () => readdirSync(options.folder).sort() };
  }

  test('takes the place of the oldest, of no more than it needs, and is whole', async () => {
    const { keep, names } = await filled(0);
    const path = await keep(150);
    expect(names()).toEqual(['2026-new.5.jsonl', '2026-old.3.jsonl', '2026-old.4.jsonl']);
    const box = readBox(readFileSync(path, 'utf8'));
    if ('message' in box) throw new Error(box.message);
    expect(box.entries.filter(([kind]) => kind === 'say')).toHaveLength(150);
  });

  test('takes nobody’s place where there is room', async () => {
    const { keep, names } = await filled(1e6);
    await keep(150);
    expect(names()).toHaveLength(5);
  });

  test('that all the old ones could not make room for leaves them as they are', async () => {
    const { keep, names } = await filled(10);
    const before = names();
    await expect(keep(1000)).rejects.toThrow('no space left');
    expect(names()).toEqual(before);
  });
});
