import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { accountFile } from '../../src/office/account-file.ts';
import { openAccountBook } from '../../src/web/account-book.ts';
import { newPasswords, TooBusy } from '../../src/web/passwords.ts';
import { listen } from './sse.ts';
import { CODE, PASSWORD, paperFile, webHouse } from './web-house.ts';

const last = { why: 'this is the last installer; make another one first' };

describe('accounts', () => {
  test('are made, listed, given another role and removed by an installer', async () => {
    const { call, claimed, logIn, said } = await webHouse();
    const cookie = await claimed();
    const ask = (path: string, body: object) => call(path, { cookie, body });
    expect((await ask('/accounts', { name: 'bob', role: 'viewer', password: PASSWORD })).json).toEqual({});
    const twice = await ask('/accounts', { name: 'Bob', role: 'viewer', password: PASSWORD });
    expect([twice.status, twice.json]).toEqual([409, { why: 'there is an account Bob already' }]);
    expect((await ask('/accounts', { name: 'eve', role: 'viewer', password: 'short' })).status).toBe(400);
    for (const name of ['', '<b>', 'a\nb', '../x', ' a', '\u202e', 'x'.repeat(65)])
      expect([name, (await ask('/accounts', { name, role: 'viewer', password: PASSWORD })).status]).toEqual([
        name,
        400,
      ]);
    expect((await ask('/accounts/bob/role', { role: 'operator' })).status).toBe(200);
    expect((await call('/accounts', { cookie })).json).toEqual([
      { name: 'ada', role: 'installer' },
      { name: 'bob', role: 'operator' },
    ]);
    const bob = await logIn('bob');
    expect((await call('/session', { cookie: bob })).json).toMatchObject({ role: 'operator' });
    expect((await ask('/accounts/bob/password', { password: 'another password' })).status).toBe(200);
    expect((await call('/site', { cookie: bob })).status).toBe(401);
    expect((await ask('/accounts/bob/remove', {})).status).toBe(200);
    expect((await ask('/accounts/bob/remove', {})).status).toBe(404);
    expect(await logIn('bob', 'another password')).toBe('');
    expect(said.filter((line) => line.includes('bob'))).toEqual([
      'notice ada has made the account bob (viewer)',
      'notice ada has made bob operator',
      'notice ada has set the password of bob',
      'notice ada has removed the account bob',
    ]);
  });

  test('always have an installer among them, also when two leave at once', async () => {
    const { call, claimed, file } = await webHouse();
    const cookie = await claimed();
    for (const [path, body] of [
      ['/accounts/ada/remove', {}],
      ['/accounts/ada/role', { role: 'viewer' }],
    ] as const) {
      const refused = await call(path, { cookie, body });
      expect([refused.status, refused.json]).toEqual([409, last]);
    }
    await call('/accounts', { cookie, body: { name: 'bob', role: 'installer', password: PASSWORD } });
    const both = await Promise.all(
      ['ada', 'bob'].map((name) => call(`/accounts/${name}/remove`, { cookie, body: {} })),
    );
    // Who was removed first asks no more.
    expect(both.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    expect(file.disk.text?.match(/"installer"/g)).toHaveLength(1);
  });

  test('on a full disk stay as they were, on the disk and in force', async () => {
    const { call, claimed, file, logIn } = await webHouse();
    const cookie = await claimed();
    const before = file.disk.text;
    file.disk.isFull = true;
    const body = { name: 'bob', role: 'viewer', password: PASSWORD };
    expect((await call('/accounts', { cookie, body })).status).toBe(503);
    const change = await call('/password', { cookie, body: { old: PASSWORD, password: 'another password' } });
    expect(change.status).toBe(503);
    expect(file.disk.text).toBe(before);
    expect(await logIn('bob')).toBe('');
    expect(await logIn('ada')).not.toBe('');
    file.disk.isFull = false;
    expect((await call('/accounts', { cookie, body })).status).toBe(200);
  });

  test('outlive the process; logins without a file of their own do not', async () => {
    const { disk, store } = paperFile();
    const first = await webHouse({ store });
    const cookie = await first.claimed();
    await first.server.close();
    const second = await webHouse({ store });
    expect(second.said.some((line) => line.includes(CODE))).toBe(false);
    expect((await second.call('/site', { cookie })).status).toBe(401);
    expect(await second.logIn('ada')).not.toBe('');
    expect(disk.writes).toBe(1);
  });
});

describe('a token', () => {
  test('is told once, opens what its role opens, and is gone at once when it is removed', async () => {
    const { call, claimed, port, file, time } = await webHouse();
    const cookie = await claimed();
    const made = await call('/tokens', { cookie, body: { name: 'home', role: 'operator' } });
    const { secret } = made.json as { secret: string };
    expect(secret).toMatch(/^bmsgate_[\w-]{43}$/);
    expect(file.disk.text).not.toContain(secret.slice(8));
    const headers = { authorization: `Bearer ${secret}` };
    expect((await call('/site', { headers })).status).toBe(200);
    expect((await call('/events/e1/acknowledge', { headers, body: {} })).status).toBe(200);
    expect((await call('/accounts', { headers })).status).toBe(403);
    expect((await call('/password', { headers, body: { old: PASSWORD, password: PASSWORD } })).status).toBe(
      403,
    );
    const at = 1_700_000_000_000 + time.clock();
    expect((await call('/tokens', { cookie })).json).toEqual([
      { name: 'home', role: 'operator', created_ms: at, used_ms: at },
    ]);
    expect((await call('/tokens', { cookie, body: { name: 'HOME', role: 'viewer' } })).status).toBe(409);
    expect((await call('/tokens/home/remove', { cookie, body: {} })).status).toBe(200);
    expect((await call('/site', { headers })).status).toBe(401);
    expect((await listen(port, '/live', cookie)).status).toBe(200);
  });
});

describe('the file of accounts', () => {
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'bmsgate-accounts-'));
    onTestFinished(() => rmSync(made, { recursive: true }));
    return made;
  };

  test('is for its owner alone, whatever stood there before', async () => {
    const path = join(folder(), 'state', 'accounts.json');
    const store = accountFile(path);
    expect(await store.read()).toBeUndefined();
    await store.write('one');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(`${path}.new`, 'left over');
    chmodSync(`${path}.new`, 0o666);
    await store.write('two');
    expect([await store.read(), readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual([
      'two',
      'two',
      0o600,
    ]);
  });

  test('behind a link stays behind it', async () => {
    const place = folder();
    const [path, real] = [join(place, 'accounts.json'), join(place, 'kept.json')];
    writeFileSync(real, 'one');
    symlinkSync(real, path);
    await accountFile(path).write('two');
    expect([lstatSync(path).isSymbolicLink(), readFileSync(real, 'utf8')]).toEqual([true, 'two']);
  });

  test('cut off anywhere never opens the gateway to who comes first, and lets nobody in', async () => {
    const { call, claimed, file } = await webHouse();
    await claimed();
    expect((await call('/session')).status).toBe(200);
    const whole = (file.disk.text ?? '').trimEnd();
    for (let length = 0; length < whole.length; length++) {
      const book = await openAccountBook(paperFile(whole.slice(0, length)).store);
      expect([length, book.isClaimed(), book.kept().accounts]).toEqual([length, true, []]);
    }
  });

  test('that cannot be read is not a gateway without an owner', async () => {
    const path = folder();
    const book = await openAccountBook(accountFile(path));
    expect(book.isClaimed()).toBe(true);
    expect(book.trouble()).toContain('EISDIR');
    expect(await book.change((kept) => kept)).toMatchObject({ status: 503 });
  });
});

describe('passwords', () => {
  test('are kept as salted scrypt of the usual cost, and compared however their letters were typed', async () => {
    const passwords = newPasswords();
    const kept = await passwords.hash('Zelle für Zelle');
    expect(kept).toMatchObject({ N: 32_768, r: 8, p: 1 });
    expect(await passwords.fits('Zelle fu\u0308r Zelle', kept)).toBe(true);
    expect(await passwords.fits('zelle für zelle', kept)).toBe(false);
    expect(await passwords.fits('Zelle für Zelle', undefined)).toBe(false);
    expect((await passwords.hash('Zelle für Zelle')).hash).not.toBe(kept.hash);
  });

  test('are proven one at a time; the ninth that waits is sent away', async () => {
    const passwords = newPasswords({ N: 16, r: 1, p: 1 });
    const all = await Promise.allSettled(Array.from({ length: 9 }, () => passwords.fits('x', undefined)));
    expect(all.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: expect.any(TooBusy) },
    ]);
    expect(await passwords.fits('x', undefined)).toBe(false);
  });
});
