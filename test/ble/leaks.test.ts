// A year of reconnects in a few seconds: nothing of a link that is gone is held any more.
import { EventEmitter } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { nobleLink } from '../../src/ble/noble-link.ts';
import type { NobleCharacteristic, NoblePeripheral, NobleService } from '../../src/ble/noble-stack.ts';
import type { BleLink, BlePort } from '../../src/ble/port.ts';
import { crank } from './crank.ts';
import { batteryRoom, healthy } from './room.ts';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

/** What weak references still see is in use. */
async function stillHeld(things: readonly WeakRef<object>[]): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve));
  gc();
  return things.filter((thing) => thing.deref()).length;
}

/** Everything of a link and its turn that the port sees. */
function noting(held: WeakRef<object>[]) {
  return (port: BlePort): BlePort => ({
    ...port,
    connect: async (address, options) => {
      const link: BleLink = { ...(await port.connect(address, options)) };
      held.push(new WeakRef(link), new WeakRef(options.signal));
      return link;
    },
  });
}

describe('after a thousand reconnects', () => {
  test.each([
    ['of links that are lost', 1, 1],
    ['of links that are given back', 3, 1],
  ])(
    '%s nothing is held of them: no link, no signal, no alarm',
    async (_, units, slots) => {
      const held: WeakRef<object>[] = [];
      const room = batteryRoom(Array(units).fill(healthy), { pollMs: 1000, slots, through: noting(held) });
      for (let n = 1; n <= units; n++) room.listenTo(n);
      while (held.length < 2 * 1000) {
        await room.clock.by(700);
        room.drop(1);
      }
      expect(await stillHeld(held)).toBeLessThan(20);
      expect(room.clock.pending()).toBeLessThan(40);
    },
    60_000,
  );

  test('that fail nothing is held either', async () => {
    const held: WeakRef<object>[] = [];
    const failing = (port: BlePort): BlePort => ({
      ...port,
      connect: (_address, { signal }) => {
        held.push(new WeakRef(signal));
        return Promise.reject(new Error('no'));
      },
    });
    const room = batteryRoom([healthy], { through: failing });
    room.listenTo(1);
    await room.clock.to(20 * 3_600_000);
    expect(held.length).toBeGreaterThan(1000);
    expect(await stillHeld(held)).toBeLessThan(5);
    expect(room.clock.pending()).toBeLessThan(10);
  }, 300_000);
});

/** A peripheral as both packages have it, whose objects live on from link to link. */
class FakePeripheral extends EventEmitter implements NoblePeripheral {
  readonly id = '020000000001';
  readonly address = '02:00:00:00:00:01';
  readonly state = 'connected';
  readonly rssi = -50;
  /** Says when a link is gone. */
  isHonest = true;
  readonly notifying = Object.assign(new EventEmitter(), {
    uuid: 'ff01',
    properties: ['notify'] as const,
    subscribe: (done: (error?: unknown) => void) => done(),
    write: (_bytes: Buffer, _without: boolean, done: (error?: unknown) => void) => done(),
  }) satisfies NobleCharacteristic;
  connect(_options: object, done: (error?: unknown) => void): void {
    done();
  }
  cancelConnect(): void {}
  writeHandle(): void {}
  disconnect(done: (error?: unknown) => void): void {
    if (!this.isHonest) return;
    this.emit('disconnect', 22);
    done();
  }
  discoverAllServicesAndCharacteristics(
    done: (error: unknown, services?: readonly NobleService[]) => void,
  ): void {
    const service = Object.assign(new EventEmitter(), { uuid: 'ff00', characteristics: [this.notifying] });
    if (this.isHonest) this.emit('servicesDiscover', [service]);
    done(undefined, [service]);
  }
  heldBy = () => [
    this.listenerCount('disconnect'),
    this.listenerCount('servicesDiscover'),
    this.notifying.listenerCount('data'),
  ];
}

describe('the objects of the Bluetooth package', () => {
  test.each([
    ['closes', true],
    ['never says that it closed', false],
  ])('keep no listener of a thousand links, when the stack %s', async (_, isHonest) => {
    const clock = crank();
    const peripheral = new FakePeripheral();
    peripheral.isHonest = isHonest;
    for (let i = 0; i < 1000; i++) {
      const link = nobleLink(peripheral, new Map(), clock);
      const [notify] = await link.discover();
      if (!notify) throw new Error('nothing was discovered');
      await link.subscribe(notify, () => {});
      const closed = link.disconnect();
      await clock.by(3000);
      await closed;
    }
    expect(peripheral.heldBy()).toEqual([0, 0, 0]);
    expect(clock.pending()).toBe(0);
  });

  test('keep none of links that the battery closed', async () => {
    const peripheral = new FakePeripheral();
    for (let i = 0; i < 1000; i++) {
      const link = nobleLink(peripheral, new Map(), crank());
      const [notify] = await link.discover();
      if (notify) await link.subscribe(notify, () => {});
      peripheral.emit('disconnect', 19);
    }
    expect(peripheral.heldBy()).toEqual([0, 0, 0]);
  });
});
