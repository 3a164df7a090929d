import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
    expect(readdirSync(options.folder).sort()).toEqual(['2026-3.jsonl', '2026-4.jsonl', '2026-5.jsonl']);
    await keepBox('2026-6', head, stretchOf([]), { ...options, mostBytes: 10 });
    expect(readdirSync(options.folder)).toEqual(['2026-6.jsonl']);
  });

  test('is not lost on a board that thinks it is 1970', async () => {
    const options = { folder: folder(), most: 2, mostBytes: 1e9 };
    for (const name of ['2026-1', '2026-2', '1970-1']) await keepBox(name, head, stretchOf([]), options);
    expect(readdirSync(options.folder).sort()).toEqual(['1970-1.jsonl', '2026-2.jsonl']);
  });

  test('stays as it is when another has its name', async () => {
    const options = { folder: folder(), most: 5, mostBytes: 1e9 };
    const first = await keepBox('2026-1', head, stretchOf([['say', 1, 'house', 'beat', []]]), options);
    const second = await keepBox('2026-1', head, stretchOf([]), options);
    expect(readdirSync(options.folder).sort()).toEqual(['2026-1.2.jsonl', '2026-1.jsonl']);
    expect(second).toBe(join(options.folder, '2026-1.2.jsonl'));
    expect(readFileSync(first, 'utf8')).toContain('["say",1,"house","beat",[]]');
  });

  test('that an office began and was killed over is cleared away by the next', async () => {
    const options = { folder: folder(), most: 5, mostBytes: 1e9 };
    mkdirSync(options.folder);
    writeFileSync(join(options.folder, '2026-1.jsonl.new'), 'half a box');
    writeFileSync(join(options.folder, 'notes.txt'), 'of somebody else');
    await keepBox('2026-2', head, stretchOf([]), options);
    expect(readdirSync(options.folder).sort()).toEqual(['2026-2.jsonl', 'notes.txt']);
  });
});
