import { describe, expect, test } from 'vitest';
import { patched } from '../../src/model/api/patch.ts';
import { LONGEST_MS } from '../../src/web/logins.ts';
import { eventually } from '../eventually.ts';
import { type Heard, listen } from './sse.ts';
import { PASSWORD, type WebHouse, webHouse } from './web-house.ts';

const battery = (voltage_V: number, id = 'a') => ({
  [id]: { freshness: 'fresh' as const, reading: { voltage_V, temperatures_C: [20, null] } },
});
const bankOf = (packs: object) => ({
  packs: packs as ReturnType<typeof battery>,
  wires: {},
  inverters: {},
  events: {},
  trips: [],
  processes: {},
});

/** A second goes by. */
const second = ({ time }: WebHouse) => time.until(time.clock() + 1000);

interface Message {
  readonly number: number;
  readonly now_ms: number;
  readonly whole?: unknown;
  readonly patch?: unknown;
}
const messages = ({ events }: { events: { data: unknown }[] }) =>
  // The stream's own tests hold their shape.
  events.map(({ data }) => data as Message);

/** A second goes by and comes to this reader; where it was not ready for that one, another, but not before it could be. */
const inStep = (house: WebHouse, heard: Heard) => {
  const from = house.time.clock();
  let looks = 0;
  return eventually(() => {
    if ((messages(heard).at(-1)?.now_ms ?? 0) > from) return;
    if (looks++ % 40 === 0) second(house);
    throw new Error(`nothing after ${from}`);
  });
};

describe('the stream of what is', () => {
  test('tells the whole at first and each tenth time, and between what changed, numbered', async () => {
    const house = await webHouse();
    house.paper.live = bankOf(battery(52));
    const heard = await listen(house.port, '/live', await house.claimed());
    expect([heard.status, heard.headers['content-type'], heard.headers['cache-control']]).toEqual([
      200,
      'text/event-stream',
      'no-store',
    ]);
    let page: unknown;
    for (let at = 1; at <= 25; at++) {
      house.paper.live = bankOf(at % 2 ? battery(52 + at) : { ...battery(52 + at), ...battery(1, 'b') });
      second(house);
      await eventually(() => expect(heard.events).toHaveLength(at + 1));
    }
    for (const { whole, patch } of messages(heard)) page = whole ?? patched(page, patch);
    expect(page).toEqual(house.paper.live);
    expect(messages(heard).map(({ number }) => number)).toEqual(Array.from({ length: 26 }, (_, n) => n));
    expect(messages(heard).flatMap(({ number, whole }) => (whole ? [number] : []))).toEqual([0, 10, 20]);
    expect(messages(heard)[3]?.patch).toEqual({ packs: { a: { reading: { voltage_V: 55 } }, b: null } });
    expect(messages(heard)[3]?.now_ms).toBe(3000);
  });

  test('is made once for sixty readers; fifty may listen, the others are told to come back', async () => {
    const house = await webHouse();
    let made = 0;
    Object.defineProperty(house.paper, 'live', {
      get() {
        made++;
        return bankOf(battery(made));
      },
    });
    const cookie = await house.claimed();
    const all = await Promise.all(Array.from({ length: 60 }, () => listen(house.port, '/live', cookie)));
    const listening = all.filter(({ status }) => status === 200);
    expect(listening).toHaveLength(50);
    const refused = all.find(({ status }) => status !== 200);
    expect([refused?.status, refused?.headers['retry-after']]).toEqual([503, '30']);
    const before = made;
    for (let n = 0; n < 3; n++) second(house);
    await eventually(() => expect(listening.map(({ events }) => events.length)).toEqual(Array(50).fill(4)));
    expect(made - before).toBe(3);
    listening[0]?.vanish();
    await eventually(async () => expect((await listen(house.port, '/live', cookie)).status).toBe(200));
  });

  test('keeps nothing for a reader that takes nothing, and begins again with the newest whole', {
    timeout: 300_000,
  }, async () => {
    const house = await webHouse();
    const cookie = await house.claimed();
    house.paper.live = bankOf(battery(1));
    const slow = await listen(house.port, '/live', cookie);
    const quick = await listen(house.port, '/live', cookie);
    await inStep(house, quick);
    slow.pause();
    for (let made = 0; made < 8; made++) {
      // Megabytes: what the sockets hold is soon full.
      house.paper.live = bankOf({
        ...battery(made),
        [`x${made}`]: { freshness: 'lost', fault: 'x'.repeat(4e6) },
      });
      await inStep(house, quick);
    }
    slow.goOn();
    house.paper.live = bankOf(battery(777));
    await inStep(house, slow);
    // A queue would have brought them all.
    expect(messages(slow).length).toBeLessThan(9);
    let page: unknown;
    let number = -1;
    for (const message of messages(slow)) {
      // A patch follows what it was made from; after a gap comes a whole one.
      if (message.patch) expect(message.number).toBe(number + 1);
      number = message.number;
      page = message.whole ?? patched(page, message.patch);
    }
    expect(page).toEqual(house.paper.live);
  });

  test('lets go of who takes nothing for half a minute, and of nobody else', {
    timeout: 300_000,
  }, async () => {
    const house = await webHouse();
    const cookie = await house.claimed();
    house.paper.live = bankOf({ a: { freshness: 'fresh', fault: 'x'.repeat(16e6) } });
    const slow = await listen(house.port, '/live', cookie);
    slow.pause();
    house.paper.live = bankOf(battery(1));
    second(house);
    const quick = await listen(house.port, '/live', cookie);
    for (const begunMs = house.time.clock(); house.time.clock() < begunMs + 35_000; )
      await inStep(house, quick);
    slow.goOn();
    await eventually(() => expect(slow.isOver()).toBe(true));
    expect(messages(slow)).toEqual([]);
    expect(quick.isOver()).toBe(false);
  });
});

describe('a stream', () => {
  test('ends with the login, its account, its role and its time', async () => {
    const house = await webHouse();
    const { installer, operator, viewer } = await house.people();
    const again = await house.logIn('viewer');
    const token = await house.call('/tokens', { cookie: installer, body: { name: 't', role: 'operator' } });
    expect(token.status).toBe(200);
    const [a, b, c, d] = await Promise.all(
      [operator, viewer, again, installer].map((cookie) => listen(house.port, '/live', cookie)),
    );
    const over = () => [a, b, c, d].map((heard) => heard?.isOver());
    await house.call('/accounts/operator/role', { cookie: installer, body: { role: 'viewer' } });
    second(house);
    await eventually(() => expect(over()).toEqual([true, false, false, false]));
    await house.call('/logout', { cookie: again, body: {} });
    second(house);
    await eventually(() => expect(over()).toEqual([true, false, true, false]));
    await house.call('/accounts/viewer/remove', { cookie: installer, body: {} });
    second(house);
    await eventually(() => expect(over()).toEqual([true, true, true, false]));
    house.time.jump(LONGEST_MS);
    second(house);
    await eventually(() => expect(over()).toEqual([true, true, true, true]));
  });

  test('that is only listened to keeps its login alive', async () => {
    const house = await webHouse();
    const cookie = await house.claimed();
    const heard = await listen(house.port, '/live', cookie);
    for (let hour = 0; hour < 20; hour++) {
      house.time.jump(3_600_000);
      second(house);
    }
    expect(heard.isOver()).toBe(false);
    expect((await house.call('/site', { cookie })).status).toBe(200);
  });

  test('of wires and log is made only while somebody listens, ten at most', async () => {
    const house = await webHouse();
    const { operator } = await house.people();
    const { talkers, loggers } = house.paper;
    expect([talkers.size, loggers.size]).toEqual([0, 0]);
    const all = await Promise.all(Array.from({ length: 11 }, () => listen(house.port, '/log', operator)));
    expect(all.filter(({ status }) => status === 503)).toHaveLength(1);
    expect([talkers.size, loggers.size]).toEqual([0, 10]);
    const line = { wall_ms: 1, level: 'warn', text: 'battery did not answer' };
    for (const hear of loggers) for (let n = 0; n < 300; n++) hear(line);
    const [first] = all.filter(({ status }) => status === 200);
    await eventually(() => expect(first?.events).toHaveLength(300));
    expect(first?.events[0]).toEqual({ event: 'line', data: line });
    for (const heard of all) heard.vanish();
    await eventually(() => expect(loggers.size).toBe(0));
  });

  test('that has nothing to say shows that it is alive, and takes no head for a reader', async () => {
    const house = await webHouse();
    const { operator } = await house.people();
    expect((await house.call('/talk', { method: 'HEAD', cookie: operator })).status).toBe(200);
    expect(house.paper.talkers.size).toBe(0);
    const heard = await listen(house.port, '/talk', operator);
    for (let n = 0; n < 21; n++) second(house);
    await eventually(() => expect(heard.comments()).toBe(2));
    for (const hear of house.paper.talkers) hear({ now_ms: 1, wall_ms: 2, items: [], skipped: 3, buses: [] });
    await eventually(() =>
      expect(heard.events).toEqual([
        { event: 'talk', data: { now_ms: 1, wall_ms: 2, items: [], skipped: 3, buses: [] } },
      ]),
    );
  });

  test('ends when the server does, which waits for no reader', async () => {
    const house = await webHouse();
    const heard = await listen(house.port, '/live', await house.claimed());
    await house.server.close();
    await eventually(() => expect(heard.isOver()).toBe(true));
  });

  test('of an open view needs no login, and still a role for the wires', async () => {
    const house = await webHouse({ isOpenView: true });
    expect((await listen(house.port, '/live')).status).toBe(200);
    expect((await listen(house.port, '/talk')).status).toBe(401);
    expect((await house.call('/login', { body: { name: 'a', password: PASSWORD } })).status).toBe(401);
  });
});
