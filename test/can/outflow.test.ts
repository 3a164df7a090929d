import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startBeat } from '../../src/can/beat.ts';
import { type BusEvent, openBus } from '../../src/can/bus.ts';
import type { CanTrouble } from '../../src/can/port.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { between } from '../between.ts';
import { crankedClock } from './clock.ts';
import { monologue } from './monologue.ts';
import { stuckBus } from './stuck-bus.ts';

const FRAMES = 6;
const keepAlive: CanFrame = { id: 0x305, extended: false, data: new Uint8Array(8) };
const down: CanTrouble = { kind: 'unavailable', why: 'the interface is down', remedy: 'set it up' };
const busOff: CanTrouble = { kind: 'bus-off', why: 'the controller is bus-off', remedy: 'check the wiring' };

/** Six frames once a second, of which the first byte tells the second in which they were said. */
function speaking(options: Parameters<typeof stuckBus>[0] = {}) {
  const time = crankedClock();
  const wire = stuckBus(options);
  const told: [number, BusEvent['kind']][] = [];
  const bus = openBus({
    line: wire,
    ...time,
    onFlow: () => beat.urgent(),
    onEvent: ({ kind }) => told.push([time.clock(), kind]),
  });
  const beat = startBeat({
    everyMs: 1000,
    ...time,
    send: bus.send,
    speaker: monologue((nowMs) =>
      Array.from({ length: FRAMES }, (_, i) => ({
        id: 0x351 + i,
        extended: false,
        data: Uint8Array.of(Math.floor(nowMs / 1000)),
      })),
    ),
  });
  /** What the bus carried from now on: how often, and of which second. */
  const since = (act: () => void) => {
    const from = wire.out.length;
    act();
    return wire.out.slice(from).map(({ data }) => data[0] ?? Number.NaN);
  };
  return { time, wire, bus, beat, told, since };
}

describe('an inverter that is off, so that nobody acknowledges', () => {
  test('finds one beat of old frames when it is on again, however long it was off and however long the queue', () => {
    const { time, wire, bus, since } = speaking({ queue: 1000 });
    time.until(10_500);
    wire.acknowledge(false);
    time.until(3_600_500);
    // Two beats an hour would be two; one more a probe each ten seconds, of one frame.
    expect(wire.waiting.length).toBeLessThanOrEqual(FRAMES + 3600 / 10);
    expect(bus.counters.held).toBeGreaterThan(3400 * FRAMES);
    const old = since(() => wire.acknowledge(true));
    expect(old.slice(0, FRAMES)).toEqual(Array(FRAMES).fill(11));
  });

  test('hears what is true within 100 ms after the old frames, and then once a second', () => {
    const { time, wire, since } = speaking();
    time.until(10_500);
    wire.acknowledge(false);
    time.until(19_500);
    expect(since(() => wire.acknowledge(true))).toEqual(Array(FRAMES).fill(11));
    expect(since(() => time.until(19_600))).toEqual(Array(FRAMES).fill(19));
    expect(since(() => time.until(22_500))).toEqual(
      [20, 21, 22].flatMap((second) => Array(FRAMES).fill(second)),
    );
  });

  test('is named at the second beat, once, and called back when all has gone well for a while', () => {
    const { time, wire, told } = speaking();
    time.until(10_500);
    wire.acknowledge(false);
    time.until(60_500);
    wire.acknowledge(true);
    time.until(90_500);
    expect(told.map(([, kind]) => kind)).toEqual(['open', 'no-ack', 'back']);
    expect(told[1]?.[0]).toBe(12_000);
  });

  test('that never was on since the machine started is believed once the controller complains', () => {
    const { time, wire } = speaking({ acknowledged: false, carriedBefore: 0 });
    time.until(1);
    wire.fault('error-passive');
    time.until(10_500);
    expect(wire.waiting).toHaveLength(FRAMES);
  });

  test('costs no new socket: closing one takes 100 ms', () => {
    const { time, wire } = speaking({ queue: 10 });
    wire.acknowledge(false);
    time.until(600_000);
    expect(wire.opened).toBe(1);
  });

  test('is no reason to doubt a driver that does not count what leaves', () => {
    const { time, wire, bus } = speaking({ carriedBefore: 0, counts: false });
    time.until(60_500);
    expect([wire.out.length, bus.counters.held]).toEqual([61 * FRAMES, 0]);
  });

  test('is no reason to doubt such a driver after a complaint either, once an inverter was heard', () => {
    const { time, wire, bus } = speaking({ carriedBefore: 0, counts: false });
    time.until(10_500);
    wire.hear(keepAlive);
    wire.fault('error-passive');
    time.until(60_500);
    expect([wire.out.length, bus.counters.held, bus.trouble()]).toEqual([61 * FRAMES, 0, undefined]);
  });
});

describe('a queue that was thrown away', () => {
  test.each([
    ['by an interface that went down', down],
    ['by a controller that was bus-off', busOff],
  ])('%s holds nothing back afterwards', (_, trouble) => {
    const { time, wire, since } = speaking();
    wire.acknowledge(false);
    time.until(5500);
    wire.suffer(trouble);
    time.until(8500);
    wire.suffer(undefined);
    wire.acknowledge(true);
    time.until(9990);
    expect(since(() => time.until(12_500))).toEqual(
      [10, 11, 12].flatMap((second) => Array(FRAMES).fill(second)),
    );
  });

  test('unseen is found out by one frame within ten seconds', () => {
    const { time, wire, since } = speaking();
    wire.acknowledge(false);
    time.until(5500);
    wire.flush();
    wire.acknowledge(true);
    expect(since(() => time.until(17_500)).length).toBeGreaterThan(0);
    expect(since(() => time.until(21_500))).toHaveLength(4 * FRAMES);
  });

  test('is what a restart of the kernel means, and not what bus-off means to a chip that restarts by itself', () => {
    const { time, wire, bus, told } = speaking({ queue: 1000 });
    time.until(10_500);
    wire.acknowledge(false);
    for (let atMs = 10_600; atMs < 19_000; atMs += 300) {
      time.until(atMs);
      wire.fault('bus-off');
    }
    expect(wire.waiting).toHaveLength(FRAMES);
    expect(bus.trouble()?.kind).toBe('bus-off');
    wire.acknowledge(true);
    time.until(20_500);
    expect(wire.out.slice(-FRAMES).map(({ data }) => data[0])).toEqual(Array(FRAMES).fill(20));
    expect(told.map(([, kind]) => kind)).toEqual(['open', 'bus-off']);
  });

  test('by a restart of the controller is no beat lost', () => {
    const { time, wire, bus } = speaking();
    time.until(500);
    wire.acknowledge(false);
    time.until(1500);
    wire.flush();
    for (const fault of ['bus-off', 'restarted'] as const) wire.fault(fault);
    wire.acknowledge(true);
    time.until(2500);
    expect(bus.counters.held).toBe(0);
  });
});

test('who hears but gets nothing out is named all the same', () => {
  const time = crankedClock();
  const wire = stuckBus({ queue: 0 });
  const kinds: string[] = [];
  const bus = openBus({ line: wire, ...time, onEvent: ({ kind }) => kinds.push(kind) });
  for (let atMs = 1000; atMs <= 30_000; atMs += 1000) {
    time.until(atMs);
    for (let i = 0; i < 3; i++) bus.send({ ...keepAlive, id: 0x351 });
    wire.hear(keepAlive);
  }
  expect(kinds).toEqual(['open', 'no-ack']);
});

test('no outage of any length, at any phase and with any queue, is followed by more than one old beat', () => {
  fc.assert(
    fc.property(
      between(0, 1999),
      between(1, 11_000),
      fc.constantFrom(3, 10, 16, 64, 1000),
      (phaseMs, offMs, queue) => {
        const { time, wire, since } = speaking({ queue });
        time.until(5000 + phaseMs);
        wire.acknowledge(false);
        time.until(5000 + phaseMs + offMs);
        const old = since(() => wire.acknowledge(true));
        expect(old.length).toBeLessThanOrEqual(FRAMES + 5);
        time.until(5000 + phaseMs + offMs + 1100);
        const now = Math.floor(time.clock() / 1000);
        expect(wire.out.slice(-1)[0]?.data[0]).toBeGreaterThanOrEqual(now - 1);
      },
    ),
    { numRuns: 300 },
  );
});
