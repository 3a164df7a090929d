import { describe, expect, test } from 'vitest';
import { byd, canProfile, plain, pylontechHv, solax, theCanRoom, wellBank } from './can-room.ts';

const ENSEMBLE = [0x4210, 0x4220, 0x4280];
const BYD_IDENTITY = [0x2d0, 0x3d0, 0x3d0];

describe('a family that starts when it is heard', () => {
  test('says nothing, however long the inverter is away', () => {
    const room = theCanRoom([byd]);
    room.until(600_000);
    expect(room.heard).toEqual([]);
    expect(room.output.attended(room.clock())).toBe(true);
  });

  test('follows the hello at once with who it is, once, and then all frames of the first beat, 5 ms apart', () => {
    const room = theCanRoom([byd]);
    room.until(3456);
    room.says(0x151, [0]);
    room.until(5400);
    expect(room.since()).toEqual([
      [3456, 0x2d0],
      [3461, 0x3d0],
      [3466, 0x3d0],
      [3471, 0x110],
      [3476, 0x150],
      [3481, 0x190],
    ]);
  });

  test('keeps 2 s, 10 s and 60 s from the hello on, without drift', () => {
    const room = theCanRoom([byd]);
    room.until(777);
    room.says(0x151, [0]);
    room.until(777 + 120_900);
    const every = (id: number) => room.timesOf(id).map((ms) => Math.round((ms - 777) / 1000));
    expect(every(0x110)).toEqual(Array.from({ length: 61 }, (_, i) => 2 * i));
    expect(every(0x150)).toEqual(Array.from({ length: 13 }, (_, i) => 10 * i));
    expect(every(0x190)).toEqual([0, 60, 120]);
    expect(room.timesOf(0x110).slice(1)).toEqual(Array.from({ length: 60 }, (_, i) => 777 + 2000 * (i + 1)));
  });

  test('does not say who it is twice when the hello asks for it', () => {
    const room = theCanRoom([byd]);
    room.says(0x151, [1]);
    room.until(1000);
    expect(room.idsSince()).toEqual([...BYD_IDENTITY, 0x110, 0x150, 0x190]);
  });

  test('says it again whenever it is asked', () => {
    const room = theCanRoom([byd]);
    room.says(0x151, [0]);
    room.until(900);
    room.says(0x151, [1]);
    room.until(1500);
    expect(room.since(900)).toEqual([
      [900, 0x2d0],
      [905, 0x3d0],
      [910, 0x3d0],
    ]);
  });

  test('waits with everything for a bank that is not complete, and then begins with who it is', () => {
    const room = theCanRoom([byd], { freshness: 'never' });
    room.says(0x151, [1]);
    room.until(7000);
    room.says(0x151, [1]);
    expect(room.heard).toEqual([]);
    room.bank.freshness = 'fresh';
    room.until(9000);
    expect(room.idsSince()).toEqual([...BYD_IDENTITY, 0x110, 0x150, 0x190]);
    expect(room.heard[0]?.atMs).toBe(8000);
  });

  test('is not started by the same id in 29 bits, nor by a frame that means nothing to it', () => {
    const room = theCanRoom([byd]);
    room.says(0x151, [1], true);
    room.says(0x305, [0, 0, 0, 0, 0, 0, 0, 0]);
    room.until(10_000);
    expect(room.heard).toEqual([]);
    expect(room.output.received()).toEqual({ meant: 0, malformed: 0, unknown: 2 });
  });

  test('says slow frames that fell into a silence of ours as soon as it may speak', () => {
    const room = theCanRoom([byd]);
    room.says(0x151, [0]);
    room.until(9000);
    room.bank.answersUntilMs = 9000;
    room.until(21_000);
    room.bank.answersUntilMs = Number.POSITIVE_INFINITY;
    room.until(23_000);
    expect(room.timesOf(0x110).filter((ms) => ms > 13_000 && ms < 22_000)).toEqual([]);
    expect(room.idsSince(22_000)).toEqual([...BYD_IDENTITY, 0x110, 0x150, 0x190]);
  });

  test('makes up for the slow frame of a beat that a stall swallowed', () => {
    const room = theCanRoom([byd]);
    room.says(0x151, [0]);
    room.until(9000);
    room.stallUntil(11_500);
    room.until(15_000);
    expect(room.timesOf(0x150)).toEqual([20, 12_005]);
  });
});

describe('a family that is polled', () => {
  test('says nothing unasked, not even a hard zero', () => {
    const room = theCanRoom([pylontechHv]);
    room.until(5500);
    room.bank.signals = { ...wellBank, chargeCurrentLimitA: 0 };
    room.output.urgent();
    room.until(60_000);
    expect(room.heard).toEqual([]);
    expect(room.output.attended(room.clock())).toBe(true);
  });

  test('answers each poll at once with its own frames', () => {
    const room = theCanRoom([pylontechHv]);
    room.until(1234);
    room.says(0x4200, [0]);
    room.until(2000);
    room.says(0x4200, [2]);
    room.until(3000);
    expect(room.since()).toEqual([
      [1234, 0x4210],
      [1239, 0x4220],
      [1244, 0x4280],
      [2000, 0x7320],
    ]);
  });

  test('answers a poll at the very moment of a beat', () => {
    const room = theCanRoom([pylontechHv, plain]);
    room.until(3000);
    room.says(0x4200, [0]);
    room.until(3500);
    expect(room.idsSince(3000).toSorted()).toEqual([...ENSEMBLE, 0x351].toSorted());
  });

  test('two polls back to back are both answered, one after the other', () => {
    const room = theCanRoom([pylontechHv]);
    room.says(0x4200, [0]);
    room.says(0x4200, [2]);
    room.until(1000);
    expect(room.idsSince()).toEqual([...ENSEMBLE, 0x7320]);
    room.says(0x4200, [0]);
    room.until(1020);
    room.says(0x4200, [0]);
    room.until(1100);
    expect(room.since(1000).map(([ms]) => ms)).toEqual([1000, 1005, 1010, 1020, 1025, 1030]);
  });

  test('a flood of polls makes nothing grow: an answer that goes out is not queued again', () => {
    const room = theCanRoom([pylontechHv, byd]);
    room.says(0x151, [0]);
    room.until(100);
    for (let ms = 100; ms < 10_100; ms++) {
      room.until(ms);
      for (let i = 0; i < 10; i++) room.says(0x4200, [i % 2 ? 0 : 2]);
      room.says(0x151, [1]);
    }
    room.until(10_100);
    const answered = room.heard.length;
    room.until(10_150);
    expect(room.heard.length - answered).toBeLessThanOrEqual(6);
    const frames = room.heard.filter((h) => h.frame.extended && h.atMs >= 100 && h.atMs < 10_100).length;
    expect(frames).toBeGreaterThan(1900);
    expect(frames).toBeLessThanOrEqual(2001);
    // The beat of the neighbour that is flooded as well keeps its time within one answer.
    expect(room.timesOf(0x110).map((ms) => Math.floor(ms / 100))).toEqual([0, 20, 40, 60, 80, 100]);
  });

  test('is silent before the bank was complete, when its image is out of date, and when it is lost', () => {
    const room = theCanRoom([pylontechHv], { freshness: 'never' });
    const poll = (atMs: number): number[] => {
      room.until(atMs);
      room.says(0x4200, [0]);
      room.until(atMs + 100);
      return room.idsSince(atMs);
    };
    expect(poll(1000)).toEqual([]);
    room.bank.freshness = 'fresh';
    expect(poll(2000)).toEqual(ENSEMBLE);
    room.bank.answersUntilMs = 2500;
    expect(poll(5500)).toEqual(ENSEMBLE);
    expect(poll(5700)).toEqual([]);
    room.bank.answersUntilMs = Number.POSITIVE_INFINITY;
    room.bank.freshness = 'stale';
    expect(poll(6000)).toEqual(ENSEMBLE);
    room.bank.freshness = 'lost';
    expect(poll(7000)).toEqual([]);
    expect(room.log.flatMap(({ fields }) => fields.why ?? [])).toEqual(['out of date', 'lost']);
  });

  test('a hard zero that comes while the answer goes out is in the frames that still wait', () => {
    const room = theCanRoom([pylontechHv]);
    room.says(0x4200, [0]);
    room.until(2);
    room.bank.signals = { ...wellBank, chargeCurrentLimitA: 0 };
    room.output.urgent();
    room.until(100);
    expect(room.since()).toEqual([
      [0, 0x4210],
      [5, 0x4220],
      [10, 0x4280],
    ]);
    expect([...(room.newest(0x4220) ?? [])]).toEqual([0, 0]);
    expect([...(room.newest(0x4280) ?? [])]).toEqual([0xaa]);
  });

  test('an answer that lacks a required value is not given; the others are, and it is told once', () => {
    const room = theCanRoom([pylontechHv], { signals: { ...wellBank, cellsInSeries: Number.NaN } });
    for (let s = 1; s <= 20; s++) {
      room.until(1000 * s);
      room.says(0x4200, [s % 2 ? 0 : 2]);
    }
    room.until(30_000);
    expect(new Set(room.idsSince())).toEqual(new Set(ENSEMBLE));
    const lacking = room.log.filter(({ fields }) => 'missing' in fields);
    expect(lacking.map(({ fields }) => fields.missing)).toEqual(['cells_in_series']);
  });

  test('frames that the line does not take are not said later; the next poll is answered', () => {
    const room = theCanRoom([pylontechHv]);
    room.line.suffer({ kind: 'no-ack', why: 'nobody acknowledges', remedy: 'connect the inverter' });
    room.output.frame({ id: 0x4200, extended: true, data: Uint8Array.of(0) }, 0);
    room.until(5000);
    room.line.suffer(undefined);
    room.says(0x4200, [2]);
    room.until(6000);
    expect(room.since()).toEqual([[5000, 0x7320]]);
  });

  test('nothing is answered any more after it was stopped, not even the rest of an answer', () => {
    const room = theCanRoom([pylontechHv]);
    room.says(0x4200, [0]);
    room.until(3);
    room.output.stop();
    room.says(0x4200, [2]);
    room.until(1000);
    expect(room.idsSince()).toEqual([0x4210]);
  });
});

describe('an inverter that falls silent', () => {
  const poll = [1, 0, 1, 0, 0, 0, 0, 0];

  test('is told nothing until it is heard again, and then the talk begins anew', () => {
    const stopping = byd.replace('starts: heard', 'starts: heard\n  stops_after: 10s');
    const room = theCanRoom([stopping]);
    room.says(0x151, [0]);
    room.until(10_001);
    expect(room.timesOf(0x110)).toEqual([15, 2000, 4000, 6000, 8000, 10_000]);
    room.until(123_456);
    expect(room.idsSince(10_100)).toEqual([]);
    room.says(0x091, [0, 0, 0, 0]);
    room.until(125_000);
    expect(room.since(123_456)[0]).toEqual([123_456, 0x2d0]);
    expect(room.idsSince(123_456)).toEqual([...BYD_IDENTITY, 0x110, 0x150, 0x190]);
    expect(room.texts()).toContain('inverter silent: it is told nothing until it is heard again');
  });

  test('a family that begins at once stops and begins anew the same way', () => {
    const room = theCanRoom([plain.replace('every: 1s', 'every: 1s\n  stops_after: 5s')]);
    room.until(8500);
    expect(room.timesOf(0x351)).toHaveLength(9);
    room.says(0x305);
    room.until(20_000);
    expect(room.timesOf(0x351).at(-1)).toBe(13_000);
    room.says(0x305);
    expect(room.timesOf(0x351).at(-1)).toBe(20_000);
  });

  test('its silence counts from the last frame to this one, not from a beat to the next', () => {
    const room = theCanRoom([solax]);
    for (const ms of [0, 1000, 2000]) {
      room.until(ms);
      room.says(0x1871, ms === 0 ? [2, 0, 1, 0, 1, 0, 0, 0] : poll);
    }
    room.until(2100);
    expect([...(room.newest(0x1875) ?? [])]).toEqual([1]);
    room.until(4001);
    room.says(0x1871, poll);
    room.until(4100);
    expect([...(room.newest(0x1875) ?? [])]).toEqual([0]);
    expect(room.idsSince(4001)).toContain(0x100a001);
  });
});

describe('a talk in phases', () => {
  const poll = [1, 0, 1, 0, 0, 0, 0, 0];
  const close = [2, 0, 1, 0, 1, 0, 0, 0];
  const open = [2, 0, 1, 0, 0, 0, 0, 0];

  const atRoom = (room: ReturnType<typeof theCanRoom>) => (atMs: number, data: readonly number[]) => {
    room.until(atMs);
    room.says(0x1871, data);
    room.until(atMs + 100);
    return room.heard
      .filter((h) => h.atMs >= atMs)
      .map((h) => [h.frame.id.toString(16), ...h.frame.data].join(' '));
  };
  const announced = ['1875 0', '100a001'];
  const waiting = ['1875 0', '1801 2'];
  const closed = ['1875 1'];

  test('announces, waits, closes, opens, announces: each answer is still of the phase it was asked in', () => {
    const said = atRoom(theCanRoom([solax]));
    expect(said(1000, poll)).toEqual(announced);
    expect(said(2000, close)).toEqual(announced);
    expect(said(3000, poll)).toEqual(waiting);
    expect(said(4000, poll)).toEqual(closed);
    expect(said(5000, close)).toEqual(closed);
    expect(said(6000, open)).toEqual(closed);
    expect(said(7000, poll)).toEqual(announced);
  });

  test('time of day is heard and not answered; a serial request is answered in any phase', () => {
    const said = atRoom(theCanRoom([solax]));
    expect(said(1000, [3, 24, 1, 1, 0, 0, 0, 0])).toEqual([]);
    expect(said(2000, [5, 0, 0, 0, 0, 0, 0, 0])).toEqual(['1881 1']);
  });

  test('a request that cannot be answered moves nothing', () => {
    const room = theCanRoom([solax], { freshness: 'never' });
    const said = atRoom(room);
    expect(said(1000, close)).toEqual([]);
    room.bank.freshness = 'fresh';
    expect(said(2000, poll)).toEqual(announced);
  });

  test('after the bank was lost the contactors are said to be open until they are asked to close', () => {
    const room = theCanRoom([solax]);
    const said = atRoom(room);
    said(1000, close);
    said(2000, poll);
    expect(said(3000, poll)).toEqual(closed);
    room.bank.freshness = 'lost';
    expect(said(4000, poll)).toEqual([]);
    room.bank.freshness = 'fresh';
    expect(said(5000, poll)).toEqual(announced);
  });

  test('an answer that is renewed by a hard zero stays of its phase', () => {
    const room = theCanRoom([solax]);
    const said = atRoom(room);
    said(1000, close);
    room.until(2000);
    room.says(0x1871, poll);
    room.until(2002);
    room.output.urgent();
    room.until(2100);
    expect(room.idsSince(2000)).toEqual([0x1875, 0x1801]);
  });

  test('the log tells each step once', () => {
    const room = theCanRoom([solax]);
    const said = atRoom(room);
    said(1000, poll);
    said(2000, close);
    said(3000, poll);
    said(4000, poll);
    const steps = room.log.flatMap(({ text, fields }) => (text.startsWith('talk') ? [fields.phase] : []));
    expect(steps).toEqual(['announce', 'waiting', 'closed']);
  });
});

describe('what cannot wait in a family of several cadences', () => {
  test('a protection that stands in a slow frame is said at once, and the slow rhythm goes on', () => {
    const room = theCanRoom([byd]);
    room.says(0x151, [0]);
    room.until(30_500);
    room.bank.signals = { ...wellBank, chargeCurrentLimitA: 0, alarms: ['short_circuit'] };
    room.output.urgent();
    room.until(30_520);
    expect(room.since(30_500)).toEqual([
      [30_500, 0x110],
      [30_505, 0x190],
    ]);
    room.until(61_000);
    expect(room.timesOf(0x190)).toEqual([25, 30_505, 60_010]);
    expect(room.timesOf(0x2d0)).toEqual([0]);
  });

  test('nothing of it goes out before the talk was opened', () => {
    const room = theCanRoom([byd], { freshness: 'never' });
    room.says(0x151, [0]);
    room.until(1000);
    room.bank.freshness = 'fresh';
    room.output.urgent();
    room.until(1500);
    expect(room.heard).toEqual([]);
  });
});

describe('what the inverter tells', () => {
  test('its own current counts with the sign of the profile, stamped when it came', () => {
    const room = theCanRoom([byd]);
    expect(room.output.outsideCurrentA()).toBeUndefined();
    room.until(500);
    room.says(0x091, [0x0f, 0xa0, 0x00, 0x7b]);
    expect(room.output.outsideCurrentA()).toEqual({ value: -12.3, atMs: 500 });
  });

  test('a current that it marks as not available is no current', () => {
    const room = theCanRoom([byd]);
    room.says(0x091, [0x0f, 0xa0, 0x80, 0x00]);
    expect(room.output.outsideCurrentA()).toBeUndefined();
  });

  test('a frame cut short changes nothing, is counted, and is told once', () => {
    const room = theCanRoom([byd]);
    for (let s = 1; s <= 100; s++) {
      room.until(s * 1000);
      room.says(0x091, [0x0f, 0xa0, 0x00]);
      room.says(0x151, []);
    }
    expect(room.heard).toEqual([]);
    expect(room.output.outsideCurrentA()).toBeUndefined();
    expect(room.output.received()).toEqual({ meant: 0, malformed: 200, unknown: 0 });
    expect(room.log.flatMap(({ fields }) => fields.frame ?? [])).toEqual(['0x091', '0x151']);
  });

  test('the mode that it asks for is a signal of the frames', () => {
    const text = canProfile(`
  every: 1s
  frames: [{ id: 0x100, length: 1, codes: [{ at: 0, cases: [{ value: 7, equals: { from: inverter_mode, value: 3 } }] }] }]
  receives: [{ id: 0x200, signals: [{ at: 0, as: u8, means: inverter_mode }] }]
`);
    const room = theCanRoom([text]);
    room.until(500);
    room.says(0x200, [3]);
    room.until(1500);
    expect(room.heard.map(({ frame }) => [...frame.data])).toEqual([[0], [7]]);
  });
});

describe('several inverters on one bus', () => {
  test('each has its own talk; frames for the other are counted as not known, and nothing else', () => {
    const room = theCanRoom([byd, pylontechHv, solax]);
    room.until(1000);
    room.says(0x4200, [0]);
    room.until(2000);
    expect(room.idsSince()).toEqual(ENSEMBLE);
    room.says(0x151, [0]);
    room.until(3000);
    expect(room.idsSince(2000)).toEqual([...BYD_IDENTITY, 0x110, 0x150, 0x190]);
    expect(room.outputs.map(({ received }) => received())).toEqual([
      { meant: 1, malformed: 0, unknown: 1 },
      { meant: 1, malformed: 0, unknown: 1 },
      { meant: 0, malformed: 0, unknown: 2 },
    ]);
    expect(room.texts().filter((text) => text.includes('too short'))).toEqual([]);
  });

  test('an inverter that answers our frame in the same moment keeps us to the gap all the same', () => {
    const room = theCanRoom([pylontechHv]);
    room.reply(({ id }) => {
      if (id === 0x4210) room.says(0x4200, [2]);
    });
    room.says(0x4200, [0]);
    room.until(1000);
    expect(room.since()).toEqual([
      [0, 0x4210],
      [5, 0x4220],
      [10, 0x4280],
      [15, 0x7320],
    ]);
  });
});
