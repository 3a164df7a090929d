import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Start } from '../../src/child.ts';
import { readConfiguration, readFor } from '../../src/config/read-configuration.ts';
import { forkHead } from '../../src/forked.ts';
import { sentence } from '../../src/model/errors.ts';
import { readAside, readInSteps } from '../../src/read-aside.ts';
import { eventually } from '../eventually.ts';
import { childrenOf } from '../house/process.ts';

const gateway = (profile: string) => `batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16 }
bank:
  strings: [[a]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: house, profile: ${profile}, can: can0 }
  - { id: lost, profile: ./lost.yaml, can: can1 }
`;

let folder: string;
const file = () => join(folder, 'gateway.yaml');
const write = (text: string) => writeFileSync(file(), text);
const readers = () => childrenOf(process.pid).filter(({ command }) => command.includes('reader.ts'));
const thrown = async (act: () => unknown): Promise<string> => {
  try {
    return `nothing, but ${await act()}`;
  } catch (error) {
    return sentence(error);
  }
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bmsgate-reader-'));
  vi.stubEnv('STATE_DIRECTORY', join(folder, 'state'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('a reader', { timeout: 300_000 }, () => {
  test('finds what is found here, tells the file before its profiles, and is gone with its answer', async () => {
    write(gateway('pylontech-lv'));
    const { file: first, whole } = readInSteps({ type: 'service', path: file() });
    const told: string[] = [];
    void first.then(() => told.push('the file'));
    void whole.then(() => told.push('the whole'));
    const here = readConfiguration(file());
    expect(await whole).toEqual(here);
    expect(await first).toEqual(here.config);
    expect(told).toEqual(['the file', 'the whole']);
    await eventually(() => expect(readers()).toEqual([]));
  });

  test('of a file that is wrong throws the sentences that are thrown here', async () => {
    write(gateway('pylontech-lv').replace('cells: 16', 'cells: sixteen'));
    const { file: first, whole } = readInSteps({ type: 'service', path: file() });
    const sentences = await thrown(() => readConfiguration(file()));
    expect(sentences).toContain('gateway.yaml:2:');
    expect([await thrown(() => first), await thrown(() => whole)]).toEqual([sentences, sentences]);
  });

  test('of a file that gives way to its good copy tells the copy', async () => {
    write(gateway('pylontech-lv'));
    readConfiguration(file());
    write('x: 1');
    const { file: first, whole } = readInSteps({ type: 'service', path: file() });
    expect((await first).path).toBe(join(folder, 'state/good/gateway.yaml'));
    expect(await whole).toEqual(readConfiguration(file()));
  });

  test('of a file that only its profiles make wrong tells the file, then the copy in its place', async () => {
    write(gateway('pylontech-lv'));
    readConfiguration(file());
    write(gateway('pylontech-lv').replace('./lost.yaml, can: can1', 'victron, can: can0'));
    const { file: first, whole } = readInSteps({ type: 'service', path: file() });
    expect((await first).path).toBe(file());
    const { config, remarks } = await whole;
    expect(config.path).toBe(join(folder, 'state/good/gateway.yaml'));
    expect(remarks).toEqual([expect.stringMatching(/`lost` and `house` share can0.*is in force\)$/)]);
  });

  test('reads one profile as it is read here, right or not', async () => {
    const asked = { type: 'profile', settings: {}, hasGoodCopies: false } as const;
    for (const named of ['pylontech-lv', join(folder, 'lost.yaml')])
      expect(await readAside({ ...asked, named })).toEqual(readFor(named, {}, false));
  });

  test('that takes too long is given up, and one that ends is one sentence', async () => {
    const asked = { type: 'profile', named: 'pylontech-lv', settings: {}, hasGoodCopies: false } as const;
    const late = { why: 'it is too heavy' };
    expect(await readAside(asked, { limit: { ms: 0, answer: late } })).toBe(late);
    const killed: Start = (...args) => {
      const reader = forkHead('reader')(...args);
      reader.kill();
      return reader;
    };
    expect(await thrown(() => readAside(asked, { start: killed }))).toBe(
      'the files cannot be read: their reader ended (SIGKILL); look whether memory is free',
    );
    await eventually(() => expect(readers()).toEqual([]));
  });
});
