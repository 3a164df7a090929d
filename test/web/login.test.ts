import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { CODE_MS } from '../../src/web/claim.ts';
import { IDLE_MS, LONGEST_MS } from '../../src/web/logins.ts';
import { CODE, PASSWORD, paperFile, webHouse } from './web-house.ts';

describe('a gateway that nobody owns yet', () => {
  test('tells its code to the terminal alone, and who knows it becomes its installer', async () => {
    const { call, said, cookieOf, file } = await webHouse();
    expect(said[0]).toBe(
      `notice this gateway has no account yet: open the page and claim it with the code ${CODE}, within 30 minutes`,
    );
    expect((await call('/session')).json).toEqual({ is_claimed: false, is_setup: false });
    expect((await call('/site')).status).toBe(401);
    const claim = await call('/claim', { body: { code: CODE, password: PASSWORD } });
    expect(claim.json).toEqual({ is_claimed: true, is_setup: false, name: 'installer', role: 'installer' });
    expect(claim.headers.get('set-cookie')).toMatch(
      /^bmsgate=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
    );
    expect((await call('/site', { cookie: cookieOf(claim) })).status).toBe(200);
    expect(file.disk.text).not.toContain(PASSWORD);
    const second = await call('/claim', { body: { code: CODE, password: PASSWORD } });
    expect([second.status, second.json]).toEqual([409, { why: 'this gateway has an owner already; log in' }]);
  });

  test('takes no password that is short, the name, or one letter again and again', async () => {
    const { call, file } = await webHouse();
    for (const password of ['', 'short', 'aaaaaaaaaaaa', 'long-installer'])
      expect((await call('/claim', { body: { code: CODE, name: 'long-installer', password } })).status).toBe(
        400,
      );
    expect(file.disk.text).toBeUndefined();
  });

  test('makes a new code after five wrong ones, and lets who guesses wait, longer each time', async () => {
    let made = 0;
    const { call, said, time } = await webHouse({ random: () => 100_000 + made++ });
    const guess = (code: string) => call('/claim', { body: { code, password: PASSWORD } });
    for (let wrong = 0; wrong < 5; wrong++) expect((await guess('999999')).status).toBe(403);
    expect(said.filter((line) => line.includes('the code')).map((line) => /\d{6}/.exec(line)?.[0])).toEqual([
      '100000',
      '100001',
    ]);
    const waits = await guess('100001');
    expect([waits.status, waits.headers.get('retry-after')]).toEqual([429, '5']);
    time.jump(5000);
    expect((await guess('100000')).status).toBe(403);
    expect((await guess('100001')).headers.get('retry-after')).toBe('10');
    time.jump(10_000);
    expect((await guess('100001')).status).toBe(200);
  });

  test('lets all wait together where many addresses guess', async () => {
    const { port } = await webHouse();
    const guessFrom = async (localAddress: string): Promise<number | undefined> => {
      const headers = { 'content-type': 'application/json' };
      const path = '/api/v1/claim';
      const asking = request({ port, host: '127.0.0.1', localAddress, method: 'POST', path, headers });
      asking.end(JSON.stringify({ code: '999999', password: PASSWORD }));
      const [response] = await once(asking, 'response');
      response.resume();
      return response.statusCode;
    };
    const statuses: (number | undefined)[] = [];
    for (let n = 1; n <= 31; n++) statuses.push(await guessFrom(`127.0.1.${n}`));
    expect(statuses).toEqual([...Array(30).fill(403), 429]);
  });

  test('forgets its code after half an hour, and tells another when somebody looks', async () => {
    let made = 0;
    const { call, time, said } = await webHouse({ random: () => 100_000 + made++ });
    time.jump(CODE_MS + 1);
    expect((await call('/claim', { body: { code: '100000', password: PASSWORD } })).status).toBe(403);
    await call('/session');
    expect(said.at(-1)).toContain('100001');
    expect((await call('/claim', { body: { code: '100001', password: PASSWORD } })).status).toBe(200);
  });

  test('has one owner, also where two claim it at the same moment', async () => {
    const { call } = await webHouse();
    const both = await Promise.all(
      ['ada', 'bob'].map((name) => call('/claim', { body: { code: CODE, name, password: PASSWORD } })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('stays nobody’s where the disk is full, and says so', async () => {
    const { call, file } = await webHouse();
    file.disk.isFull = true;
    const refused = await call('/claim', { body: { code: CODE, password: PASSWORD } });
    expect([refused.status, refused.json]).toEqual([
      503,
      {
        why: '/var/lib/bmsgate/accounts.json cannot be written (ENOSPC: no space left on device); nothing was changed',
      },
    ]);
    expect((await call('/session')).json).toMatchObject({ is_claimed: false });
    file.disk.isFull = false;
    expect((await call('/claim', { body: { code: CODE, password: PASSWORD } })).status).toBe(200);
  });
});

describe('a file of accounts that is damaged', () => {
  test.each(['', '{', '{"version":1,"accounts":[],"tokens":[]}', '{"version":2,"accounts":[],"tokens":[]}'])(
    'never opens the gateway to who comes first: %j',
    async (text) => {
      const { disk, store } = paperFile(text);
      const { call, said } = await webHouse({ store });
      expect(said[0]).toMatch(
        /^error the accounts in .* cannot be read .* put a good copy back, or remove the file/,
      );
      expect((await call('/session')).json).toMatchObject({
        is_claimed: true,
        trouble: expect.stringContaining('cannot be read'),
      });
      expect((await call('/site')).status).toBe(401);
      expect((await call('/claim', { body: { code: CODE, password: PASSWORD } })).status).toBe(409);
      expect((await call('/login', { body: { name: 'a', password: PASSWORD } })).status).toBe(503);
      expect(disk.text).toBe(text);
    },
  );
});

describe('a login', () => {
  test('is by name, whatever the case of its letters, and ends with the logout', async () => {
    const { call, claimed, logIn } = await webHouse();
    await claimed();
    const cookie = await logIn('ADA');
    expect((await call('/session', { cookie })).json).toMatchObject({ name: 'ada', role: 'installer' });
    const out = await call('/logout', { cookie, body: {} });
    expect(out.json).toEqual({ is_claimed: true, is_setup: false });
    expect(out.headers.get('set-cookie')).toMatch(/^bmsgate=; Path=\/; Max-Age=0/);
    expect((await call('/site', { cookie })).status).toBe(401);
  });

  test('says the same of a wrong name and of a wrong password', async () => {
    const { call, claimed } = await webHouse();
    await claimed();
    const wrong = await Promise.all([
      call('/login', { body: { name: 'ada', password: 'wrong password' } }),
      call('/login', { body: { name: 'nobody', password: PASSWORD } }),
    ]);
    expect(wrong.map(({ status, json }) => [status, json])).toEqual(
      Array(2).fill([401, { why: 'the name or the password is wrong' }]),
    );
  });

  test('cannot be guessed: the sixth attempt waits, all at once or one by one, and waits double', async () => {
    const { call, claimed, time } = await webHouse();
    await claimed();
    const guess = () => call('/login', { body: { name: 'ada', password: 'a guess of mine' } });
    const burst = await Promise.all(Array.from({ length: 20 }, guess));
    expect(burst.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(burst.filter(({ status }) => status === 429)).toHaveLength(15);
    const right = await call('/login', { body: { name: 'ada', password: PASSWORD } });
    expect([right.status, right.headers.get('retry-after')]).toEqual([429, '5']);
    const waits: (string | null)[] = [];
    for (let n = 0; n < 4; n++) {
      time.jump(15 * 60_000);
      await guess();
      waits.push((await guess()).headers.get('retry-after'));
    }
    expect(waits).toEqual(['10', '20', '40', '80']);
    time.jump(80_000);
    expect((await call('/login', { body: { name: 'ada', password: PASSWORD } })).status).toBe(200);
  });

  test('ends when it was not used for twelve hours, and after seven days in any case', async () => {
    const { call, claimed, time } = await webHouse();
    const cookie = await claimed();
    const isIn = async () => (await call('/site', { cookie })).status === 200;
    time.jump(IDLE_MS);
    expect(await isIn()).toBe(true);
    time.jump(IDLE_MS + 1);
    expect(await isIn()).toBe(false);
  });

  test('ends after seven days, however much it is used', async () => {
    const { call, claimed, time } = await webHouse();
    const cookie = await claimed();
    for (let at = 0; at <= LONGEST_MS; at += IDLE_MS) {
      expect((await call('/site', { cookie })).status).toBe(200);
      time.jump(IDLE_MS);
    }
    expect((await call('/site', { cookie })).status).toBe(401);
  });

  test('under a changed password is over, but for the one that changed it', async () => {
    const { call, claimed, logIn } = await webHouse();
    const mine = await claimed();
    const other = await logIn('ada');
    const change = (old: string) =>
      call('/password', { cookie: mine, body: { old, password: 'another password' } });
    expect((await change('not the old one')).status).toBe(403);
    expect((await change(PASSWORD)).status).toBe(200);
    expect((await call('/site', { cookie: mine })).status).toBe(200);
    expect((await call('/site', { cookie: other })).status).toBe(401);
    expect(await logIn('ada')).toBe('');
    expect(await logIn('ada', 'another password')).not.toBe('');
  });
});

test('a demonstration may be looked at by everybody, and has one account with a password of its own', async () => {
  const { call, said } = await webHouse({ store: undefined });
  const password = /as demo with the password (\w+)$/.exec(said[0] ?? '')?.[1];
  expect((await call('/session')).json).toEqual({ is_claimed: true, role: 'viewer', is_setup: false });
  const login = await call('/login', { body: { name: 'demo', password } });
  expect(login.json).toMatchObject({ name: 'demo', role: 'installer' });
});
