import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startBeat } from '../../src/can/beat.ts';
import { openBus } from '../../src/can/bus.ts';
import type { CanFault, CanTrouble } from '../../src/can/port.ts';
import { crankedClock } from './clock.ts';
import { monologue } from './monologue.ts';
import { stuckBus } from './stuck-bus.ts';

const FRAMES = 6;
const down: CanTrouble = { kind: 'unavailable', why: 'the interface is down', remedy: 'set it up' };
const busOff: CanTrouble = { kind: 'bus-off', why: 'the controller is bus-off', remedy: 'check the wiring' };
const keepAlive = { id: 0x305, extended: false, data: new Uint8Array(8) };

type Happening = (wire: ReturnType<typeof stuckBus>, time: ReturnType<typeof crankedClock>) => void;

const faults: readonly CanFault[] = ['bus-off', 'restarted', 'error-passive', 'error-active', 'no-ack'];
const happenings: readonly Happening[] = [
  (wire) => wire.acknowledge(false),
  (wire) => wire.acknowledge(true),
  (wire) => wire.suffer(down),
  (wire) => wire.suffer(busOff),
  (wire) => wire.suffer(undefined),
  (wire) => wire.flush(),
  (wire) => wire.hear(keepAlive),
  (wire) => wire.recount(),
  (_, time) => time.jump(5000),
  ...faults.map(
    (fault): Happening =>
      (wire) =>
        wire.fault(fault),
  ),
];

const anyDay = fc.array(fc.tuple(fc.constantFrom(...happenings), fc.integer({ min: 0, max: 3000 })), {
  maxLength: 20,
});

/** What the driver says that it carried: right after boot, after a while, and one that never counts. */
const anyCount = fc.constantFrom(
  { carriedBefore: 0 },
  { carriedBefore: 100 },
  { carriedBefore: 0, counts: false },
);

test('whatever a bus suffered, twelve seconds after it is well again every beat goes out, and says what is true', () => {
  fc.assert(
    fc.property(anyDay, fc.constantFrom(3, 10, 1000), anyCount, (day, queue, count) => {
      const time = crankedClock();
      const wire = stuckBus({ queue, ...count });
      const bus = openBus({ line: wire, ...time, onFlow: () => beat.urgent(), onEvent() {} });
      const beat = startBeat({
        everyMs: 1000,
        ...time,
        send: bus.send,
        speaker: monologue((nowMs) =>
          Array.from({ length: FRAMES }, (_, i) => ({
            id: 0x351 + i,
            extended: false,
            data: Uint8Array.of(Math.floor(nowMs / 1000) % 256),
          })),
        ),
      });
      for (const [happen, afterMs] of day) {
        happen(wire, time);
        time.until(time.clock() + afterMs);
      }
      wire.suffer(undefined);
      wire.acknowledge(true);
      wire.hear(keepAlive);
      const second = Math.ceil(time.clock() / 1000) + 12;
      time.until(second * 1000 + 500);
      const from = wire.out.length;
      time.until((second + 3) * 1000 + 500);
      const seconds = [1, 2, 3].map((s) => (second + s) % 256);
      expect(wire.out.slice(from).map(({ data }) => data[0])).toEqual(
        seconds.flatMap((s) => Array(FRAMES).fill(s)),
      );
    }),
    { numRuns: 2000 },
  );
});
