import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evaluate } from '../../src/bank/evaluate.ts';
import { newLifetime } from '../../src/bank/lifetime.ts';
import { lifetimeFile, readLifetime } from '../../src/history/lifetime-file.ts';
import { handOnLifetime } from '../../src/wires/lifetime.ts';
import { bankOf, pack, reading } from '../bank/room.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lifetime-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lived = {
  ...newLifetime,
  runningMs: 86_400_000,
  chargedWh: 12_345.6,
  charge: { ...newLifetime.charge, stage: 'absorption' as const, sinceBalancedMs: 5 },
};

describe('what outlives a boot', () => {
  test('comes back as it was kept, the newest of several', async () => {
    const said: string[] = [];
    const file = lifetimeFile(join(folder, 'deep', 'bank.json'), (s) => said.push(s));
    file.keep(newLifetime);
    file.keep(lived);
    await file.settled();
    expect(readLifetime(join(folder, 'deep', 'bank.json'))).toEqual(lived);
    expect(said).toEqual([]);
  });

  test.each([
    ['half a file', (text: string) => text.slice(0, 40)],
    ['an unknown stage', (text: string) => text.replace('absorption', 'party')],
    ['a negative counter', (text: string) => text.replace('12345.6', '-1')],
    ['no counter', (text: string) => text.replace('"chargedWh"', '"wh"')],
    ['something else', () => '[]'],
  ])('is not believed when the file holds %s', async (_, damage) => {
    const path = join(folder, 'bank.json');
    const file = lifetimeFile(path, () => {});
    file.keep(lived);
    await file.settled();
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    expect(readLifetime(path)).toBeUndefined();
  });

  test('a folder that cannot be written is said once, and nothing stops', async () => {
    writeFileSync(join(folder, 'file'), '');
    const said: string[] = [];
    const file = lifetimeFile(join(folder, 'file', 'bank.json'), (s) => said.push(s));
    for (let i = 0; i < 3; i++) {
      file.keep(lived);
      await file.settled();
    }
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('cannot be written');
  });

  test('a machine that booted goes on in the stage it was in, with its counters', () => {
    const config = bankOf([[pack('a')]]);
    const samples = { a: { atMs: 0, reading: reading({ cellV: 3.45, socPct: 99 }) } };
    const state = evaluate({ samples }, undefined, config, 0, lived);
    expect(state.stage).toBe('absorption');
    expect(state.signals.energyChargedKWh).toBeCloseTo(12.3456, 6);
  });
});

test('it is handed on at each milestone, else every five minutes', () => {
  const config = bankOf([[pack('a')]]);
  const handed: string[] = [];
  const handOn = handOnLifetime(({ charge }) => handed.push(charge.stage));
  let state = evaluate({ samples: {} }, undefined, config, 0);
  for (let nowMs = 0; nowMs < 600_000; nowMs += 1000) {
    const samples = { a: { atMs: nowMs, reading: reading({ cellV: nowMs < 400_000 ? 3.3 : 3.45 }) } };
    state = evaluate({ samples }, state, config, nowMs);
    handOn(state);
  }
  expect(handed.slice(0, 3)).toEqual(['bulk', 'bulk', 'absorption']);
});
