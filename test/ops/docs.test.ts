import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { planHere } from '../config/planned.ts';
import { profileTable, registerTable } from './profile-table.ts';

const root = resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [join('docs', name)] : [])),
];
const text = (page: string) => readFileSync(join(root, page), 'utf8');
const all = pages.map(text).join('\n');
const bmsgate = (...args: string[]) =>
  execFileSync(process.execPath, [join(root, 'src/main.ts'), ...args], { encoding: 'utf8' });
const unique = (words: Iterable<string>) => [...new Set(words)].sort();

describe('the pages for installers', () => {
  test('name only commands that there are', () => {
    const help = bmsgate('--help');
    const commands = [...help.matchAll(/^ {2}([a-z]+)\b/gm)].map((m) => m[1] ?? '');
    const named = unique([...all.matchAll(/npx bmsgate ([a-z]+)/g)].map((m) => m[1] ?? ''));
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !commands.includes(name))).toEqual([]);
  });

  test('name only profiles that there are, and leave none out', () => {
    const profiles = readdirSync(join(root, 'profiles')).flatMap((f) => f.match(/^(.*)\.yaml$/)?.[1] ?? []);
    const listed = [...text('README.md').matchAll(/^\| `([a-z0-9-]+)` \| (?:CAN|RS485)/gm)].map((m) => m[1]);
    expect(listed.sort()).toEqual(profiles.sort());
    const stale = [...text('docs/stale-data.md').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map((m) => m[1]);
    expect(stale.sort()).toEqual(profiles.sort());
  });

  test.each([
    ['README.md', 'the profiles', profileTable],
    ['docs/wires.md', 'the register maps', registerTable],
  ] as const)('%s lists %s as the profiles are (UPDATE=1 writes the table anew)', (page, name, make) => {
    const table = new RegExp(`(?<=<!-- ${name} -->\\n)[\\s\\S]*?\\n?(?=<!-- end of ${name} -->)`);
    const made = `${make()}\n`;
    if (process.env.UPDATE)
      writeFileSync(
        join(root, page),
        text(page).replace(table, () => made),
      );
    expect(table.exec(text(page))?.[0]).toBe(made);
  });

  test('show several profiles on one line as the gateway takes them', () => {
    const [gateway = ''] = /(?<=```yaml\n)[\s\S]*?(?=```)/.exec(text('README.md')) ?? [];
    const [line = ''] = /(?<=```yaml\n)inverters:[\s\S]*?(?=```)/.exec(text('docs/wires.md')) ?? [];
    const { plans } = planHere(
      parseGateway(
        'docs',
        gateway.replace(/inverters:\n(?: .*\n)+/, () => line),
      ),
    );
    expect(plans.map(({ wire }) => wire)).toMatchObject([
      { units: [7], replyDelay: 5, idleMs: 100 },
      { units: [1], replyDelay: 5, idleMs: 100 },
    ]);
  });

  test('show a gateway file that the gateway takes', () => {
    const [yaml = ''] = /(?<=```yaml\n)[\s\S]*?(?=```)/.exec(text('README.md')) ?? [];
    expect(parseGateway('README.md', yaml).file.inverters.length).toBe(2);
  });

  test('show settings of the bank that the gateway takes, and its defaults', () => {
    const [gateway = ''] = /(?<=```yaml\n)[\s\S]*?(?=```)/.exec(text('README.md')) ?? [];
    const [bankYaml = ''] = /(?<=```yaml\n)[\s\S]*?(?=```)/.exec(text('docs/bank.md')) ?? [];
    const said = parseGateway('docs', gateway.replace(/bank:\n(?: .*\n)+/, bankYaml)).bank;
    expect(said).toEqual(parseGateway('README.md', gateway).bank);
  });

  test('show settings for stale data that the gateway takes', () => {
    const [gateway = ''] = /(?<=```yaml\n)[\s\S]*?(?=```)/.exec(text('README.md')) ?? [];
    const [, freshness = ''] = /```yaml\nbank:\n([\s\S]*?)```/.exec(text('docs/stale-data.md')) ?? [];
    const { bank } = parseGateway('docs', gateway.replace('bank:\n', `bank:\n${freshness}`));
    expect(bank.ages).toMatchObject({ lateMs: 10_000, rampMs: 5_000, dischargeStaleAfterMs: 60_000 });
  });

  test('show a state that can be emulated without `--live`', () => {
    const [json = ''] = /(?<=```json\n)[\s\S]*?(?=```)/.exec(text('docs/commissioning.md')) ?? [];
    const state: Record<string, number> = JSON.parse(json);
    const file = join(mkdtempSync(join(tmpdir(), 'docs-')), 'state.json');
    writeFileSync(file, json);
    const said = bmsgate('encode', '--profile', 'pylontech-lv', '--state', file);
    rmSync(dirname(file), { recursive: true });
    expect(said).toContain('355#4C00');
    expect([state.charge_current_limit_A, state.discharge_current_limit_A]).toEqual([5, 5]);
  });

  test('point only at files that there are', () => {
    const missing = pages.flatMap((page) =>
      [...text(page).matchAll(/\]\(([^)#:]+)\)|(?<![\w/])(systemd\/[\w.@/-]+[\w])/g)]
        .map(([, link, file]) => (link ? join(dirname(page), link) : (file ?? '')))
        .filter((path) => !existsSync(join(root, path))),
    );
    expect(missing).toEqual([]);
  });
});
