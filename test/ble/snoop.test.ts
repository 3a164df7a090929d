// What a real noble and real GATT servers said to each other on the virtual air, read back out of a snoop log of it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { BleStack, EarReport } from '../../src/ble/orders.ts';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { snoopLog } from '../bms/snoop-log.ts';
import { finished } from '../commands/program.ts';
import { Air } from '../rig/air.js';
import { type ForkedEar, forkEar } from '../rig/ear.mts';
import { jbdPeripheral } from '../rig/jbd-peripheral.mts';
import { tap } from '../rig/snoop-tap.mts';
import { pack } from './room.ts';

const addresses = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
const socOf = (n: number) => 70 + n;

const open: { ear?: ForkedEar; air?: Air; dir?: string } = {};
afterEach(async () => {
  open.ear?.child.kill();
  await open.ear?.exited;
  open.air?.close();
  if (open.dir) rmSync(open.dir, { recursive: true });
});

/** Two units are read by the ear until each gave two samples; the log of the ear's adapter. */
async function overheard(stack: BleStack): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'bmsgate-snoop-'));
  const air = new Air(3, { aclLen: 27 }); // small data packets: answers go over the air in pieces
  const log = tap(air, 0);
  await air.listen(dir);
  for (const n of [1, 2])
    jbdPeripheral(
      (heard) => {
        const host = air.attach(n, heard);
        return { write: (packet) => host.packet(packet) };
      },
      { name: `JBD-${n}`, unit: (request) => jbdAnswer({ ...pack, socPct: socOf(n) }, request) },
    );
  const batteries = addresses.map((address, i) => ({ id: String(i + 1), bms: 'jbd', address }));
  const ear = forkEar(
    {
      type: 'listen',
      radios: [{ name: 'hci0', form: 'noble', adapter: 'hci0', stack }],
      pollMs: 1000,
      batteries,
    },
    dir,
  );
  Object.assign(open, { ear, air, dir });
  const hasTwo = (id: string) => () =>
    ear.said.filter(({ report: r }: { report: EarReport }) => r.type === 'sample' && r.battery === id)
      .length > 1;
  for (const { id } of batteries) await ear.until(hasTwo(id), 20_000);
  const file = join(dir, 'btsnoop_hci.log');
  writeFileSync(file, snoopLog(log));
  return file;
}

describe('a snoop log of the air', { timeout: 300_000 }, () => {
  for (const stack of ['stoprocent', 'abandonware'] as const)
    test(`tells what both units said, and its capture tells the same (${stack})`, async (context) => {
      const file = await overheard(stack);
      const told = await finished(context, 'decode', '--snoop', file);
      expect(told.status).toBe(0);
      const lines = told.output
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      for (const [i, unit] of addresses.entries()) {
        const own = lines.filter((line) => line.unit === unit);
        expect(own.length).toBeGreaterThanOrEqual(4);
        expect(own).toContainEqual({
          unit,
          answer: 'basic',
          reading: expect.objectContaining({ voltage_V: 13.24, current_A: -5, soc_pct: socOf(i + 1) }),
        });
        expect(own).toContainEqual({
          unit,
          answer: 'cells',
          reading: { cell_voltages_V: pack.cellVoltagesV },
        });
      }

      const out = join(open.dir ?? '', 'both.capture');
      const written = await finished(context, 'decode', '--snoop', file, '--capture', out);
      expect(written.status).toBe(0);
      expect(written.output).toContain(
        'unit 02:00:00:00:00:02 speaks jbd, service ff00, notify ff01, write ff02',
      );
      expect((await finished(context, 'decode', '--capture', out)).output).toBe(told.output);
    });
});
