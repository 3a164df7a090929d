// What a start finds where the file of what lasts should be.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { lastingFile, readLasting } from '../../src/history/lasting-file.ts';
import type { BankEvent } from '../../src/model/events.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { historyPath } from './folder.ts';

const BOOT = 'this';
const lost: BankEvent = { id: 'r-1', kind: 'battery_lost', subject: 'a', text: 'lost', beganAtMs: 0 };

async function written(path: string, event: BankEvent = lost): Promise<void> {
  const said: string[] = [];
  const file = lastingFile(path, BOOT, (sentence) => said.push(sentence));
  file.keep([event]);
  await file.settled();
  expect(said).toEqual([]);
}

test('what was kept is read, from this boot and from another one', async (context) => {
  const path = join(dirname(historyPath(context)), 'state', 'events.json');
  await written(path);
  expect(readLasting(path, BOOT)?.events).toEqual([lost]);
  const [ofAnother] = readLasting(path, 'another')?.events ?? [];
  expect(ofAnother?.id).toBe('r-1');
  expect(ofAnother?.beganAtMs).toBeLessThanOrEqual(monotonicMs());
});

test('a folder, a pipe that nobody writes and a file that is far too large are as no file: the start goes on', async (context) => {
  const folder = dirname(historyPath(context));
  const at = (name: string) => join(folder, name);
  mkdirSync(at('folder'));
  execFileSync('mkfifo', [at('pipe')]);
  await written(at('large'), { ...lost, text: 'x'.repeat(2_000_000) });
  for (const name of ['folder', 'pipe', 'large', 'missing', 'missing/below'])
    expect(readLasting(at(name), BOOT)).toBeUndefined();
});

test('what was left half written is as if it were not there', async (context) => {
  const path = join(dirname(historyPath(context)), 'events.json');
  await written(path);
  writeFileSync(`${path}.new`, '{"form":1,"ev');
  chmodSync(`${path}.new`, 0o444);
  expect(readLasting(path, BOOT)?.events).toEqual([lost]);
});
