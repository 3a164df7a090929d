// One bank whose batteries are reached in different ways: a wire, and an ESP32 with an encrypted connection.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { openSerial } from '../../src/modbus/serial.ts';
import { KEY, proxy } from '../ble/esphome/room.ts';
import { addressOf, jbdUnit } from '../ble/esphome/unit.ts';
import { pack } from '../ble/room.ts';
import { named, noSocat, ptyPair } from '../modbus/wires.ts';
import { watch } from './master.ts';
import { startGateway } from './process.ts';
import { freePort } from './site.ts';
import { until } from './until.ts';

const START_MS = 120_000;

describe.skipIf(noSocat !== undefined)(
  named('a battery on a wire and one behind an ESP32', noSocat),
  { timeout: 300_000 },
  () => {
    test('are one bank; a wire that is unplugged is said, and read again when it is back', async ({
      onTestFinished,
      onTestFailed,
    }) => {
      const folder = mkdtempSync(join(tmpdir(), 'bmsgate-ways-'));
      for (const name of ['run', 'state']) mkdirSync(join(folder, name));
      const [wire, esp, port] = await Promise.all([
        ptyPair(),
        proxy({ key: KEY, units: [jbdUnit(1)] }),
        freePort(),
      ]);
      const answer = (request: Uint8Array) =>
        jbdAnswer({ ...pack, currentA: -3 }, request) ?? new Uint8Array();
      const unit = async () => {
        const line = await openSerial({ path: wire.slave, baud: 9600 });
        line.listen({ onBytes: (request) => line.send(answer(request), () => {}), onGone: () => {} });
        return line;
      };
      let line = await unit();
      const keyFile = join(folder, 'esp.key');
      writeFileSync(keyFile, `${KEY}\n`);
      chmodSync(keyFile, 0o600);
      const config = join(folder, 'gateway.yaml');
      writeFileSync(
        config,
        `
batteries:
  - { id: wired, bms: jbd, serial: ${wire.master}, cells: 4, capacity_Ah: 100 }
  - { id: remote, bms: jbd, address: "${addressOf(1)}", proxy: esp, cells: 4, capacity_Ah: 100 }
bank:
  strings: [[wired], [remote]]
  on_partial_loss: block
  envelope: { charge_current_A: 50, discharge_current_A: 50, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}" }
bluetooth: { poll: 1s, proxies: [{ id: esp, host: 127.0.0.1, port: ${esp.port}, key_file: ${keyFile} }] }
`,
      );
      const gateway = startGateway({ config, folder });
      const ems = watch(port);
      onTestFailed(() => console.error(gateway.lines.map(({ text }) => text).join('\n')));
      onTestFinished(async () => {
        ems.stop();
        gateway.signal('SIGKILL');
        await gateway.exited;
        await line.close();
        await wire.remove();
        rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
      });

      const fresh = await ems.sees('both read', START_MS, (bank) => !bank.isLate && bank.packsOnline === 2);
      expect(fresh.bank.currentA).toBeCloseTo(-3 + (pack.currentA ?? 0), 1);
      expect(gateway.said(/radio ready radio=(esp|.*master)/)).toHaveLength(2);

      await wire.unplug();
      await gateway.hears(/radio missing radio=.*master why=".+; .+"/, 60_000);
      await ems.sees('the bank grows old', 60_000, (bank) => bank.isLate);
      await line.close();
      await wire.plug();
      line = await unit();
      const back = await ems.sees(
        'both read again',
        120_000,
        (bank) => !bank.isLate && bank.packsOnline === 2,
      );
      expect(back.bank.dataAgeS).toBeLessThan(15);
      await until('no new ear was needed', 1000, () => gateway.said(/ear ended/).length === 0);
    });
  },
);
