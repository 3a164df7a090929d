// One bank whose batteries all hang on wires: two JK on one RS485 line, and a Daly on another.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSerial, type SerialLine } from '../../src/modbus/serial.ts';
import { a5Battery, a5Switchable } from '../bms/daly-unit.ts';
import { pbUnit } from '../bms/jk-unit.ts';
import { named, noSocat, ptyPair } from '../modbus/wires.ts';
import { control } from './by-hand.ts';
import { watch } from './master.ts';
import { startGateway } from './process.ts';
import { freePort } from './site.ts';

const START_MS = 120_000;

type Unit = (request: Uint8Array) => Uint8Array | undefined;

/** Units at the far end of a line; each hears every question. */
async function unitsAt(path: string, baud: number, units: readonly Unit[]): Promise<SerialLine> {
  const line = await openSerial({ path, baud });
  line.listen({
    onBytes: (request) => {
      for (const unit of units) {
        const answer = unit(request);
        if (answer) line.send(answer, () => {});
      }
    },
    onGone: () => {},
  });
  return line;
}

const configOf = (jk: string, daly: string, port: number) => `
batteries:
  - { id: j1, bms: jk, serial: ${jk}, baud: 115200, unit: 1, cells: 16, capacity_Ah: 100 }
  - { id: j2, bms: jk, serial: ${jk}, baud: 115200, unit: 2, cells: 16, capacity_Ah: 100 }
  - { id: d, bms: daly, serial: ${daly}, cells: 16, capacity_Ah: 100 }
bank:
  strings: [[j1], [j2], [d]]
  on_partial_loss: block
  envelope: { charge_current_A: 50, discharge_current_A: 50, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}" }
bluetooth: { poll: 1s }
control: true
`;

describe.skipIf(noSocat !== undefined)(named('JK and Daly on wires', noSocat), { timeout: 300_000 }, () => {
  test('are one bank; a wire that is unplugged is said and read again when it is back; a FET is switched over it', async ({
    onTestFinished,
    onTestFailed,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'bmsgate-wires-'));
    for (const name of ['run', 'state']) mkdirSync(join(folder, name));
    const [jk, daly, port] = await Promise.all([ptyPair(), ptyPair(), freePort()]);
    const board = a5Switchable(
      { ...a5Battery, state: 1, current: 29985, tenthsV: 528, cells: Array(16).fill(3300) },
      0x40,
    );
    const packs = [pbUnit(1, () => ({ currentMA: -2000 })), pbUnit(2, () => ({ currentMA: -3000 }))];
    const plugIn = () =>
      Promise.all([unitsAt(jk.slave, 115_200, packs), unitsAt(daly.slave, 9600, [board.unit])]);
    let lines = await plugIn();
    const config = join(folder, 'gateway.yaml');
    writeFileSync(config, configOf(jk.master, daly.master, port));
    const gateway = startGateway({ config, folder });
    const ems = watch(port);
    onTestFailed(() => console.error(gateway.lines.map(({ text }) => text).join('\n')));
    onTestFinished(async () => {
      ems.stop();
      gateway.signal('SIGKILL');
      await gateway.exited;
      for (const line of lines) await line.close();
      for (const wire of [jk, daly]) await wire.remove();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    });

    const fresh = await ems.sees('all read', START_MS, (bank) => !bank.isLate && bank.packsOnline === 3);
    // −2 A, −3 A, and a Daly that charges with 1.5 A.
    expect(fresh.bank.currentA).toBeCloseTo(-3.5, 1);
    expect(fresh.bank.voltageV).toBeCloseTo(52.8, 0);

    for (const wire of [jk, daly]) await wire.unplug();
    for (const { master } of [jk, daly])
      await gateway.hears(new RegExp(`radio missing radio=${master} why=".+; .+"`), 60_000);
    await ems.sees('the bank grows old', 60_000, (bank) => bank.isLate);
    for (const line of lines) await line.close();
    for (const wire of [jk, daly]) await wire.plug();
    lines = await plugIn();
    await ems.sees('all read again', START_MS, (bank) => !bank.isLate && bank.packsOnline === 3);
    expect(gateway.said(/ear ended/)).toEqual([]);

    const command = control(folder, 'd', 'fet', 'd', 'charge', 'off');
    expect([await command.ended, command.output()]).toEqual([
      0,
      expect.stringContaining('d: charge FET is off, as read back'),
    ]);
    expect(board.fets).toEqual({ chargeFet: false, dischargeFet: true });
    const none = control(folder, 'j1', 'fet', 'j1', 'charge', 'on');
    expect([await none.ended, none.output()]).toEqual([
      1,
      expect.stringContaining('FETs of jk on a wire cannot be switched from here'),
    ]);
  });
});
