import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { standardOutput } from '../../src/standard-output.ts';

const root = join(import.meta.dirname, '..', '..');

const failing = (code: string) => Object.assign(new Error(code), { code });

/** A descriptor that takes, refuses or holds what it is given, as it is told. */
function descriptor() {
  const taken: string[] = [];
  let trouble: Error | undefined;
  let most = Number.POSITIVE_INFINITY;
  let held: (() => void) | undefined;
  let holds = false;
  const lost: number[] = [];
  const out = standardOutput(
    (lines) => lost.push(lines),
    (bytes, done) => {
      const answer = () => {
        if (trouble) return done(trouble, 0);
        const part = bytes.subarray(0, most);
        taken.push(Buffer.from(part).toString());
        done(null, part.length);
      };
      if (holds) held = answer;
      else answer();
    },
  );
  return {
    out,
    taken,
    lost,
    fail(code: string | undefined) {
      trouble = code === undefined ? undefined : failing(code);
    },
    takesAtMost(bytes: number) {
      most = bytes;
    },
    hold() {
      holds = true;
    },
    letGo() {
      holds = false;
      held?.();
    },
  };
}

describe('what is said on standard output', () => {
  test('comes out line by line, also when it is taken in pieces', () => {
    const { out, taken, takesAtMost } = descriptor();
    takesAtMost(3);
    out.write('bank fresh\n');
    out.write('bank late\n');
    expect(taken.join('')).toBe('bank fresh\nbank late\n');
  });

  test.each(['EPIPE', 'ENOSPC', 'EIO'])(
    'is lost on %s, and how much is told with the first line that gets through',
    (code) => {
      const { out, taken, lost, fail } = descriptor();
      fail(code);
      for (let i = 0; i < 5; i++) out.write('nobody hears this\n');
      fail(undefined);
      out.write('heard again\n');
      expect([taken, lost]).toEqual([['heard again\n'], [5]]);
    },
  );

  test('waits for a slow reader up to a megabyte, and counts what is beyond', () => {
    const { out, taken, lost, hold, letGo } = descriptor();
    hold();
    const kilobyte = `${'x'.repeat(999)}\n`;
    for (let i = 0; i < 2000; i++) out.write(kilobyte);
    letGo();
    expect(taken.length).toBeGreaterThan(1000);
    expect(taken.length).toBeLessThan(1100);
    expect(lost).toEqual([2000 - taken.length]);
  });

  test('a full pipe that does not block is asked again, for five seconds', () => {
    vi.useFakeTimers();
    try {
      const { out, taken, lost, fail } = descriptor();
      fail('EAGAIN');
      out.write('patience\n');
      vi.advanceTimersByTime(4000);
      fail(undefined);
      vi.advanceTimersByTime(100);
      expect(taken).toEqual(['patience\n']);
      fail('EAGAIN');
      out.write('too late\n');
      vi.advanceTimersByTime(10_000);
      expect(vi.getTimerCount()).toBe(0);
      fail(undefined);
      out.write('heard\n');
      expect([taken, lost]).toEqual([['patience\n', 'heard\n'], [1]]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a program whose standard output fails', () => {
  const logging = `
    import { openLog } from ${JSON.stringify(join(root, 'src/log.ts'))};
    const log = openLog({ terminal: false });
    for (let i = 0; i < 20; i++) log.info('said');
    setTimeout(() => process.stderr.write('lives'), 200);`;

  test('goes on and ends in peace when the disk is full', () => {
    const { status, stderr } = spawnSync(
      '/bin/sh',
      ['-c', '"$0" --input-type=module -e "$1" > /dev/full', process.execPath, logging],
      { encoding: 'utf8', timeout: 120_000 },
    );
    expect([stderr, status]).toEqual(['lives', 0]);
  });

  test('goes on and ends in peace when its reader is gone', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', logging]);
    child.stdout.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('a command says in one sentence that its answer could not be written', () => {
    const { status, stderr } = spawnSync(
      '/bin/sh',
      ['-c', '"$0" "$1" profiles > /dev/full', process.execPath, join(root, 'src/main.ts')],
      { encoding: 'utf8', timeout: 120_000 },
    );
    expect([stderr, status]).toEqual([
      'standard output cannot be written (ENOSPC); look at the disk it goes to\n',
      1,
    ]);
  });
});
