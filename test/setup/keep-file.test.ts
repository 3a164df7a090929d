import { spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { keepGatewayFile, keepSecret } from '../../src/firststart/keep-file.ts';

const root = mkdtempSync(join(tmpdir(), 'keep-file-'));
afterAll(() => rmSync(root, { recursive: true }));
let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(root, 'one-')), 'gateway.yaml');
});
const text = (file = path) => readFileSync(file, 'utf8');

test('a new file is written for its owner and group alone', () => {
  keepGatewayFile(path, 'new');
  expect([text(), statSync(path).mode & 0o777]).toEqual(['new', 0o640]);
});

test('the old one stays beside the new one, which keeps its mode', () => {
  writeFileSync(path, 'old', { mode: 0o600 });
  keepGatewayFile(path, 'new');
  expect([text(), text(`${path}.before`), statSync(path).mode & 0o777]).toEqual(['new', 'old', 0o600]);
});

test('a secret is for its owner alone, whatever lay there half written', () => {
  writeFileSync(`${path}.new`, 'half', { mode: 0o644 });
  keepSecret(path, '123123');
  expect([text(), statSync(path).mode & 0o777]).toEqual(['123123\n', 0o600]);
});

test('what was left half written is not written through', () => {
  const other = `${path}-other`;
  writeFileSync(other, 'of somebody else');
  writeFileSync(path, 'old');
  for (const end of ['new', 'before.new']) symlinkSync(other, `${path}.${end}`);
  keepGatewayFile(path, 'new');
  expect([text(), text(`${path}.before`), text(other)]).toEqual(['new', 'old', 'of somebody else']);
});

test('where the disk does not take the file, what goes with it stays as it was too', () => {
  writeFileSync(path, 'old');
  mkdirSync(`${path}.new`);
  const told: string[] = [];
  expect(() => keepGatewayFile(path, 'new', () => told.push('in force'))).toThrow();
  expect([text(), told]).toEqual(['old', []]);
  rmdirSync(`${path}.new`);
  keepGatewayFile(path, 'new', () => told.push(text()));
  expect([text(), told]).toEqual(['new', ['old']]);
});

const GROUP = 54_321;
test.skipIf(process.getuid?.() !== 0)('what root writes is for the group that has the folder', () => {
  chownSync(dirname(path), 0, GROUP);
  keepGatewayFile(path, 'old');
  keepGatewayFile(path, 'new');
  keepSecret(`${path}-password`, '123123');
  for (const file of [path, `${path}-password`])
    expect([statSync(file).gid, statSync(file).mode & 0o777]).toEqual([GROUP, 0o640]);
});

/** Writes one long text after the other, each of one letter, until it is killed. */
const writer = (file: string) => `
import { keepGatewayFile } from ${JSON.stringify(new URL('../../src/firststart/keep-file.ts', import.meta.url).pathname)};
process.stdout.write('ready');
for (let n = 0; ; n++) keepGatewayFile(${JSON.stringify(file)}, String.fromCharCode(97 + (n % 26)).repeat(200_000));
`;

test('kill -9 at any moment leaves a whole file', async () => {
  keepGatewayFile(path, 'a'.repeat(200_000));
  for (const afterMs of [3, 11, 17, 29, 41]) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer(path)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await rest(afterMs);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    for (const file of [path, `${path}.before`].filter((one) => existsSync(one))) {
      const whole = text(file);
      expect([whole.length, new Set(whole).size]).toEqual([200_000, 1]);
    }
  }
});
