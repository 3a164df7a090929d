// What is not there at the start: one clear sentence each, everything else runs, and it is taken up when it comes.
import { copyFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connectMaster } from '../../src/modbus/master.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { named, noSocat, ptyPair } from '../modbus/wires.ts';
import { answered, watch } from './master.ts';
import { freePort, site } from './site.ts';
import { until } from './until.ts';

const shelf = join(import.meta.dirname, '../../profiles');

describe('what is missing at the start', { timeout: 300_000 }, () => {
  test.skipIf(noSocat)(
    named(
      'a serial port, a TCP port, a CAN interface and a profile: said once each, the other wires run, taken up later',
      noSocat,
    ),
    { concurrent: true },
    async (context) => {
      const pty = await ptyPair();
      await pty.unplug();
      context.onTestFinished(pty.remove);
      const [takenPort, laterPort] = [await freePort(), await freePort()];
      const squatter = createServer().listen(takenPort, '127.0.0.1');
      context.onTestFinished(() => void squatter.close());
      const profile = join(pty.slave, '..', 'own.yaml');
      const { ems, gateway, isFresh } = await site(context, {
        inverters: [
          `{ id: line, profile: generic-modbus, serial: ${pty.slave} }`,
          `{ id: taken, profile: generic-modbus, tcp: "127.0.0.1:${takenPort}" }`,
          '{ id: bus, profile: pylontech-lv, can: vcan99 }',
          `{ id: own, profile: ${profile}, tcp: "127.0.0.1:${laterPort}" }`,
        ],
      });
      await isFresh();
      const { hears, said, lines } = gateway();
      const sentences = [
        /Modbus unavailable line=\S+ why=".*no such serial port; plug the adapter in/,
        /Modbus unavailable line=\S+ why=".*the port is in use; stop the other program/,
        /CAN unavailable line=vcan99 why="there is no such interface" remedy="run `ip link add dev vcan99 type vcan && ip link set vcan99 up`"/,
        /inverter `own` is not served: .*own\.yaml: there is no such file; correct the path/,
      ];
      for (const sentence of sentences) await hears(sentence, 10_000);
      // Each wire has tried again after 1 s and 2 s more.
      const startedMs = lines[0]?.atMs ?? 0;
      await ems.sees('more attempts', 10_000, (_, atMs) => atMs > startedMs + 4500);
      for (const sentence of sentences) expect(said(sentence)).toHaveLength(1);

      await pty.plug();
      squatter.close();
      copyFileSync(join(shelf, 'generic-modbus.yaml'), profile);
      const comeMs = monotonicMs();
      await hears(new RegExp(`Modbus back line=${pty.slave}`), 15_000, comeMs);
      await hears(new RegExp(`Modbus back line=127.0.0.1:${takenPort}`), 15_000, comeMs);
      await hears(new RegExp(`Modbus open line=127.0.0.1:${laterPort}`), 20_000, comeMs);

      const serial = await connectMaster({
        bus: { path: pty.master, baud: 9600 },
        unit: 1,
        timeoutMs: 20_000,
      });
      context.onTestFinished(() => serial.close());
      expect(await serial.read('holding', 0x100, 2)).toEqual([70, 528]);
      for (const port of [takenPort, laterPort]) {
        const other = watch(port);
        context.onTestFinished(other.stop);
        expect((await other.sees('the bank', 10_000, () => true)).bank.socPct).toBe(70);
      }
      expect((await ems.sees('an answer', 5000, () => true)).bank.isLate).toBe(false);
    },
  );

  test.concurrent('the Bluetooth adapter: said once, no answer until it comes, then the bank is read', async (context) => {
    const { room, ems, gateway, isFresh } = await site(context, { adapter: false });
    const { hears, said } = gateway();
    const missing = /radio missing radio=hci0 why="hci0: .+; .+"/;
    const saidMs = (await hears(missing, 15_000)).atMs;
    await hears(/Modbus open/, 5000);
    // The second attempt, five seconds after the first, finds nothing either; the third does.
    await until('the second attempt', 10_000, () => monotonicMs() > saidMs + 6000);
    expect(answered(ems.sightings)).toEqual([]);
    await room.plugIn();
    await hears(/radio ready/, 20_000);
    expect(said(missing)).toHaveLength(1);
    await isFresh();
  });
});
