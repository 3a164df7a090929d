import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { named } from '../modbus/wires.ts';
import { historyPath } from './folder.ts';

const program = join(import.meta.dirname, 'full-disk.ts');
const ownMounts = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const noMounts = ownMounts ? undefined : '`unshare -rm` may not mount here';

test.skipIf(noMounts)(
  named(
    'a real disk that fills up or is read-only costs no minute of an hour, and is told with what to do',
    noMounts,
  ),
  (context) => {
    const folder = dirname(historyPath(context));
    const { stdout, stderr } = spawnSync('unshare', ['-rm', process.execPath, program, folder], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([
      'ENOSPC',
      'history is not written: /history.db: database or disk is full; make room on the disk',
      'written again',
      expect.stringMatching(
        /^history is not written: \/history\.db: .*; make .* writable for the user of the gateway$/,
      ),
      'written again',
      '70 minutes of 70',
    ]);
  },
);
