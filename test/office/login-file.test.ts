import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loginFile, loginsBeside } from '../../src/office/login-file.ts';

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'bmsgate-logins-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
};

describe('the file of logins', () => {
  test('says of what was kept whether the disk took it, one write for many at once', async () => {
    const place = folder();
    const path = join(place, 'logins.json');
    const { keep, taken, read } = loginFile(path, () => {});
    expect(await taken()).toBe(true);
    const results = Array.from({ length: 50 }, (_, i) => {
      keep(`${i}`);
      return taken();
    });
    expect(new Set(results).size).toBe(2);
    expect([...new Set(await Promise.all(results)), await read(100)]).toEqual([true, '49']);
    rmSync(path);
    mkdirSync(path);
    keep('one more');
    expect(await taken()).toBe(false);
  });

  test('is for its owner alone, whatever stood there before, and leaves nothing beside it', async () => {
    const path = join(folder(), 'state', 'logins.json');
    const told: string[] = [];
    const { read, keep, settled } = loginFile(path, (text) => told.push(text));
    expect(await read(100)).toBeUndefined();
    keep('one');
    await settled();
    chmodSync(path, 0o666);
    keep('two');
    keep('three');
    await settled();
    expect([await read(100), statSync(path).mode & 0o777, readdirSync(join(path, '..')), told]).toEqual([
      'three',
      0o600,
      ['logins.json'],
      [],
    ]);
  });

  test('is not read where it is larger than it can be', async () => {
    const path = join(folder(), 'logins.json');
    writeFileSync(path, 'x'.repeat(101));
    const { read } = loginFile(path, () => {});
    await expect(read(100)).rejects.toThrow('it has 101 bytes; at most 100 are read');
    expect(await read(101)).toHaveLength(101);
  });

  test('is another for other accounts in the same folder, and never the accounts themselves', () => {
    const paths = ['accounts', 'cellar', 'logins'].map((name) => `/srv/bms/${name}.json`);
    expect(paths.map(loginsBeside)).toEqual([
      '/srv/bms/logins.json',
      '/srv/bms/cellar-logins.json',
      '/srv/bms/logins-logins.json',
    ]);
  });

  test('on a disk that takes nothing says so once', async () => {
    const place = folder();
    writeFileSync(join(place, 'file'), '');
    const path = join(place, 'file', 'logins.json');
    const told: string[] = [];
    const { keep, settled, isBehind } = loginFile(path, (text) => told.push(text));
    for (const text of ['one', 'two']) {
      keep(text);
      await settled();
      expect(isBehind()).toBe(true);
    }
    expect(told).toEqual([
      expect.stringMatching(
        /logins\.json cannot be written \(.+\): the next start would not know who has logged in or out since$/,
      ),
    ]);
    rmSync(join(place, 'file'));
    keep('three');
    await settled();
    expect([isBehind(), readFileSync(path, 'utf8'), told.length]).toEqual([false, 'three', 2]);
  });
});
