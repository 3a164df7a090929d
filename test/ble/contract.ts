// The real ear with the real Bluetooth packages, from their HCI layer up, against GATT servers on the virtual air.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { BleStack, EarReport, ListenOrder } from '../../src/ble/orders.ts';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { Air } from '../rig/air.js';
import { PROPERTY } from '../rig/att-server.mts';
import { type ForkedEar, forkEar } from '../rig/ear.mts';
import { jbdPeripheral, type Peripheral, type PeripheralOptions } from '../rig/jbd-peripheral.mts';
import { longestGapMs, watchStalls } from '../stalls.ts';
import { isInstalled, named } from './installed.ts';
import { pack } from './room.ts';

const address = (n: number) => `02:00:00:00:00:0${n}`;
const register = (request: Uint8Array) => request[2] ?? 0;
const readingOf = (n: number): BatteryReading => ({ ...pack, socPct: 70 + n, name: `unit ${n}` });
const healthy = (n: number) => (request: Uint8Array) => jbdAnswer(readingOf(n), request);

/** A battery room on the virtual air; everything in it ends with the test. */
const open: { ear?: ForkedEar; air?: Air; dir?: string } = {};

afterEach(async () => {
  open.ear?.child.kill();
  await open.ear?.exited;
  open.air?.close();
  if (open.dir) rmSync(open.dir, { recursive: true });
  for (const key of ['ear', 'air', 'dir'] as const) delete open[key];
});

async function airWith(
  units: readonly Partial<PeripheralOptions>[],
): Promise<{ air: Air; units: Peripheral[]; dir: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'bmsgate-air-'));
  const air = new Air(units.length + 1);
  await air.listen(dir);
  Object.assign(open, { air, dir });
  const peripherals = units.map((unit, i) =>
    jbdPeripheral(
      (heard) => {
        const host = air.attach(i + 1, heard);
        return { write: (packet) => host.packet(packet) };
      },
      { name: `JBD-${i + 1}`, unit: healthy(i + 1), ...unit },
    ),
  );
  return { air, units: peripherals, dir };
}

const order = (stack: BleStack, count: number, adapter = 'hci0'): ListenOrder => ({
  type: 'listen',
  radios: [{ name: adapter, form: 'noble', adapter, stack }],
  pollMs: 1000,
  batteries: Array.from({ length: count }, (_, i) => ({
    id: String(i + 1),
    bms: 'jbd',
    address: address(i + 1),
  })),
});

function listenTo(dir: string, stack: BleStack, count: number): ForkedEar {
  const ear = forkEar(order(stack, count), dir);
  open.ear = ear;
  return ear;
}

const sampleOf =
  (n: number, afterMs = 0) =>
  (r: EarReport) =>
    r.type === 'sample' && r.battery === String(n) && r.atMs > afterMs;
const stampsOf = (ear: ForkedEar, n: number) =>
  ear.said.flatMap(({ report: r }) => (r.type === 'sample' && r.battery === String(n) ? [r.atMs] : []));
const stalls = watchStalls();
const all = (ear: ForkedEar, ns: readonly number[], limitMs: number, afterMs = 0) =>
  Promise.all(ns.map((n) => ear.until(sampleOf(n, afterMs), limitMs)));

/** What the ear promises on the air, whichever package speaks for it. */
export function contract(stack: BleStack): void {
  describe.skipIf(!isInstalled(stack))(named('the ear', stack), { timeout: 300_000 }, () => {
    test('reads four units at once, each as its BMS sees it', async () => {
      const { dir } = await airWith([{}, {}, {}, {}]);
      const ear = listenTo(dir, stack, 4);
      const samples = await all(ear, [1, 2, 3, 4], 60_000);
      expect(samples.map((s) => s.type === 'sample' && s.reading)).toMatchObject(
        [1, 2, 3, 4].map((n) => ({ ...readingOf(n), name: expect.any(String) })),
      );
    });

    test('stamps a sample when its request was written: never in our future, at most a second old', async () => {
      const { dir } = await airWith([{}]);
      const ear = listenTo(dir, stack, 1);
      const sample = await ear.until(sampleOf(1), 60_000);
      const nowMs = monotonicMs();
      const atMs = sample.type === 'sample' ? sample.atMs : 0;
      expect(nowMs - atMs).toBeGreaterThan(0);
      expect(nowMs - atMs - stalls.lostMs(atMs, nowMs)).toBeLessThan(1000);
    });

    test('a unit goes out of reach and comes back; the other keeps its beat', async () => {
      const { air, dir } = await airWith([{}, {}]);
      const ear = listenTo(dir, stack, 2);
      await all(ear, [1, 2], 60_000);
      air.hide(2);
      await ear.until((r) => r.type === 'link' && r.battery === '2' && r.state === 'lost', 60_000);
      const hiddenMs = monotonicMs();
      await ear.until(sampleOf(1, hiddenMs + 3000), 60_000);
      air.show(2);
      const backMs = monotonicMs();
      await ear.until(sampleOf(2, backMs), 60_000);
      expect(longestGapMs(stampsOf(ear, 1), stalls)).toBeLessThan(2000);
    });

    test('one link of four is dropped: back before 15 s, and the others keep their beat', async () => {
      const { air, dir } = await airWith([{}, {}, {}, {}]);
      const ear = listenTo(dir, stack, 4);
      await all(ear, [1, 2, 3, 4], 60_000);
      const droppedMs = monotonicMs();
      air.drop(3);
      await ear.until(sampleOf(3, droppedMs), 60_000);
      await all(ear, [1, 2, 4], 60_000, monotonicMs());
      expect(longestGapMs(stampsOf(ear, 3), stalls)).toBeLessThan(15_000);
      for (const n of [1, 2, 4]) expect(longestGapMs(stampsOf(ear, n).slice(1), stalls)).toBeLessThan(2000);
    });

    test('an ear that is killed is replaced: the new one reads the same units', async () => {
      const { dir } = await airWith([{}, {}]);
      const first = listenTo(dir, stack, 2);
      await all(first, [1, 2], 60_000);
      first.child.kill('SIGKILL');
      await first.exited;
      const killedMs = monotonicMs();
      await all(listenTo(dir, stack, 2), [1, 2], 60_000, killedMs);
      const backMs = monotonicMs();
      expect(backMs - killedMs - stalls.lostMs(killedMs, backMs)).toBeLessThan(15_000);
    });

    test('the ear ends when its parent is gone', async () => {
      const { dir } = await airWith([{}]);
      const ear = listenTo(dir, stack, 1);
      await ear.until(sampleOf(1), 60_000);
      ear.child.disconnect();
      expect(await ear.exited).toBe(0);
    });

    test('a unit that sleeps through its first request', async () => {
      let packets = 0;
      const { dir } = await airWith([
        { unit: (request) => (packets++ === 0 ? undefined : healthy(1)(request)) },
      ]);
      await listenTo(dir, stack, 1).until(sampleOf(1), 60_000);
      expect(packets).toBeGreaterThan(2);
    });

    test('a clone that refuses 0x05 gives samples without a name', async () => {
      const refusal = Uint8Array.of(0xdd, 0x05, 0x80, 0x00, 0xff, 0x80, 0x77);
      const { dir } = await airWith([
        { unit: (request) => (register(request) === 5 ? refusal : healthy(1)(request)) },
      ]);
      const sample = await listenTo(dir, stack, 1).until(sampleOf(1), 60_000);
      expect(sample).toMatchObject({ reading: { socPct: 71 } });
      expect(sample.type === 'sample' && 'name' in sample.reading).toBe(false);
    });

    test('nothing is published from bent notifications, and the next good answer is believed', async () => {
      let isBent = true;
      const bend = (bytes: Uint8Array) => (isBent ? bytes.map((b, i) => (i === 7 ? b ^ 0x10 : b)) : bytes);
      const { dir } = await airWith([{ bend }]);
      const ear = listenTo(dir, stack, 1);
      await ear.until((r) => r.type === 'rejected', 60_000);
      expect(stampsOf(ear, 1)).toEqual([]);
      isBent = false;
      const sample = await ear.until(sampleOf(1), 60_000);
      expect(sample).toMatchObject({ reading: { socPct: 71 } });
    });

    test('what queued up while the process stood still is dropped, and it says so', async () => {
      let isArmed = false;
      const unit = (request: Uint8Array) => {
        if (isArmed) open.ear?.child.kill('SIGSTOP');
        isArmed = false;
        return healthy(1)(request);
      };
      const { dir } = await airWith([{ unit }]);
      const ear = listenTo(dir, stack, 1);
      await ear.until(sampleOf(1), 60_000);
      isArmed = true;
      await vi.waitUntil(() => !isArmed, 60_000);
      const before = stampsOf(ear, 1).length;
      await new Promise((resolve) => setTimeout(resolve, 1500)); // what the ear sleeps through
      ear.child.kill('SIGCONT');
      const resumedMs = monotonicMs();
      await ear.until((r) => r.type === 'notice' && /^stood still for [1-9]/.test(r.text), 60_000);
      await ear.until(sampleOf(1, resumedMs), 60_000);
      expect(
        stampsOf(ear, 1)
          .slice(before)
          .every((atMs) => atMs >= resumedMs),
      ).toBe(true);
    });

    test('an old module that only takes writes with response', async () => {
      const gatt = { service: 0xff00, notify: 0xff01, write: 0xff02, writeProperties: PROPERTY.write };
      const { dir } = await airWith([{ gatt }]);
      await listenTo(dir, stack, 1).until(sampleOf(1), 60_000);
    });

    test('a module whose two characteristics share one UUID: written to one, heard from the other', async () => {
      const { dir } = await airWith([
        { gatt: { service: 0xff00, notify: 0xff01, write: 0xff01, isWriteFirst: true } },
      ]);
      const twins = order(stack, 1);
      const ear = forkEar(
        { ...twins, batteries: twins.batteries.map((battery) => ({ ...battery, write: 'ff01' })) },
        dir,
      );
      open.ear = ear;
      await ear.until(sampleOf(1), 60_000);
    });

    test('an adapter that is not there is one sentence, and the ear goes on answering', async () => {
      const { dir } = await airWith([{}]);
      const ear = forkEar(order(stack, 1, 'hci7'), dir);
      open.ear = ear;
      const missing = await ear.until((r) => r.type === 'adapter', 60_000);
      expect(missing).toMatchObject({ state: 'missing', why: expect.stringMatching(/^hci7: .+; .+/) });
      const pong = new Promise((resolve) => ear.child.on('message', resolve));
      ear.child.send({ type: 'ping' });
      expect(await pong).toMatchObject({ type: 'pong' });
    });
  });
}
