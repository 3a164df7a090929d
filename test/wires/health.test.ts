import { describe, expect, test } from 'vitest';
import { countOf, newHistogram } from '../../src/model/histogram.ts';
import type { Asked, Health, WireCounts, WireHealth } from '../../src/model/wire-health.ts';
import { watchHealth } from '../../src/wires/health.ts';
import { crankedClock } from '../can/clock.ts';
import { ledgerTo, mute } from './lines.ts';

const LINE = '/dev/ttyUSB0';

/** What happens on a line in a second. */
interface Second {
  readonly counts?: WireCounts;
  /** Requests by what they ask. */
  readonly asked?: readonly (Omit<Asked, 'count' | 'refused'> & {
    readonly count?: number;
    readonly refused?: number;
  })[];
  /** How late a beat was, ms. */
  readonly lateMs?: number;
}

/** A wire whose numbers grow second by second, looked at as the gateway does, on a clock that is cranked by hand. */
function wire(kind: WireHealth['kind'] = 'rtu', name = LINE) {
  const time = crankedClock();
  const said: string[] = [];
  const sent: Health[] = [];
  const counts: Record<string, number> = {};
  const rows = new Map<string, Asked>();
  const beats = newHistogram([5, 20, 100]);
  let heard = 0;
  const health = (): WireHealth => ({
    name,
    kind,
    state: 'open',
    counts: { ...counts },
    asked: [...rows.values()],
    askedOthers: 0,
    inverters: [
      {
        id: 'ems',
        voice: 'heard',
        telling: 'the truth',
        heard,
        ...(kind === 'can' && { beatLateness: beats.read() }),
      },
    ],
  });
  const { end: stop } = watchHealth({
    clock: time.clock,
    after: time.after,
    wires: () => [health()],
    children: () => [],
    batteries: () => [],
    send: (now) => void sent.push(now),
    ledger: ledgerTo(({ level, text }) => said.push(`${level} ${text}`)),
  });
  function happen({ counts: more = {}, asked = [], lateMs }: Second): void {
    for (const [counter, n] of Object.entries(more)) counts[counter] = (counts[counter] ?? 0) + n;
    for (const { count = 1, refused = 0, ...row } of asked) {
      const key = JSON.stringify([row.unit, row.code, row.first, row.quantity]);
      const was = rows.get(key);
      rows.set(key, { ...row, count: (was?.count ?? 0) + count, refused: (was?.refused ?? 0) + refused });
      heard += count;
    }
    if (lateMs !== undefined) beats.observe(lateMs);
  }
  return {
    sent,
    stop,
    /** So many seconds pass, each with what happens in it. */
    pass(seconds: number, each: Second | ((s: number) => Second) = {}) {
      for (let s = 0; s < seconds; s++) {
        happen(typeof each === 'function' ? each(s) : each);
        time.until(time.clock() + 1000);
      }
    },
    /** What was said since the last call. */
    said: () => said.splice(0),
  };
}

const core = { unit: 1, code: 3, first: 0x100, quantity: 0x12 };
const poll: Second = { counts: { requests: 1, answers: 1 }, asked: [core] };

describe('a master that polls', () => {
  test('is told once, with what it asks and how often, when it has done so for a minute', () => {
    const w = wire();
    w.pass(100);
    w.pass(60, poll);
    expect(w.said()).toEqual([]);
    w.pass(10, poll);
    expect(w.said()).toEqual([
      `notice the master of ${LINE} asks unit 1 for holding registers 0x0100 to 0x0111, 60 times a minute`,
    ]);
    w.pass(1000, poll);
    expect(w.said()).toEqual([]);
  });

  test('is told again when it asks for more, and only with that', () => {
    const w = wire();
    w.pass(100, poll);
    w.said();
    const more = { unit: 1, code: 6, first: 0x180, quantity: 1 };
    w.pass(100, (s) => ({ ...poll, asked: s % 10 ? [core] : [core, more] }));
    expect(w.said()).toEqual([
      `notice the master of ${LINE} asks unit 1 to write register 0x0180, 6 times a minute`,
    ]);
  });

  test('asks several units for several things: a line for each unit, the most frequent first, four at most', () => {
    const w = wire();
    const six = [1, 2, 3, 4, 5, 6].map((n) => ({ unit: 2, code: 4, first: n, quantity: 1, count: n }));
    w.pass(100, { asked: [core, ...six] });
    expect(w.said()).toEqual([
      `notice the master of ${LINE} asks unit 1 for holding registers 0x0100 to 0x0111, 60 times a minute`,
      `notice the master of ${LINE} asks unit 2 for input registers 0x0006, 360 times a minute; for input registers 0x0005, 300 times a minute; for input registers 0x0004, 240 times a minute; for input registers 0x0003, 180 times a minute; and 2 more`,
    ]);
  });

  test('asks seldom, or by the commands of a codec', () => {
    const w = wire('ascii');
    w.pass(1, { asked: [{ unit: 2, code: 0x61 }] });
    w.pass(100);
    w.pass(1, { asked: [{ unit: 2, code: 0x42 }] });
    w.pass(50);
    w.pass(50, (s) => (s === 0 ? { asked: [{ unit: 2, code: 0x42 }] } : {}));
    expect(w.said()).toEqual([
      `notice the master of ${LINE} asks unit 2 for command 0x61, once so far`,
      `notice the master of ${LINE} asks unit 2 for command 0x42, once a minute`,
    ]);
  });

  test('that asks for what nobody has is told at once, with what to do, and once', () => {
    const w = wire();
    w.pass(300, { asked: [{ unit: 1, code: 3, first: 0x200, quantity: 4, refused: 1, exception: 2 }] });
    expect(w.said()).toEqual([
      `warn the master of ${LINE} asks unit 1 for holding registers 0x0200 to 0x0203, which its profile does not have (exception 2); give the inverter the profile that it expects, or set it to this battery`,
    ]);
  });

  test('that scans an address after the other is one line a look, not one an address', () => {
    const w = wire();
    const scanned = Array.from({ length: 30 }, (_, n) => ({
      ...{ unit: 1, code: 3, first: 0x200 + n, quantity: 1, refused: 1, exception: 2 },
    }));
    w.pass(1, { asked: [...scanned, { unit: 1, code: 8, refused: 1, exception: 1 }] });
    w.pass(100);
    expect(w.said()).toEqual([
      `warn the master of ${LINE} asks unit 1 for function 8, a function that its profile does not offer (exception 1); give the inverter the profile that it expects, or set it to this battery`,
      `warn the master of ${LINE} asks unit 1 for holding registers 0x0200; for holding registers 0x0201; for holding registers 0x0202; for holding registers 0x0203; and 26 more, which its profile does not have (exception 2); give the inverter the profile that it expects, or set it to this battery`,
    ]);
  });

  test('that is refused from a new profile on what the old one had is told so, and once', () => {
    const w = wire();
    w.pass(120, poll);
    w.said();
    w.pass(200, { asked: [{ ...core, refused: 1, exception: 2 }] });
    expect(w.said()).toEqual([
      `warn the master of ${LINE} asks unit 1 for holding registers 0x0100 to 0x0111, which its profile does not have (exception 2); give the inverter the profile that it expects, or set it to this battery`,
    ]);
  });

  test('that is refused because the bank is lost is not told here: the profile is not to blame', () => {
    const w = wire();
    w.pass(30, { asked: [{ ...core, refused: 1, exception: 4 }] });
    expect(w.said()).toEqual([]);
  });
});

describe('a line with damaged frames', () => {
  const damaged: Second = { counts: { crcErrors: 1 } };

  test('is told from the third in a minute on, and when a minute was without any', () => {
    const w = wire();
    w.pass(60, poll);
    w.pass(2, damaged);
    w.pass(20, poll);
    expect(w.said().filter((line) => line.includes('damaged'))).toEqual([]);
    w.pass(3, damaged);
    w.pass(5, poll);
    expect(w.said()).toContain(
      `warn 5 of 60 frames on ${LINE} in the last minute were damaged; check A/B, bias, termination and baud`,
    );
    w.pass(50, poll);
    expect(w.said()).toEqual([]);
    w.pass(15, poll);
    expect(w.said()).toEqual([`notice no frame on ${LINE} was damaged for a minute`]);
  });

  test('is one line of the log however long it lasts, and however it comes and goes within a minute', () => {
    const w = wire();
    w.pass(3600, (s) => (s % 50 < 5 ? damaged : poll));
    expect(w.said().filter((line) => line.includes('damaged'))).toHaveLength(1);
  });
});

test('a line at the wrong speed is nothing but noise, until the first request', () => {
  const w = wire();
  w.pass(10, { counts: { resyncBytes: 9 } });
  expect(w.said()).toEqual([
    `warn nothing on ${LINE} is a frame: 45 bytes in the last minute and no request; check baud, parity, A/B and which protocol the inverter is set to`,
  ]);
  w.pass(5, poll);
  expect(w.said()).toEqual([`notice ${LINE} is not only noise any more`]);
});

test('a line that was nothing but noise and falls silent is told so, not that it is well', () => {
  const w = wire();
  w.pass(10, { counts: { resyncBytes: 9 } });
  w.said();
  w.pass(70);
  expect(w.said()).toEqual([`notice ${LINE} has been silent for a minute`]);
});

test('answers that are late or not sent are told when they begin and when a minute was without', () => {
  const w = wire();
  w.pass(60, poll);
  w.pass(5, { counts: { requests: 1, answers: 1, lateAnswers: 1 } });
  w.said();
  w.pass(5, { counts: { requests: 1, answers: 1, droppedAnswers: 1 } });
  expect(w.said()).toEqual([]);
  w.pass(65, poll);
  expect(w.said().filter((line) => line.includes('in time'))).toEqual([
    `notice answers on ${LINE} were in time for a minute`,
  ]);
});

test('beats that leave late are told with their bus', () => {
  const w = wire('can', 'can0');
  w.pass(60, { lateMs: 1 });
  expect(w.said()).toEqual([]);
  w.pass(5, { lateMs: 21 });
  expect(w.said()).toEqual([
    'warn 5 of 60 beats on can0 in the last minute left more than 20 ms late; see what else this machine does (`top`)',
  ]);
});

test('a line that a new profile gave another codec is told in the words of that', () => {
  const time = crankedClock();
  const said: string[] = [];
  let kind: WireHealth['kind'] = 'rtu';
  let count = 0;
  const { end: stop } = watchHealth({
    clock: time.clock,
    after: time.after,
    wires: () => [
      {
        ...{ name: LINE, kind, state: 'open', counts: {}, askedOthers: 0, inverters: [] },
        asked: kind === 'rtu' ? [] : [{ unit: 2, code: 0x61, count, refused: 0 }],
      },
    ],
    children: () => [],
    batteries: () => [],
    send: () => {},
    ledger: ledgerTo(({ text }) => said.push(text)),
  });
  time.until(10_000);
  kind = 'ascii';
  count = 1;
  time.until(80_000);
  stop();
  expect(said).toEqual([`the master of ${LINE} asks unit 2 for command 0x61, once so far`]);
});

test('a new profile for one inverter of a bus does not tell again what the other suffered long ago', () => {
  const time = crankedClock();
  const said: string[] = [];
  const rates: (number | undefined)[] = [];
  const other = newHistogram([20, 100]);
  let exchanged = newHistogram([20, 100]);
  let heard = 0;
  const { end: stop } = watchHealth({
    clock: time.clock,
    after: time.after,
    wires: () => [
      {
        name: 'can0',
        kind: 'can',
        state: 'open',
        counts: {},
        asked: [],
        askedOthers: 0,
        inverters: [
          {
            id: 'one',
            voice: 'heard',
            telling: 'the truth',
            heard: countOf(exchanged.read()),
            beatLateness: exchanged.read(),
          },
          { id: 'two', voice: 'heard', telling: 'the truth', heard, beatLateness: other.read() },
        ],
      },
    ],
    children: () => [],
    batteries: () => [],
    send: ({ wires }) => void rates.push(wires[0]?.inverters[1]?.heardPerMinute),
    ledger: ledgerTo(({ text }) => said.push(text)),
  });
  const pass = (seconds: number) => {
    for (let s = 0; s < seconds; s++) {
      heard++;
      other.observe(1);
      exchanged.observe(1);
      time.until(time.clock() + 1000);
    }
  };
  for (const beats of [other, exchanged]) for (let i = 0; i < 5; i++) beats.observe(50);
  pass(200);
  said.splice(0);
  exchanged = newHistogram([20, 100]);
  pass(100);
  stop();
  expect(said).toEqual([]);
  expect([...new Set(rates.slice(12))]).toEqual([60]);
});

describe('the numbers', () => {
  test('are handed on every five seconds, with polls per minute once a minute is known', () => {
    const w = wire();
    w.pass(120, poll);
    expect(w.sent.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 24 }, (_, i) => 5000 * (i + 1)));
    const rates = w.sent.map(({ wires }) => wires[0]?.inverters[0]?.heardPerMinute);
    expect(rates).toEqual([...Array(11).fill(undefined), ...Array(13).fill(60)]);
  });

  test('are handed on no more once it is stopped', () => {
    const w = wire();
    w.pass(10, poll);
    w.stop();
    w.pass(60, poll);
    expect(w.sent).toHaveLength(2);
  });
});

/** A house without wires, and when it told of them. */
function watchedBy(isWatched: () => boolean) {
  const time = crankedClock();
  const told: number[] = [];
  const watch = watchHealth({
    clock: time.clock,
    after: time.after,
    wires: () => [],
    children: () => [],
    batteries: () => [],
    isWatched,
    send: ({ atMs }) => told.push(atMs),
    ledger: mute,
  });
  return { time, told, watch };
}

describe('somebody who looks at a page', () => {
  test('is told every second, and at once when something changed', () => {
    let isWatched = false;
    const { time, told, watch } = watchedBy(() => isWatched);
    time.until(5000);
    isWatched = true;
    time.until(5500);
    watch.look();
    time.until(8000);
    isWatched = false;
    time.until(20_000);
    watch.end();
    time.until(60_000);
    expect(told).toEqual([5000, 5500, 6500, 7500, 8500, 13_500, 18_500]);
  });

  test('is told of what inverters hear at once when it has left, however often it changes', () => {
    const { time, told, watch } = watchedBy(() => true);
    time.until(5250);
    for (const ms of [5260, 5310, 5340]) {
      watch.soon();
      time.until(ms);
    }
    time.until(7000);
    watch.end();
    expect(told).toEqual([5000, 5350, 6350]);
  });
});
