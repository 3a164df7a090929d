import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { finished } from './program.ts';

const root = resolve(import.meta.dirname, '../..');
const bench = mkdtempSync(join(tmpdir(), 'check-'));
const file = (name: string, text: string): string => {
  const path = join(bench, name);
  writeFileSync(path, text);
  return path;
};
const [readme = ''] =
  /(?<=```yaml\n)[\s\S]*?(?=```)/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
const right = file('gateway.yaml', readme);
const profiles = readdirSync(join(root, 'profiles')).filter((name) => name.endsWith('.yaml'));

describe('bmsgate check', { timeout: 300_000, concurrent: true }, () => {
  test('finds the gateway file of the README right, and every shipped profile', async (context) => {
    const files = [right, ...profiles.map((name) => join(root, 'profiles', name))];
    const { status, output } = await finished(context, 'check', ...files);
    expect(output.trimEnd().split('\n')).toEqual([
      `${right}: 2 batteries and 2 inverters, all is right`,
      ...profiles.map((name) =>
        expect.stringMatching(
          new RegExp(`${name}: profile ${name.replace('.yaml', '')} \\S+ is right, its \\d+ examples match`),
        ),
      ),
    ]);
    expect(status).toBe(0);
  });

  test('says file, line, column, what is wrong and what to do, and goes on with the next file', async (context) => {
    const wrong = file('wrong.yaml', readme.replace('can: can0', 'can: can0, unit: 1'));
    const { status, output } = await finished(context, 'check', wrong, right);
    expect(status).toBe(1);
    expect(output).toContain(`${wrong}:8:52: \`unit\` belongs to Modbus; take it out\n`);
    expect(output).toContain(`${right}: 2 batteries and 2 inverters, all is right`);
  });

  test('finds what is wrong in a profile that a gateway file names, and in the profile itself', async (context) => {
    const own = join(bench, 'own.yaml');
    cpSync(join(root, 'profiles/pylontech-lv.yaml'), own);
    writeFileSync(own, readFileSync(own, 'utf8').replace('bitrate: 500000', 'bitrate: fast'));
    const named = file('named.yaml', readme.replace('profile: pylontech-lv', 'profile: ./own.yaml'));
    const { status, output } = await finished(context, 'check', named, own);
    expect(status).toBe(1);
    expect(output).toMatch(
      new RegExp(`${named}:8:\\d+: ${own}:\\d+:\\d+: \`bitrate\` is the text \`fast\`; `),
    );
    expect(output).toMatch(new RegExp(`^${own}:\\d+:\\d+: \`bitrate\` is the text \`fast\`; `, 'm'));
  });

  test('of a file that is not there, that is a folder, or that is neither kind, is one sentence each', async (context) => {
    const neither = file('neither.yaml', 'hello: 1\n');
    const { status, output } = await finished(context, 'check', join(bench, 'none'), bench, neither);
    expect(status).toBe(1);
    expect(output).toContain(`${join(bench, 'none')}: there is no such file; correct the path`);
    expect(output).toContain(`${bench}: this is a folder; name the file in it`);
    expect(output).toContain(`${neither}:1:1: unknown key \`hello\``);
    expect(output).not.toMatch(/^\s+at /m);
  });

  test('of nothing is a question of usage', async (context) => {
    expect((await finished(context, 'check')).status).toBe(2);
  });
});
