// What every radio that stands behind the port promises to the sessions, whatever it is made of: the promises of contract.ts
// without the process around them.
import { describe, type TestContext, test } from 'vitest';
import type { BlePort } from '../../src/ble/port.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { answering, type SimUnit } from './esphome/unit.ts';
import { LIMIT_MS, type Listener, listenTo, sampleOf, stampsOf } from './sessions.ts';

export interface Air {
  readonly port: BlePort;
  readonly address: (n: number) => string;
  readonly hide: (n: number) => void;
  readonly show: (n: number) => void;
  readonly drop: (n: number) => void;
  readonly end: () => Promise<void>;
}

export type AirUnit = Partial<Pick<SimUnit, 'asked' | 'takes' | 'declares'>>;

const register = (request: Uint8Array) => request[2] ?? 0;

export function promises(name: string, airWith: (units: readonly AirUnit[]) => Promise<Air>): void {
  /** Ends with the test that opened it, so that tests can run side by side. */
  const listening = async ({ onTestFinished }: TestContext, units: readonly AirUnit[]) => {
    const air = await airWith(units);
    onTestFinished(air.end);
    const listener = await listenTo(air.port, { addresses: units.map((_, i) => air.address(i + 1)) });
    onTestFinished(listener.stop);
    return { air, listener };
  };
  const all = ({ until }: Listener, ns: readonly number[], afterMs = 0) =>
    Promise.all(ns.map((n) => until(sampleOf(n, afterMs))));

  describe.concurrent(name, { timeout: LIMIT_MS + 10_000 }, () => {
    test('three units at once, each as its BMS sees it', async (t) => {
      const { listener } = await listening(t, [{}, {}, {}]);
      const samples = await all(listener, [1, 2, 3]);
      t.expect(samples).toMatchObject(
        [1, 2, 3].map((n) => ({ reading: { voltageV: 13.24, socPct: 70 + n, name: `unit ${n}` } })),
      );
    });

    test('a sample is stamped when its request was written', async (t) => {
      const { listener } = await listening(t, [{}]);
      const sample = await listener.until(sampleOf(1));
      const ageMs = monotonicMs() - (sample.type === 'sample' ? sample.atMs : 0);
      t.expect(ageMs).toBeGreaterThan(0);
      t.expect(ageMs).toBeLessThan(10_000);
    });

    test('a unit goes out of reach and comes back; the other keeps its beat', async (t) => {
      const { air, listener } = await listening(t, [{}, {}]);
      await all(listener, [1, 2]);
      air.hide(2);
      await listener.until((r) => r.type === 'link' && r.battery === '2' && r.state === 'lost');
      await listener.until(sampleOf(1, monotonicMs() + 2000));
      air.show(2);
      await listener.until(sampleOf(2, monotonicMs()));
      t.expect(
        listener.said.filter((r) => r.type === 'link' && r.battery === '1' && r.state === 'lost'),
      ).toEqual([]);
    });

    test('a link is dropped: it comes back, and the others stay', async (t) => {
      const { air, listener } = await listening(t, [{}, {}, {}]);
      await all(listener, [1, 2, 3]);
      air.drop(2);
      const lost = await listener.until((r) => r.type === 'link' && r.state === 'lost');
      t.expect(lost).toMatchObject({ battery: '2', why: t.expect.stringContaining('out of reach') });
      await all(listener, [1, 2, 3], monotonicMs());
      t.expect(listener.said.filter((r) => r.type === 'link' && r.state === 'lost')).toHaveLength(1);
    });

    test('a unit that sleeps through its first request', async (t) => {
      let packets = 0;
      const { listener } = await listening(t, [
        { asked: (request) => (packets++ === 0 ? [] : answering(1)(request)) },
      ]);
      await listener.until(sampleOf(1));
      t.expect(packets).toBeGreaterThan(2);
    });

    test('a clone that refuses 0x05 gives samples without a name', async (t) => {
      const refusal = Uint8Array.of(0xdd, 0x05, 0x80, 0x00, 0xff, 0x80, 0x77);
      const { listener } = await listening(t, [
        { asked: (request) => (register(request) === 5 ? [refusal] : answering(1)(request)) },
      ]);
      const sample = await listener.until(sampleOf(1));
      t.expect(sample.type === 'sample' && 'name' in sample.reading).toBe(false);
    });

    test('nothing is published from bent notifications, and the next good answer is believed', async (t) => {
      let isBent = true;
      const bend = (bytes: Uint8Array) => bytes.map((b, i) => (isBent && i === 7 ? b ^ 0x10 : b));
      const { listener } = await listening(t, [{ asked: (request) => answering(1)(request).map(bend) }]);
      await listener.until((r) => r.type === 'rejected');
      t.expect(stampsOf(listener, 1)).toEqual([]);
      isBent = false;
      await listener.until(sampleOf(1));
    });

    test.for(['write', 'writeWithoutResponse'] as const)('a module that only takes %s', async (takes, t) => {
      const { listener } = await listening(t, [{ takes }]);
      await listener.until(sampleOf(1));
    });

    test('a module that takes other writes than it declares', async (t) => {
      const { listener } = await listening(t, [
        { takes: 'write', declares: 'writeWithoutResponse' },
        { takes: 'writeWithoutResponse', declares: 'write' },
      ]);
      await all(listener, [1, 2]);
    });
  });
}
