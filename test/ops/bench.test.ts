// `npm run bench` still works: its command, its table, its file and its page, with its quickest parts.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import type { Row } from '../bench/row.ts';

/** A busy machine compiles and starts five slaves slowly. */
const LIMIT_MS = 120_000;
const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bench = (...args: string[]) =>
  promisify(execFile)(join(root, 'node_modules/.bin/node'), [join(root, 'test/bench/bench.ts'), ...args]);

test(
  'the bench prints its table, and leaves its rows in a file and in a page',
  async () => {
    const [json, page] = [join(folder, 'run.json'), join(folder, 'page.md')];
    writeFileSync(page, 'above\n<!-- the last run -->\nold\n<!-- end of the last run -->\nbelow\n');
    const parts = ['--only', 'evaluation', '--only', 'smoke'];
    const { stdout } = await bench('--quick', ...parts, '--json', json, '--markdown', page);
    const { rows, machine }: { rows: Row[]; machine: { cores: number } } = JSON.parse(
      readFileSync(json, 'utf8'),
    );
    expect(machine.cores).toBeGreaterThan(0);
    expect(rows.map(({ what }) => what)).toEqual([
      '1 packs of 16 cells',
      '4 packs of 16 cells',
      '16 packs of 16 cells',
      '64 packs of 16 cells',
      'bmsgate, reply_delay 0, 10 registers',
      'libmodbus (C), 10 registers',
      'pymodbus, 10 registers',
      'modbus-serial, interval 1, 10 registers',
      'modbus-serial, as it comes, 10 registers',
    ]);
    for (const { missing = '', count, p50 } of rows) {
      if (missing.startsWith('apt-get install ')) continue;
      expect(missing).toBe('');
      expect(count).toBeGreaterThanOrEqual(10);
      expect(p50).toBeGreaterThan(0);
    }
    expect(stdout).toContain('evaluation: 64 packs of 16 cells');
    const written = readFileSync(page, 'utf8');
    expect(written).toMatch(/^above\n<!-- the last run -->\n[\s\S]*\n<!-- end of the last run -->\nbelow\n$/);
    expect(written).toContain('| 64 packs of 16 cells |');
    expect(written).not.toContain('old');
  },
  LIMIT_MS,
);

test(
  'a part that there is not is told, with those that there are',
  async () => {
    await expect(bench('--only', 'nothing')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/there is no part `nothing`; npm run bench .*rtu\|/),
    });
  },
  LIMIT_MS,
);
