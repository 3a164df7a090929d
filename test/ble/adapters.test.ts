// Two adapters in one ear, and long notifications, with the real Bluetooth packages on the virtual air.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { bleStacks, type EarReport, type ListenOrder } from '../../src/ble/orders.ts';
import { frameOf, STATUS_DONE } from '../../src/bms/jbd-frame.ts';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { Air } from '../rig/air.js';
import { type ForkedEar, forkEar } from '../rig/ear.mts';
import { jbdPeripheral, type Peripheral, type PeripheralOptions } from '../rig/jbd-peripheral.mts';
import { isInstalled, named } from './installed.ts';
import { addressOf, pack } from './room.ts';

const LIMIT_MS = 60_000;
/** The register of a JBD's name. */
const NAME = 0x05;

interface Site {
  readonly air: Air;
  readonly units: ReadonlyMap<string, Peripheral>;
  readonly listen: (order: ListenOrder) => ForkedEar;
}

/** Adapters hci0 to hci`adapters - 1`, and a unit on each controller after them, named by its number. */
async function site(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  adapters: number,
  units: readonly Partial<PeripheralOptions>[],
): Promise<Site> {
  const dir = mkdtempSync(join(tmpdir(), 'bmsgate-air-'));
  const air = new Air(adapters + units.length);
  await air.listen(dir);
  const ears: ForkedEar[] = [];
  onTestFinished(async () => {
    for (const { child } of ears) child.kill('SIGKILL');
    await Promise.all(ears.map(({ exited }) => exited));
    air.close();
    rmSync(dir, { recursive: true });
  });
  const placed = units.map((unit, i): [string, Peripheral] => {
    const n = adapters + i;
    const attach = (heard: (packet: Buffer) => void) => {
      const host = air.attach(n, heard);
      return { write: (packet: Buffer) => host.packet(packet) };
    };
    const reading: BatteryReading = { ...pack, socPct: 50 + n };
    const options = { name: `JBD-${n}`, unit: (request: Uint8Array) => jbdAnswer(reading, request), ...unit };
    return [String(n), jbdPeripheral(attach, options)];
  });
  const listen = (order: ListenOrder) => {
    const ear = forkEar(order, dir);
    ears.push(ear);
    return ear;
  };
  return { air, units: new Map(placed), listen };
}

const battery = (n: number, radio: string) => ({ id: String(n), bms: 'jbd', address: addressOf(n), radio });

const sampleOf =
  (id: string, afterMs = 0) =>
  (r: EarReport) =>
    r.type === 'sample' && r.battery === id && r.atMs > afterMs;

const socs = (reports: readonly EarReport[]) =>
  reports.map((r) => (r.type === 'sample' ? [r.battery, r.reading.socPct] : r.type));

for (const stack of bleStacks)
  describe.skipIf(!isInstalled(stack))(named('two adapters', stack), { timeout: 300_000 }, () => {
    const radios: ListenOrder['radios'] = [
      { name: 'hci0', form: 'noble', adapter: 'hci0', stack },
      { name: 'hci1', form: 'noble', adapter: 'hci1', stack },
    ];
    const order: ListenOrder = {
      type: 'listen',
      pollMs: 1000,
      radios,
      batteries: [battery(2, 'hci0'), battery(3, 'hci0'), battery(4, 'hci1'), battery(5, 'hci1')],
    };
    const ids = ['2', '3', '4', '5'];

    test('read two units each, at the same time', async (context) => {
      const { listen } = await site(context, 2, [{}, {}, {}, {}]);
      const ear = listen(order);
      const samples = await Promise.all(ids.map((id) => ear.until(sampleOf(id), LIMIT_MS)));
      expect(socs(samples)).toEqual([
        ['2', 52],
        ['3', 53],
        ['4', 54],
        ['5', 55],
      ]);
      const ready = ear.said.flatMap(({ report: r }) =>
        r.type === 'adapter' ? [`${r.radio} ${r.state}`] : [],
      );
      expect(ready.toSorted()).toEqual(['hci0 ready', 'hci1 ready']);
    });

    test('are two: one that loses its units does not touch the other', async (context) => {
      const { air, listen } = await site(context, 2, [{}, {}, {}, {}]);
      const ear = listen(order);
      await Promise.all(ids.map((id) => ear.until(sampleOf(id), LIMIT_MS)));
      air.drop(0);
      const droppedMs = monotonicMs();
      await Promise.all(ids.map((id) => ear.until(sampleOf(id, droppedMs), LIMIT_MS)));
      const lost = ear.said.flatMap(({ report: r }) =>
        r.type === 'link' && r.state === 'lost' ? [r.battery] : [],
      );
      expect(lost.toSorted()).toEqual(['2', '3']);
    });

    test('a new order moves the batteries of one to the other', async (context) => {
      const { listen } = await site(context, 2, [{}, {}]);
      const [first] = radios;
      const before: ListenOrder = {
        ...order,
        radios: [first],
        batteries: [battery(2, 'hci0'), battery(3, 'hci0')],
      };
      const ear = listen(before);
      await Promise.all(['2', '3'].map((id) => ear.until(sampleOf(id), LIMIT_MS)));
      const movedMs = monotonicMs();
      ear.child.send({ ...before, radios: [{ ...first, adapter: 'hci1' }] });
      await Promise.all(['2', '3'].map((id) => ear.until(sampleOf(id, movedMs + 1000), LIMIT_MS)));
    });

    test('four units on two links take turns: all are read, never more than two are held', async (context) => {
      const { units, listen } = await site(context, 1, [{}, {}, {}, {}]);
      const [first] = radios;
      const ear = listen({
        ...order,
        radios: [{ ...first, slots: 2 }],
        batteries: [1, 2, 3, 4].map((n) => battery(n, 'hci0')),
      });
      const all = ['1', '2', '3', '4'];
      const open: number[] = [];
      const note = () => open.push([...units.values()].filter((unit) => unit.isSubscribed()).length);
      ear.child.on('message', note);
      for (let round = 0; round < 3; round++) {
        const sinceMs = monotonicMs();
        await Promise.all(all.map((id) => ear.until(sampleOf(id, sinceMs), LIMIT_MS)));
      }
      expect(Math.max(...open)).toBe(2);
      const text = expect.stringMatching(
        /^4 batteries take turns on 2 links of hci0; .* at most \d+\.\d s old$/,
      );
      expect(ear.said.map(({ report }) => report)).toContainEqual({ type: 'notice', text });
    });

    test('a notification of 165 bytes arrives whole, for the longest packet was agreed on', async (context) => {
      const pieces: number[] = [];
      const name = 'x'.repeat(158);
      const bend = (piece: Uint8Array) => {
        pieces.push(piece.length);
        return piece;
      };
      const gatt = { service: 0xff00, notify: 0xff01, write: 0xff02, mtu: 247 };
      const unit = (request: Uint8Array) =>
        request[2] === NAME ? frameOf(NAME, STATUS_DONE, Buffer.from(name)) : jbdAnswer(pack, request);
      const { units, listen } = await site(context, 1, [{ gatt, unit, bend, pieceBytes: 244 }]);
      const [first] = radios;
      const ear = listen({ ...order, radios: [first], batteries: [battery(1, 'hci0')] });
      const sample = await ear.until(sampleOf('1'), LIMIT_MS);
      expect(sample).toMatchObject({ reading: { name } });
      expect([units.get('1')?.mtu(), Math.max(...pieces)]).toEqual([247, 165]);
    });
  });
