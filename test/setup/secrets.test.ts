// Secrets that are typed in the setup: each gets a file of its own, which nobody else's is written over for.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { WRONG_PASSWORD } from '../../src/bms/driver.ts';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { readSecret, secretProblems } from '../../src/config/secrets.ts';
import { draftOf, textOf } from '../../src/firststart/draft.ts';
import { passwords } from '../../src/firststart/passwords.ts';
import { probeOrder } from '../../src/firststart/probe.ts';
import { proxyKeys } from '../../src/firststart/proxy-keys.ts';
import { secretBook } from '../../src/firststart/secret-book.ts';

const root = mkdtempSync(join(tmpdir(), 'secrets-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'one-'));
});

const left = { bms: 'jbd', address: 'A4:C1:38:00:00:01' };
const right = { bms: 'jbd', address: 'A4:C1:38:00:00:02' };
const read = { state: 'read', atMs: 1, reading: { voltageV: 52 } } as const;
const wrong = { state: 'failed', why: WRONG_PASSWORD } as const;
const mute = { state: 'failed', why: 'no complete answer for 8 s', isMute: true } as const;

const fileOf = (more: readonly [string, string]) => `# our cellar
batteries:
  - { id: a, bms: jbd, address: "${left.address}", cells: 16, capacity_Ah: 100${more[0]} } # left
  - { id: b, bms: jbd, address: "${right.address}", cells: 16, capacity_Ah: 100${more[1]} }
bank:
  strings: [[a], [b]]
  envelope: { charge_current_A: 50, discharge_current_A: 50, cell_max_V: 3.6, cell_min_V: 2.8 }
inverters:
  - { id: ems, profile: generic-modbus, tcp: "127.0.0.1:1502" }
`;

/** A setup that begins from this file, as far as secrets go. */
function setup(more: readonly [string, string] = ['', '']) {
  const path = join(folder, 'gateway.yaml');
  const before = parseGateway(path, fileOf(more));
  const book = secretBook(path, before);
  const held = passwords(book, before.file.batteries);
  const text = (draft = draftOf(before.file)) =>
    textOf(draft, { before, historyPath: '/h.db', passwordFile: held.keptFor });
  const config = (draft = draftOf(before.file)) => parseGateway(path, text(draft));
  const probe = (wish: typeof left) =>
    probeOrder([wish], { passwordFile: held.fileOf, read: book.read }).batteries[0]?.options?.password;
  return { before, book, held, text, config, probe };
}

const at = (name: string) => join(folder, name);
const secretIn = (name: string) => [readFileSync(at(name), 'utf8').trim(), statSync(at(name)).mode & 0o777];

describe('a battery with a password', () => {
  test('is asked for one when it was connected to and said nothing', () => {
    const { held } = setup();
    expect(held.after(left, { state: 'failed', why: 'not heard' })).toBeUndefined();
    expect(held.after(left, mute)).toBe('wanted');
    expect(held.after({ ...left, bms: 'daly' }, mute)).toBeUndefined();
  });

  test('gets a file that its owner alone reads, once it was read with it, and the gateway file names it', () => {
    const { held, book, text, config, probe, before } = setup();
    held.take([{ ...left, password: '123123' }]);
    expect([probe(left), probe(right), text()]).toEqual(['123123', undefined, before.text]);
    expect(held.after(left, read)).toBe('typed');
    expect(text()).toContain(`capacity_Ah: 100, password_file: ${at('a-password')} } # left`);
    expect(text()).not.toContain('123123');
    expect(existsSync(at('a-password'))).toBe(false);
    expect(secretProblems(config(), book.read)).toEqual([]);
    book.keep(config());
    expect(secretIn('a-password')).toEqual(['123123', 0o600]);
    expect(secretProblems(config())).toEqual([]);
  });

  test('that refused one is not told it again, and nothing is kept of it', () => {
    const { held, text, probe, before } = setup();
    held.take([{ ...left, password: '000000' }]);
    expect(held.after(left, wrong)).toBe('refused');
    expect([probe(left), text()]).toEqual([undefined, before.text]);
    held.take([{ ...left, password: '123123' }]);
    expect([probe(left), held.after(left, read)]).toEqual(['123123', 'typed']);
  });

  test('is not told what cannot be a password', () => {
    const { held } = setup();
    for (const wish of [
      { ...left, password: '1234' },
      { ...left, bms: 'daly', password: '123123' },
    ])
      expect(() => held.take([wish])).toThrow('it has six characters');
  });

  test('is tried with the password as it will be read from its file, without spaces around it', () => {
    const { held, book, config, probe } = setup();
    expect(() => held.take([{ ...left, password: '12312 ' }])).toThrow('it has six characters');
    held.take([{ ...left, password: ' 123123 ' }]);
    expect(probe(left)).toBe('123123');
    held.after(left, read);
    book.keep(config());
    expect(book.read(at('a-password'))).toEqual(readSecret(at('a-password')));
  });

  test('of a file that is there is read with what is kept, which stays as it is', () => {
    writeFileSync(at('mine'), '654321\n', { mode: 0o640 });
    const { held, book, text, config, probe, before } = setup([`, password_file: ${at('mine')}`, '']);
    expect([probe(left), held.after(left, read), text()]).toEqual(['654321', 'kept', before.text]);
    book.keep(config());
    expect(secretIn('mine')).toEqual(['654321', 0o640]);
    expect(held.after(left, wrong)).toBe('refused');
    expect([probe(left), text()]).toEqual([undefined, before.text]);
  });

  test('that has its own file keeps it under a new password', () => {
    writeFileSync(at('a-password'), '654321\n', { mode: 0o640 });
    const { held, book, text, config, before } = setup([`, password_file: ${at('a-password')}`, '']);
    held.take([{ ...left, password: '123123' }]);
    held.after(left, read);
    expect(text()).toBe(before.text);
    book.keep(config());
    expect(secretIn('a-password')).toEqual(['123123', 0o600]);
  });

  test('is never kept in the file of another, nor in one that nobody knows', () => {
    writeFileSync(at('a-password'), '654321\n', { mode: 0o600 });
    writeFileSync(at('b-password'), 'a letter', { mode: 0o600 });
    // The one on the right was called `a` when its password was written.
    const { held, book, config } = setup(['', `, password_file: ${at('a-password')}`]);
    held.take([
      { ...left, password: '111111' },
      { ...right, password: '222222' },
    ]);
    held.after(left, read);
    held.after(right, read);
    book.keep(config());
    expect([secretIn('a-password')[0], secretIn('b-password')[0]]).toEqual(['654321', 'a letter']);
    const kept = config().file.batteries.map(({ password_file }) => password_file);
    expect(kept).toEqual([at('a-password-2'), at('b-password-2')]);
    expect([secretIn('a-password-2')[0], secretIn('b-password-2')[0]]).toEqual(['111111', '222222']);
  });
});

describe('a proxy with a key', () => {
  const shed = { id: 'shed', host: '192.168.1.40', port: 6053 };
  const key = Buffer.alloc(32, 7).toString('base64');

  test('is spoken to with it until the proxy is taken out', () => {
    const { book } = setup();
    const keys = proxyKeys(book, undefined);
    expect(keys.take({ shed: 'no key' })).toMatch('44 characters');
    expect(keys.take({ shed: key })).toBeUndefined();
    keys.keepOnly([shed]);
    expect(book.read(keys.fileOf('shed') ?? '')).toEqual({ text: key });
    expect([keys.states([shed]), keys.keptFor('shed')]).toEqual([{ shed: 'typed' }, at('shed.key')]);
    keys.keepOnly([]);
    expect([keys.fileOf('shed'), keys.keptFor('shed'), keys.states([shed])]).toEqual([
      undefined,
      undefined,
      {},
    ]);
  });
});
