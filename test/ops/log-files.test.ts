import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { LogFiles } from '../../src/history/log-files.ts';
import { packLine } from '../../src/history/pack-line.ts';

const root = mkdtempSync(join(tmpdir(), 'log-files-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder = '';
let count = 0;
beforeEach(() => {
  folder = join(root, `${++count}`, 'log');
});

function open(maxBytes = 1000, keep = 3) {
  const reports: string[] = [];
  return { files: new LogFiles({ folder, maxBytes, keep, report: (s) => reports.push(s) }), reports };
}
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('a log file', () => {
  test('holds the lines in the order they came, and goes on after a restart', async () => {
    const first = open();
    for (let i = 0; i < 5; i++) first.files.append('service', `line ${i}`);
    await first.files.settled();
    const second = open();
    second.files.append('service', 'line 5');
    await second.files.settled();
    expect(read('service.log')).toBe('line 0\nline 1\nline 2\nline 3\nline 4\nline 5\n');
  });

  test('never grows past its size, whatever is written: the oldest lines go, the newest stay in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 20 }), {
          maxLength: 8,
        }),
        fc.integer({ min: 1, max: 4 }),
        async (bursts, keep) => {
          folder = join(root, `${++count}`);
          const { files, reports } = open(500, keep);
          for (const burst of bursts) {
            for (const text of burst) files.append('service', `${count} ${text}`);
            await files.settled();
          }
          const names = bursts.flat().length ? readdirSync(folder) : [];
          expect(names.length).toBeLessThanOrEqual(keep);
          for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(500);
          expect(reports).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('is rotated: the newest in .log, the older behind it, in order across them', async () => {
    const { files } = open(100, 3);
    for (let i = 100; i < 160; i++) files.append('service', `line ${i}`);
    await files.settled();
    expect(readdirSync(folder).sort()).toEqual(['service.log', 'service.log.1', 'service.log.2']);
    const all = read('service.log.2') + read('service.log.1') + read('service.log');
    const numbers = [...all.matchAll(/line (\d+)/g)].map((m) => Number(m[1]));
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => 160 - numbers.length + i));
    expect(numbers.length).toBeGreaterThan(20);
  });

  test('stays in its folder whatever the battery is called', async () => {
    const { files } = open();
    files.append('battery-../../etc/x', 'a');
    await files.settled();
    expect(readdirSync(folder)).toEqual(['battery-.._.._etc_x.log']);
  });
});

describe('a folder that takes nothing', () => {
  test('is one sentence, then one more when it takes lines again, and the gap is counted', async () => {
    writeFileSync(join(root, `${count}`), 'a file stands where the folder should be');
    const { files, reports } = open();
    for (let i = 0; i < 3; i++) {
      files.append('service', `unwritten ${i}`);
      await files.settled();
    }
    expect(reports).toEqual([
      expect.stringMatching(/^log files are not written: .*; make room or make .* writable/),
    ]);
    rmSync(join(root, `${count}`));
    files.append('service', 'written');
    await files.settled();
    expect(reports[1]).toBe(`log files in ${folder} are written again`);
    expect(read('service.log')).toBe('… 3 lines were lost\nwritten\n');
  });

  test('may be a full disk', async () => {
    const { files, reports } = open();
    files.append('service', 'a');
    await files.settled();
    symlinkSync('/dev/full', join(folder, 'battery-a.log'));
    files.append('battery-a', 'b');
    await files.settled();
    expect(reports[0]).toContain('ENOSPC');
  });

  test('never lets the waiting lines grow without end', async () => {
    const { files } = open(1_000_000);
    for (let i = 0; i < 1500; i++) files.append('service', `line ${i}`);
    await files.settled();
    files.append('service', 'later');
    await files.settled();
    expect(read('service.log').trimEnd().split('\n').slice(-3)).toEqual([
      'line 1000',
      '… 499 lines were lost',
      'later',
    ]);
  });
});

test('a sample is one line under the names of the catalogue; what the BMS did not say is left out', () => {
  expect(
    packLine(0, {
      voltageV: 52.92,
      currentA: -12.3,
      cellVoltagesV: [3.31, 3.301, 3.312],
      temperaturesC: [21.5, undefined, 22],
      alarms: ['cell_high_voltage', 'low_soc'],
      warnings: [],
    }),
  ).toBe(
    '1970-01-01T00:00:00.000Z voltage_V=52.92 current_A=-12.3 min_cell_voltage_V=3.301 max_cell_voltage_V=3.312 ' +
      'temperatures_C=21.5,-,22 alarms=cell_high_voltage,low_soc',
  );
  expect(packLine(0, { cellVoltagesV: [] })).toBe('1970-01-01T00:00:00.000Z');
});
