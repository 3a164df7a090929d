import { describe, expect, test } from 'vitest';
import { PATIENCE_MS, PAUSE_MS } from '../../src/web/kept-logins.ts';
import { RECKON_MS } from '../../src/web/lasting-clock.ts';
import { IDLE_MS, LONGEST_MS } from '../../src/web/logins.ts';
import { eventually } from '../eventually.ts';
import {
  newClocks,
  PASSWORD,
  paperFile,
  paperLogins,
  WALL_MS,
  type WebHouse,
  webHouse,
} from './web-house.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NEXT = 'another password';

/** A machine on which one office follows the other. */
function machine(loginText?: string) {
  const accounts = paperFile();
  const logins = paperLogins(loginText);
  const clocks = newClocks();
  let office: WebHouse | undefined;
  let boots = 0;
  const begin = async (): Promise<WebHouse> => {
    office = await webHouse({ store: accounts.store, loginStore: logins.store() }, clocks);
    return office;
  };
  return {
    accounts: accounts.disk,
    logins: logins.disk,
    clocks,
    begin,
    /** The next office; the one before it was told to end, or was killed. */
    async next(how: 'ended' | 'killed' = 'ended'): Promise<WebHouse> {
      const written = logins.disk.text;
      await office?.server.close();
      if (how === 'killed') logins.disk.text = written;
      return begin();
    },
    /** Off for so long; the wall clock goes on, or says `wallMs` when the machine is on again. */
    async boot(offMs: number, wallMs = clocks.apartMs + clocks.time.clock() + offMs): Promise<WebHouse> {
      const written = logins.disk.text;
      await office?.server.close();
      logins.disk.text = written;
      logins.disk.boot = `boot ${++boots}`;
      clocks.time = newClocks().time;
      clocks.apartMs = wallMs;
      return begin();
    },
  };
}

const isIn = async ({ call }: WebHouse, cookie: string): Promise<boolean> =>
  (await call('/site', { cookie })).status === 200;

/** Of somebody who uses their page once an hour. */
async function use({ time, ...house }: WebHouse, cookie: string, forMs: number): Promise<boolean> {
  for (let ms = 0; ms < forMs; ms += HOUR_MS) {
    time.until(time.clock() + HOUR_MS);
    if (!(await isIn({ time, ...house }, cookie))) return false;
  }
  return true;
}

describe('a login', () => {
  test.each(['ended', 'killed'] as const)('outlives an office that was %s', async (how) => {
    const { begin, next } = machine();
    const cookie = await (await begin()).claimed();
    const { call } = await next(how);
    expect((await call('/session', { cookie })).json).toMatchObject({ name: 'ada', role: 'installer' });
  });

  test('has the role that its account has by then', async () => {
    const { begin, next, accounts } = machine();
    const { viewer } = await (await begin()).people();
    accounts.text = accounts.text?.replace(
      '"viewer",\n      "role": "viewer"',
      '"viewer",\n      "role": "operator"',
    );
    const { call } = await next();
    expect((await call('/session', { cookie: viewer })).json).toMatchObject({
      name: 'viewer',
      role: 'operator',
    });
  });

  test('does not lie in its file: who steals that has no cookie', async () => {
    const { begin, next, logins } = machine();
    const cookie = await (await begin()).claimed();
    const text = logins.text ?? '';
    expect(text).not.toContain(cookie.slice('bmsgate='.length));
    expect(text).not.toMatch(/installer|role/);
    const house = await next();
    const found = text.match(/[A-Za-z0-9+/]{43}=/g) ?? [];
    expect(found).toHaveLength(2);
    for (const hash of found)
      for (const secret of [hash, hash.slice(0, -1), Buffer.from(hash, 'base64').toString('base64url')])
        expect(await isIn(house, `bmsgate=${secret}`)).toBe(false);
    expect(await isIn(house, cookie)).toBe(true);
  });

  test('that was ended stays ended, though the office is killed the moment after', async () => {
    const { begin, next } = machine();
    const first = await begin();
    const cookie = await first.claimed();
    const other = await first.logIn('ada');
    await first.call('/logout', { cookie, body: {} });
    const house = await next('killed');
    expect([await isIn(house, cookie), await isIn(house, other)]).toEqual([false, true]);
  });

  test('under a password that was changed is over, but for the one that changed it, in the next office as well', async () => {
    const { begin, next } = machine();
    const first = await begin();
    const mine = await first.claimed();
    const other = await first.logIn('ada');
    const change = { cookie: mine, body: { old: PASSWORD, password: NEXT } };
    expect((await first.call('/password', change)).status).toBe(200);
    const house = await next('killed');
    expect([await isIn(house, mine), await isIn(house, other)]).toEqual([true, false]);
  });

  test('is over where the accounts were changed while no office was there: a password, or the account', async () => {
    const { begin, next, accounts, logins } = machine();
    const first = await begin();
    const { installer, viewer, operator } = await first.people();
    first.time.until(first.time.clock() + PAUSE_MS);
    const [before, loginsBefore] = [accounts.text ?? '', logins.text];
    const ask = (path: string, body: object) => first.call(path, { cookie: installer, body });
    await ask('/accounts/viewer/password', { password: NEXT });
    await ask('/accounts/operator/remove', {});
    const after = accounts.text;
    await ask('/accounts', { name: 'operator', role: 'operator', password: PASSWORD });
    const anew = accounts.text;
    for (const [text, expected] of [
      [before, [true, true, true]],
      [after, [true, false, false]],
      [anew, [true, false, false]],
    ] as const) {
      const house = await next();
      await house.server.close();
      [accounts.text, logins.text] = [text, loginsBefore];
      const again = await begin();
      expect(await Promise.all([installer, viewer, operator].map((cookie) => isIn(again, cookie)))).toEqual(
        expected,
      );
    }
  });

  test('waits for accounts that cannot be read, and opens nothing meanwhile', async () => {
    const { begin, next, accounts } = machine();
    const cookie = await (await begin()).claimed();
    const good = accounts.text;
    accounts.text = '{';
    expect(await isIn(await next(), cookie)).toBe(false);
    accounts.text = good;
    expect(await isIn(await next(), cookie)).toBe(true);
  });

  test('makes room for the seventeenth of its account, also among those of the office before', async () => {
    const { begin, next, clocks } = machine();
    const first = await begin();
    const cookies = [await first.claimed()];
    for (let n = 1; n < 16; n++) {
      clocks.time.jump(1000);
      cookies.push(await first.logIn('ada'));
    }
    const house = await next();
    cookies.push(await house.logIn('ada'));
    const standing = await Promise.all(cookies.map((cookie) => isIn(house, cookie)));
    expect(standing).toEqual([false, ...Array(16).fill(true)]);
  });
});

describe('a logout', () => {
  test('is answered when the disk has taken it', async () => {
    const { begin, logins } = machine();
    const house = await begin();
    const cookie = await house.claimed();
    const writing = Promise.withResolvers<void>();
    logins.pause = writing.promise;
    let isAnswered = false;
    const answer = house.call('/logout', { cookie, body: {} }).finally(() => {
      isAnswered = true;
    });
    await eventually(() => expect(logins.writes).toBe(2));
    // It counts at once; a round trip later nobody has answered it yet.
    expect([await isIn(house, cookie), isAnswered]).toEqual([false, false]);
    writing.resolve();
    expect((await answer).json).toEqual({ is_claimed: true, is_setup: false });
  });

  test('is answered after 2 s by a disk that hangs, and says so', async () => {
    const { begin, logins } = machine();
    const house = await begin();
    const cookie = await house.claimed();
    logins.pause = new Promise(() => {});
    const answer = house.call('/logout', { cookie, body: {} });
    await eventually(() => expect(logins.writes).toBe(2));
    house.time.until(house.time.clock() + PATIENCE_MS);
    expect((await answer).json).toMatchObject({ warning: expect.stringMatching(/^you are logged out, but/) });
    expect(await isIn(house, cookie)).toBe(false);
  });

  test('of a login that was never written down waits for no disk', async () => {
    const { begin, logins } = machine();
    const house = await begin();
    await house.claimed();
    const cookie = await house.logIn('ada');
    logins.pause = new Promise(() => {});
    const { json } = await house.call('/logout', { cookie, body: {} });
    expect([json, logins.writes]).toEqual([{ is_claimed: true, is_setup: false }, 1]);
  });
});

describe('a disk that is full', () => {
  test.each([1, 2])('at a logout is tried again until it takes it, with %i logged in', async (people) => {
    const { begin, next, logins } = machine();
    const first = await begin();
    const cookie = await first.claimed();
    if (people === 2) await first.logIn('ada');
    const pass = (ms: number) => first.time.until(first.time.clock() + ms);
    pass(PAUSE_MS);
    logins.isFull = true;
    const { json } = await first.call('/logout', { cookie, body: {} });
    expect(json).toMatchObject({ warning: expect.stringContaining('see that the disk has room') });
    const tries = logins.tries;
    pass(60_000);
    expect(logins.tries - tries).toBe(60_000 / PAUSE_MS);
    logins.isFull = false;
    pass(PAUSE_MS);
    const written = logins.writes;
    pass(60_000);
    expect(logins.writes).toBe(written);
    expect(await isIn(await next('killed'), cookie)).toBe(false);
  });

  test('until the office ends gets a last try then', async () => {
    const { begin, next, logins } = machine();
    const first = await begin();
    const cookie = await first.claimed();
    logins.isFull = true;
    await first.call('/logout', { cookie, body: {} });
    logins.isFull = false;
    expect(await isIn(await next(), cookie)).toBe(false);
  });
});

test('a program that logs in before each question is written down once in ten seconds, and what it ended stays ended', async () => {
  const { begin, next, logins } = machine();
  const house = await begin();
  const mine = await house.claimed();
  const ended: string[] = [];
  for (let s = 0; s < 120; s++) {
    house.time.until(house.time.clock() + 1000);
    const cookie = await house.logIn('ada');
    expect(await isIn(house, cookie)).toBe(true);
    await house.call('/logout', { cookie, body: {} });
    ended.push(cookie);
  }
  expect(logins.writes).toBeLessThanOrEqual(2 + 2 * 12);
  const after = await next('killed');
  expect(await isIn(after, mine)).toBe(true);
  for (const cookie of ended) expect(await isIn(after, cookie)).toBe(false);
});

test('to look at the page writes nothing but once in a quarter of an hour; who logs in or out is written at once', async () => {
  const { begin, logins } = machine();
  const house = await begin();
  expect(logins.writes).toBe(0);
  const cookie = await house.claimed();
  expect(logins.writes).toBe(1);
  for (let ms = 0; ms < HOUR_MS; ms += 10_000) {
    house.time.until(house.time.clock() + 10_000);
    if (ms % 60_000 === 0) await isIn(house, cookie);
  }
  expect(logins.writes).toBe(1 + HOUR_MS / RECKON_MS);
  await house.call('/logout', { cookie, body: {} });
  expect(logins.writes).toBe(2 + HOUR_MS / RECKON_MS);
  house.time.until(house.time.clock() + DAY_MS);
  expect(logins.writes).toBe(2 + HOUR_MS / RECKON_MS);
});

test('a page that was closed without a logout writes nothing more once its login is over', async () => {
  const { begin, logins, accounts, next } = machine();
  const house = await begin();
  const { viewer } = await house.people();
  house.time.until(house.time.clock() + IDLE_MS + HOUR_MS);
  expect(JSON.parse(logins.text ?? '')).toMatchObject({ logins: [] });
  const { writes } = logins;
  house.time.until(house.time.clock() + DAY_MS);
  expect(logins.writes).toBe(writes);
  expect(await isIn(house, viewer)).toBe(false);

  await house.logIn('viewer');
  accounts.text = accounts.text?.replaceAll('"viewer"', '"operator"');
  const after = await next();
  after.time.until(after.time.clock() + IDLE_MS + HOUR_MS);
  expect(JSON.parse(logins.text ?? '')).toMatchObject({ logins: [] });
});

test('a wall clock that two programs set in turn is written down once in ten seconds', async () => {
  const { begin, logins, clocks } = machine();
  const house = await begin();
  await house.claimed();
  const { writes } = logins;
  for (let s = 0; s < 60; s++) {
    clocks.apartMs += s % 2 === 0 ? DAY_MS : -DAY_MS;
    house.time.until(house.time.clock() + 1000);
  }
  expect(logins.writes - writes).toBeLessThanOrEqual(6);
});

describe('the limits of a login hold across offices', () => {
  test('unused for twelve hours, it is over', async () => {
    for (const [more, stands] of [
      [0, true],
      [1, false],
    ] as const) {
      const { begin, next, clocks } = machine();
      const cookie = await (await begin()).claimed();
      clocks.time.jump(IDLE_MS - HOUR_MS);
      const house = await next('killed');
      clocks.time.jump(HOUR_MS + more);
      expect(await isIn(house, cookie)).toBe(stands);
    }
  });

  test('and after seven days in any case', async () => {
    const { begin, next } = machine();
    let house = await begin();
    const cookie = await house.claimed();
    for (let day = 0; day < 7; day++) {
      expect(await use(house, cookie, DAY_MS)).toBe(true);
      house = await next();
    }
    house.time.jump(1);
    expect(await isIn(house, cookie)).toBe(false);
  });

  test('while the machine was off, the wall clock counts', async () => {
    for (const [offMs, stands] of [
      [IDLE_MS, true],
      [IDLE_MS + 1, false],
    ] as const) {
      const { begin, boot } = machine();
      const cookie = await (await begin()).claimed();
      expect(await isIn(await boot(offMs), cookie)).toBe(stands);
    }
  });
});

describe('a clock that is set', () => {
  test.each([3 * DAY_MS, -3 * DAY_MS])(
    'ends no login of this boot, by %i ms, nor lengthens it',
    async (byMs) => {
      const { begin, next, clocks } = machine();
      const cookie = await (await begin()).claimed();
      clocks.apartMs += byMs;
      let house = await next('killed');
      expect(await isIn(house, cookie)).toBe(true);
      expect(await use(house, cookie, LONGEST_MS - HOUR_MS)).toBe(true);
      house = await next();
      clocks.time.jump(HOUR_MS + 1);
      expect(await isIn(house, cookie)).toBe(false);
    },
  );

  test('by NTP, twenty minutes after a boot in 1970, ends none that was begun before, and after the next boot it still stands', async () => {
    const { begin, boot, clocks } = machine();
    clocks.apartMs = 0;
    const house = await begin();
    house.time.until(5 * 60_000);
    const cookie = await house.claimed();
    house.time.until(20 * 60_000);
    clocks.apartMs = WALL_MS;
    house.time.until(20 * 60_000 + PAUSE_MS);
    expect(await isIn(house, cookie)).toBe(true);
    expect(await isIn(await boot(HOUR_MS), cookie)).toBe(true);
  });

  test('too early at a boot throws nobody out; set right, it counts all the days that the machine was off', async () => {
    const { begin, boot, clocks } = machine();
    const first = await begin();
    const cookie = await first.claimed();
    const offMs = 8 * DAY_MS;
    const house = await boot(offMs, 0);
    expect(await isIn(house, cookie)).toBe(true);
    clocks.apartMs = WALL_MS + offMs;
    expect(await isIn(house, cookie)).toBe(false);
  });

  test('too late at a boot opens nothing; set right, who was logged in is so again', async () => {
    const { begin, boot, clocks } = machine();
    const cookie = await (await begin()).claimed();
    const house = await boot(HOUR_MS, WALL_MS + 400 * DAY_MS);
    house.time.until(60_000);
    expect(await isIn(house, cookie)).toBe(false);
    clocks.apartMs = WALL_MS + HOUR_MS;
    expect(await isIn(house, cookie)).toBe(true);
  });

  test('to the same hour at each boot keeps nobody for ever', async () => {
    const { begin, boot } = machine();
    let house = await begin();
    const cookie = await house.claimed();
    let ranMs = 0;
    for (; ranMs < 2 * LONGEST_MS; ranMs += 8 * HOUR_MS) {
      house = await boot(HOUR_MS, WALL_MS);
      if (!(await use(house, cookie, 8 * HOUR_MS))) break;
    }
    expect(ranMs).toBeGreaterThan(LONGEST_MS - DAY_MS);
    expect(ranMs).toBeLessThanOrEqual(LONGEST_MS);
  });
});

describe('a file of logins that is damaged', () => {
  const sha256 = `${'A'.repeat(43)}=`;
  const stamp = { ran_ms: 1, wall_ms: 1 };
  const login = { sha256, account: 'ada', mark: sha256, begun: stamp, used: stamp };
  const reckoning = { boot: 'first', mono_ms: 5, ran_ms: 5 };
  const file = { version: 1, reckoning, logins: [login] };
  test.each([
    ['empty', ''],
    ['half', JSON.stringify(file).slice(0, 150)],
    ['of zeros, as after a power cut', '\0'.repeat(300)],
    ['of a later version', JSON.stringify({ ...file, version: 2 })],
    ['null', 'null'],
    ['a row', '[]'],
    ['of wrong types', JSON.stringify({ ...file, logins: [{ ...login, begun: '1' }] })],
    [
      'with an account that fakes a line',
      JSON.stringify({ ...file, logins: [{ ...login, account: 'a\nb' }] }),
    ],
    ['with a secret in place of its hash', JSON.stringify({ ...file, logins: [{ ...login, sha256: 'x' }] })],
    [
      'used after it was kept',
      JSON.stringify({ ...file, logins: [{ ...login, used: { ...stamp, ran_ms: 9 } }] }),
    ],
    ['with numbers beyond all', JSON.stringify(file).replace('"mono_ms":5', '"mono_ms":1e999')],
  ])('(%s) logs everybody out, says so once, and is whole again with the next login', async (_, text) => {
    const { begin, next, logins } = machine(text);
    const house = await begin();
    expect(house.said.filter((line) => line.includes('logins'))).toEqual([
      expect.stringMatching(
        /^warn the logins in \/var\/lib\/bmsgate\/logins\.json cannot be read \(.+\): nobody is logged in any more; log in again$/s,
      ),
    ]);
    expect(logins.text).toBe(text);
    const cookie = await house.claimed();
    const after = await next('killed');
    expect(await isIn(after, cookie)).toBe(true);
    expect(after.said.filter((line) => line.includes('logins'))).toEqual([]);
  });
});
