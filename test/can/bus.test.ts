import { describe, expect, test } from 'vitest';
import { type BusEvent, openBus } from '../../src/can/bus.ts';
import { memoryBus } from '../../src/can/memory-bus.ts';
import type { CanTrouble } from '../../src/can/port.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { crankedClock } from './clock.ts';

const limits: CanFrame = { id: 0x351, extended: false, data: Uint8Array.from([1, 2]) };
const keepAlive: CanFrame = { id: 0x305, extended: false, data: new Uint8Array(8) };
const missing: CanTrouble = { kind: 'unavailable', why: 'there is no such interface', remedy: 'plug it in' };
const down: CanTrouble = { kind: 'unavailable', why: 'the interface is down', remedy: 'set it up' };
const busOff: CanTrouble = { kind: 'bus-off', why: 'the controller is bus-off', remedy: 'check the wiring' };
const deaf = { onFrame() {}, onFault() {} };

function onBus(trouble?: CanTrouble) {
  const time = crankedClock();
  const wire = memoryBus('can0');
  wire.suffer(trouble);
  const told: [number, BusEvent['kind'], string][] = [];
  const heard: number[] = [];
  const bus = openBus({
    line: wire,
    ...time,
    onFrame: ({ id }) => heard.push(id),
    onEvent: (event) => told.push([time.clock(), event.kind, 'why' in event ? event.why : '']),
  });
  /** Sends once a second, as a beat would. */
  const beatUntil = (untilMs: number) => {
    for (let atMs = time.clock() + 1000; atMs <= untilMs; atMs += 1000) {
      time.until(atMs);
      for (let i = 0; i < 6; i++) bus.send(limits);
    }
  };
  return { time, wire, told, heard, bus, beatUntil, kinds: () => told.map(([atMs, kind]) => [atMs, kind]) };
}

describe('a bus in memory', () => {
  test('brings a frame to every port but the sender, each its own copy', () => {
    const wire = memoryBus();
    const heard: CanFrame[] = [];
    const ear = { ...deaf, onFrame: (frame: CanFrame) => heard.push(frame) };
    const [one] = [wire.open(ear), wire.open(ear), wire.open(ear)];
    expect(one?.send(limits)).toBe(true);
    expect(heard).toEqual([limits, limits]);
    expect(heard[0]?.data).not.toBe(heard[1]?.data);
  });

  test('takes nothing from a closed port and tells it nothing', () => {
    const wire = memoryBus();
    const heard: CanFrame[] = [];
    const port = wire.open({ ...deaf, onFrame: (frame) => heard.push(frame) });
    port.close();
    wire.open(deaf).send(limits);
    expect([port.send(limits), heard]).toEqual([false, []]);
  });
});

describe('a CAN bus', () => {
  test('is opened, said once, and carries frames both ways', () => {
    const { wire, bus, heard, kinds } = onBus();
    wire.open(deaf).send(keepAlive);
    expect([bus.send(limits), heard, kinds(), bus.trouble()]).toEqual([
      true,
      [0x305],
      [[0, 'open']],
      undefined,
    ]);
  });

  test('that is missing at start is said once, tried after 1, 2, 5, 10 s and taken up when it comes', () => {
    const { time, wire, bus, kinds } = onBus(missing);
    const tries: number[] = [];
    const open = wire.open;
    Object.assign(wire, {
      open: (ear: typeof deaf) => {
        tries.push(time.clock());
        return open(ear);
      },
    });
    time.until(30_000);
    expect([bus.send(limits), tries]).toEqual([false, [1000, 3000, 8000, 18_000, 28_000]]);
    wire.suffer(undefined);
    time.until(38_000);
    expect(kinds()).toEqual([
      [0, 'unavailable'],
      [38_000, 'open'],
    ]);
    expect(bus.send(limits)).toBe(true);
  });

  test('whose interface is deleted is taken up again', () => {
    const { time, wire, kinds, beatUntil } = onBus();
    beatUntil(2000);
    wire.suffer(missing);
    wire.fault('stopped');
    beatUntil(9500);
    wire.suffer(undefined);
    time.until(20_000);
    expect(kinds()).toEqual([
      [0, 'open'],
      [2000, 'unavailable'],
      [10_000, 'back'],
    ]);
  });

  test('that goes down and up again needs no new port: down at the next beat, back when it has settled', () => {
    const { wire, told, beatUntil } = onBus();
    beatUntil(2000);
    wire.suffer(down);
    beatUntil(100_000);
    wire.suffer(undefined);
    beatUntil(110_000);
    expect(told).toEqual([
      [0, 'open', ''],
      [3000, 'unavailable', 'the interface is down'],
      [103_000, 'back', ''],
    ]);
  });

  test('that takes no more frames without saying why has nobody who acknowledges', () => {
    const { wire, bus, told, beatUntil } = onBus();
    beatUntil(1000);
    Object.assign(wire, { trouble: () => undefined });
    wire.suffer(down);
    beatUntil(10_000);
    expect(told.slice(1)).toEqual([[2000, 'no-ack', 'nobody on the bus acknowledges']]);
    expect(bus.trouble()?.remedy).toMatch(/120 ohm/);
  });

  test('that is stuck for a minute gets a new socket, which alone is no news', () => {
    const { wire, told, beatUntil } = onBus();
    let opened = 0;
    const open = wire.open;
    Object.assign(wire, {
      trouble: () => undefined,
      open: (ear: typeof deaf) => {
        opened++;
        wire.suffer(undefined);
        const port = open(ear);
        wire.suffer(down);
        return port;
      },
    });
    wire.suffer(down);
    beatUntil(63_000);
    expect([opened, told.length]).toEqual([1, 2]);
    wire.suffer(undefined);
    beatUntil(90_000);
    expect(told.map(([, kind]) => kind)).toEqual(['open', 'no-ack', 'back']);
  });

  test('that goes bus-off ten times a second is one line, and one when it has been quiet for a while', () => {
    const { time, wire, bus, kinds } = onBus();
    for (let atMs = 100; atMs <= 60_000; atMs += 100) {
      time.until(atMs);
      if (atMs <= 20_000)
        for (const fault of ['error-passive', 'bus-off', 'restarted'] as const) wire.fault(fault);
      bus.send(limits);
    }
    expect(kinds()).toEqual([
      [0, 'open'],
      [100, 'error-passive'],
      [100, 'bus-off'],
      [35_000, 'back'],
    ]);
  });

  test('that swallows frames while it is bus-off is not called back before the line says so', () => {
    const { wire, kinds, beatUntil } = onBus();
    wire.fault('bus-off');
    Object.assign(wire, { trouble: () => busOff });
    beatUntil(40_000);
    Object.assign(wire, { trouble: () => undefined });
    beatUntil(60_000);
    expect(kinds().map(([, kind]) => kind)).toEqual(['open', 'bus-off', 'back']);
  });

  test('is not opened again once it was closed', () => {
    const { time, wire, bus, told } = onBus(missing);
    bus.close();
    wire.suffer(undefined);
    time.until(60_000);
    expect([told.length, bus.send(limits)]).toEqual([1, false]);
  });
});
