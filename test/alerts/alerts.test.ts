// The alerts of a gateway file with a clock that is cranked by hand, and servers that answer as they are told to.
import { describe, expect, test } from 'vitest';
import { alerts } from '../../src/alerts/alerts.ts';
import type { Outcome } from '../../src/alerts/courier.ts';
import type { AlertMessage } from '../../src/alerts/message.ts';
import type { AlertTarget } from '../../src/alerts/target.ts';
import { newLedger } from '../../src/events/ledger.ts';
import type { BankEvent } from '../../src/model/events.ts';
import { crankedClock } from '../can/clock.ts';
import { highCell, over, phone } from './events.ts';

const WALL_MS = Date.UTC(2026, 10, 28, 12);
const away: Outcome = { end: 'later', why: 'is not reached; look at the network' };
const delivered: Outcome = { end: 'delivered' };
const desk: AlertTarget = { ...phone, id: 'desk', url: 'https://desk.example.org/x' };

/** Lets what is decided be done. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function office(targets: readonly AlertTarget[] = [phone], disk: { text?: string } = {}) {
  const time = crankedClock(10_000);
  const attempts: { atMs: number; at: string; message: AlertMessage }[] = [];
  const news: BankEvent[] = [];
  let answer: (host: string) => Outcome | Promise<Outcome> = () => delivered;
  const ledger = newLedger('office', (event) => {
    news.push(event);
    queueMicrotask(() => told.take(event));
  });
  const told = alerts(targets, {
    timers: { now: time.clock, after: time.after },
    wallClock: () => WALL_MS + time.clock(),
    deliver: async ({ url, body }) => {
      attempts.push({ atMs: time.clock(), at: url.host, message: JSON.parse(body) });
      return answer(url.host);
    },
    readSecret: () => ({ problem: '/etc/token cannot be read' }),
    readCa: () => '',
    stored: disk.text,
    keep: (text) => {
      disk.text = text;
    },
    undelivered: (conditions) => ledger.hold('alerts', conditions, time.clock()),
  });
  /** Time goes by second by second. */
  const seconds = async (n: number) => {
    for (let i = 0; i < n; i++) {
      await turn();
      time.until(time.clock() + 1000);
    }
    await turn();
  };
  return {
    ...told,
    disk,
    news,
    attempts,
    seconds,
    said: () => attempts.map(({ message }) => `${message.kind} ${message.phase}`),
    waits: () => attempts.slice(1).map(({ atMs }, i) => (atMs - (attempts[i]?.atMs ?? 0)) / 1000),
    now: time.clock,
    answers: (how: typeof answer) => {
      answer = how;
    },
  };
}

describe('a server of alerts', () => {
  test('gets an alarm at once, with its wall time and the worst of it, and its end', async () => {
    const { take, seconds, attempts } = office();
    await seconds(1);
    take(highCell);
    await seconds(0);
    take(over({ ...highCell, peak: { quantity: 'max_cell_voltage_V', value: 3.7 } }, 61_000));
    await seconds(0);
    expect(attempts.map(({ message }) => message)).toEqual([
      {
        id: 'run-1',
        kind: 'protection',
        severity: 'alarm',
        phase: 'begin',
        site: 'barn',
        title: 'Protection',
        text: 'protection cell_high_voltage: 3.66 V',
        alarm: 'cell_high_voltage',
        began: '2026-11-28T12:00:01.000Z',
        peak: { quantity: 'max_cell_voltage_V', value: 3.66 },
      },
      expect.objectContaining({
        phase: 'end',
        began: '2026-11-28T12:00:01.000Z',
        ended: '2026-11-28T12:01:01.000Z',
        peak: { quantity: 'max_cell_voltage_V', value: 3.7 },
      }),
    ]);
  });

  test('that is away is tried again after 1 s, 2 s … 5 min, and once it is back all arrives in order', async () => {
    const { take, seconds, answers, waits, said, attempts } = office();
    answers(() => away);
    await seconds(1);
    take(highCell);
    await seconds(3000);
    expect(waits()).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, ...Array(8).fill(300)]);
    take({ ...highCell, id: 'run-2', kind: 'bank_lost' });
    take(over(highCell, 2_000_000));
    answers(() => delivered);
    attempts.length = 0;
    await seconds(300);
    expect(said()).toEqual(['protection end', 'bank_lost begin']);
  });

  test('is given up for what is a day old, and gets what is news', async () => {
    const { take, seconds, answers, said, attempts, disk } = office();
    answers(() => away);
    await seconds(1);
    take(highCell);
    await seconds(3600);
    take({ ...highCell, id: 'run-2', kind: 'bank_lost' });
    await seconds(86_400 - 3500);
    answers(() => delivered);
    attempts.length = 0;
    await seconds(301);
    expect(said()).toEqual(['bank_lost begin']);
    expect(JSON.parse(disk.text ?? '').targets.phone.due).toEqual([]);
  });

  test('that refuses one message gets that never again, and the next one', async () => {
    const { take, seconds, answers, said } = office();
    answers(() => ({ end: 'refused', why: 'answers 403 (Forbidden); look at `token_file`' }));
    await seconds(1);
    take(highCell);
    await seconds(600);
    expect(said()).toEqual(['protection begin']);
    answers(() => delivered);
    take(over(highCell, 90_000));
    await seconds(1);
    expect(said()).toEqual(['protection begin', 'protection end']);
  });

  test('that asks for time gets it, but never more than 5 min', async () => {
    const { take, seconds, answers, waits } = office();
    answers(() => ({ end: 'later', why: 'answers 429', notBeforeMs: 60_000 }));
    await seconds(1);
    take(highCell);
    await seconds(61);
    answers(() => ({ end: 'later', why: 'answers 429', notBeforeMs: 1e9 }));
    await seconds(400);
    expect(waits()).toEqual([60, 60, 300]);
  });
});

describe('that alerts do not arrive', () => {
  test('is an event from the third failure in a row until one arrives; it names no path', async () => {
    const { take, seconds, answers, news } = office();
    answers(() => away);
    await seconds(1);
    take(highCell);
    await seconds(2);
    expect(news).toEqual([]);
    await seconds(5000);
    expect(news).toEqual([
      expect.objectContaining({
        kind: 'alert_undelivered',
        subject: 'phone',
        text: 'alerts to `phone` are not delivered: example.org is not reached; look at the network',
      }),
    ]);
    answers(() => delivered);
    await seconds(300);
    expect(news.map(({ endedAtMs }) => endedAtMs !== undefined)).toEqual([false, true]);
  });

  test('is told by the others, and never comes to a message about a message when none arrives', async () => {
    const { take, seconds, answers, news, attempts } = office([phone, desk]);
    answers((host) => (host === 'example.org' ? away : delivered));
    await seconds(1);
    take(highCell);
    await seconds(10);
    const atDesk = () => attempts.filter(({ at }) => at === 'desk.example.org').map((a) => a.message.kind);
    expect(atDesk()).toEqual(['protection', 'alert_undelivered']);
    answers(() => away);
    take({ ...highCell, id: 'run-2', kind: 'bank_lost' });
    await seconds(86_400);
    expect(news.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'alert_undelivered phone',
      'alert_undelivered desk',
    ]);
  });

  test('because the token cannot be read is told with the sentence that mends it', async () => {
    const { take, seconds, news, attempts } = office([{ ...phone, tokenFile: '/etc/token' }]);
    await seconds(1);
    take(highCell);
    await seconds(10);
    expect(attempts).toEqual([]);
    expect(news[0]?.text).toBe(
      'alerts to `phone` are not delivered: example.org is not called: /etc/token cannot be read',
    );
  });
});

describe('an office that takes the place of another', () => {
  test('tells nothing twice, and goes on with what waited', async () => {
    const first = office();
    await first.seconds(1);
    first.take(highCell);
    await first.seconds(1);
    first.answers(() => away);
    first.take({ ...highCell, id: 'run-2', kind: 'bank_lost' });
    await first.seconds(30);

    const second = office([phone], first.disk);
    second.take(highCell);
    await second.seconds(2);
    expect(second.said()).toEqual(['bank_lost begin']);
    second.take(over(highCell, 99_000));
    await second.seconds(2);
    expect(second.said()).toEqual(['bank_lost begin', 'protection end']);
  });

  test('waits with its end for what is on its way, and then it is known as told', async () => {
    const { take, seconds, answers, stop, disk } = office();
    const arrival = Promise.withResolvers<Outcome>();
    answers(() => arrival.promise);
    await seconds(1);
    take(highCell);
    await seconds(1);
    let ended = false;
    const ending = stop().then(() => {
      ended = true;
    });
    await turn();
    expect(ended).toBe(false);
    arrival.resolve(delivered);
    await ending;
    const next = office([phone], disk);
    next.take(highCell);
    await next.seconds(5);
    expect(next.said()).toEqual([]);
  });

  test('goes on with a file in which a moment has no date', async () => {
    const event = { ...highCell, id: 'run-9', beganAtMs: 1e300 };
    const due = [{ phase: 'begin', waitedMs: 0, event }];
    const text = JSON.stringify({ form: 1, targets: { phone: { due, told: [] } } });
    const { take, seconds, said } = office([phone], { text });
    await seconds(1);
    take(highCell);
    await seconds(1);
    expect(said()).toEqual(['protection begin']);
  });

  test.each(['', '{', '{"form":2}', 'null'])('begins anew with a file that holds %j', async (text) => {
    const { take, seconds, said } = office([phone], { text });
    await seconds(1);
    take(highCell);
    await seconds(1);
    expect(said()).toEqual(['protection begin']);
  });
});
