import { expect, test } from 'vitest';
import { openBus } from '../../src/can/bus.ts';
import { memoryBus } from '../../src/can/memory-bus.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { crankedClock } from './clock.ts';

const limits: CanFrame = { id: 0x351, extended: false, data: Uint8Array.from([1, 2]) };
const deaf = { onFrame() {}, onFault() {} };

test('a bus counts what it sent, what was refused, what it heard and what its controller said', () => {
  const time = crankedClock();
  const wire = memoryBus('can0');
  const bus = openBus({ line: wire, ...time, onEvent() {} });
  const inverter = wire.open(deaf);
  for (let i = 0; i < 3; i++) bus.send(limits);
  inverter.send(limits);
  for (const fault of ['error-passive', 'no-ack', 'bus-off', 'restarted', 'error-active'] as const)
    wire.fault(fault);
  wire.fault('stopped');
  bus.send(limits);
  time.until(1000);
  bus.send(limits);
  expect(bus.counters).toEqual({
    sent: 4,
    refused: 1,
    held: 0,
    received: 1,
    ignored: 0,
    opened: 2,
    stopped: 1,
    busOff: 1,
    restarted: 1,
    errorPassive: 1,
    errorActive: 1,
    noAck: 1,
  });
});
