// A broker that is away for a day is called again and again, in good time, and never twice at once.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newLedger } from '../../src/events/ledger.ts';
import { openLog } from '../../src/log.ts';
import type { BankEvent } from '../../src/model/events.ts';
import { keepLink, waitMs } from '../../src/mqtt/keeper.ts';
import type { Link, LinkEvents } from '../../src/mqtt/link.ts';
import { brokerNews } from '../../src/office/mqtt-part.ts';
import { crank } from '../ble/crank.ts';

const link: Link = {
  keep: () => {},
  tell: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  end: async () => {},
};

function calls(random = () => 1) {
  const clock = crank();
  const open: LinkEvents[] = [];
  const atMs: number[] = [];
  const heard: string[] = [];
  const end = keepLink(
    (events) => {
      open.push(events);
      atMs.push(clock.now());
      return () => heard.push('given up');
    },
    { clock: clock.now, after: clock.after, random },
    {
      up: () => heard.push('up'),
      heard: () => {},
      cut: () => {},
      refused: () => {},
      lost: () => heard.push('lost'),
      failed: () => heard.push('failed'),
    },
  );
  return { clock, atMs, heard, end, last: () => open.at(-1) ?? fail() };
}

const fail = (): never => {
  throw new Error('nobody was called');
};

describe('the calls to a broker', () => {
  test('come after 1 s, then twice as late each time, but no later than after a minute', async () => {
    const { clock, atMs, last } = calls();
    for (let i = 0; i < 9; i++) {
      last().down({ kind: 'no answer' });
      await clock.by(60_000);
    }
    expect(atMs.slice(1).map((at, i) => at - i * 60_000)).toEqual([
      1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000,
    ]);
  });

  test('of many gateways are spread, and none comes sooner than after a second or later than after a minute', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const wait = waitMs(failures, random);
        expect(wait).toBeGreaterThanOrEqual(1000);
        expect(wait).toBeLessThanOrEqual(60_000);
      }),
    );
    expect(waitMs(5, 0)).toBeLessThan(waitMs(5, 1));
  });

  test('begin soon again when a link held for a minute, and do not when it is hung up each time', async () => {
    const { clock, atMs, last } = calls();
    const live = async (ms: number) => {
      last().up(link);
      await clock.by(ms);
      last().down({ kind: 'closed' });
      await clock.by(60_000);
    };
    for (let i = 0; i < 4; i++) await live(100);
    const gaps = () => atMs.slice(1).map((at, i) => at - (atMs[i] ?? 0));
    expect(gaps()).toEqual([1100, 60_000 - 1000 + 2100, 60_000 - 2000 + 4100, 60_000 - 4000 + 8100]);
    await live(61_000);
    expect(gaps().at(-1)).toBe(60_000 - 8000 + 61_000 + 1000);
  });

  test('end with the gateway', async () => {
    const { clock, atMs, last, end, heard } = calls();
    last().down({ kind: 'no answer' });
    await end(() => {});
    await clock.by(600_000);
    expect([atMs.length, heard]).toEqual([1, ['failed']]);
  });
});

describe('a broker that is away', () => {
  const place = { host: 'broker.lan', port: 1883, isTls: false };
  const office = () => {
    const told: BankEvent[] = [];
    const lines: string[] = [];
    const log = openLog({
      out: { write: () => {} },
      tap: ({ text }) => lines.push(text.replace(/^\S+ /, '')),
    });
    const ledger = newLedger('1', (event) => told.push(event));
    const clock = crank();
    const ground = { ledger, log, clock: clock.now, bank: () => undefined, ask: () => {} };
    const news = brokerNews(place, ground, clock.after);
    /** Each minute it takes the call, and hangs up after so many seconds. */
    const flaps = async (minutes: number, upS: number) => {
      for (let minute = 0; minute < minutes; minute++) {
        news.here();
        await clock.by(upS * 1000);
        news.lost({ kind: 'closed' });
        await clock.by((60 - upS) * 1000);
      }
    };
    return {
      told,
      lines,
      clock,
      news,
      flaps,
      begins: () => told.map(({ endedAtMs }) => endedAtMs === undefined),
    };
  };

  test('is one event, however often it is called, with each cause in the log once', async () => {
    const { told, lines, news, clock } = office();
    await clock.by(60_000);
    news.lost({ kind: 'closed' });
    for (let i = 0; i < 1440; i++)
      news.away({ kind: 'system', code: i % 2 ? 'ECONNREFUSED' : 'EHOSTUNREACH', message: '' });
    news.here();
    news.lost({ kind: 'closed' });
    news.here();
    expect(told.map(({ kind, endedAtMs }) => [kind, endedAtMs !== undefined])).toEqual([
      ['broker_away', false],
      ['broker_away', true],
    ]);
    expect(lines.filter((line) => line.includes('nothing listens'))).toHaveLength(1);
    expect(told[0]?.text).toMatch(/^MQTT broker not reached: broker\.lan cannot be reached; check /);
  });

  test('for the second that it takes to start anew is no event', () => {
    const { told, news } = office();
    news.here();
    news.lost({ kind: 'closed' });
    news.here();
    expect(told).toEqual([]);
  });

  test('though it takes each call, for most of five minutes, is one event until it stays', async () => {
    const { told, news, clock, flaps, begins } = office();
    await flaps(5, 20);
    expect(told).toEqual([]);
    await flaps(60, 20);
    expect(told).toMatchObject([
      { kind: 'broker_away', text: expect.stringMatching(/hung up; look at its log/) },
    ]);
    news.here();
    await clock.by(59_000);
    expect(begins()).toEqual([true]);
    await clock.by(1000);
    expect(begins()).toEqual([true, false]);
  });

  test('for a while now and then is no event', async () => {
    const { told, flaps } = office();
    await flaps(120, 40);
    expect(told).toEqual([]);
  });

  test('and hangs up amid calls that lead to nothing is not back in between', async () => {
    const { news, clock, flaps, begins } = office();
    for (let i = 0; i < 30; i++) {
      news.away({ kind: 'no answer' });
      await flaps(1, 5);
    }
    expect(begins()).toEqual([true, false, true]);
    news.here();
    await clock.by(60_000);
    expect(begins()).toEqual([true, false, true, false]);
  });

  test('that takes each call and hangs up again does not fill the log, until it was there for a minute', async () => {
    const { lines, news, clock, flaps } = office();
    await flaps(60, 1);
    expect(lines.filter((line) => line.includes('hung up'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('broker.lan reached'))).toHaveLength(2);
    news.here();
    await clock.by(60_000);
    news.lost({ kind: 'closed' });
    expect(lines.filter((line) => line.includes('hung up'))).toHaveLength(2);
  });
});
