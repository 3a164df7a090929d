// What the service manager sees: ready without a battery, alive, stopping; and nothing that outlives the gateway.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as rest } from 'node:timers/promises';
import { describe, expect, type TestContext, test } from 'vitest';
import { rtuFrame } from '../../src/modbus/rtu.ts';
import { openSerial } from '../../src/modbus/serial.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { named, noSocat, ptyPair } from '../modbus/wires.ts';
import { childrenOf, isAlive, type Line } from './process.ts';
import { site } from './site.ts';
import { until } from './until.ts';

/** A notify socket as systemd has one: prints each datagram, closes the descriptors of a barrier. */
const listener = `
import array, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('listening', flush=True)
while True:
    data, ancillary, _, _ = s.recvmsg(4096, socket.CMSG_SPACE(64))
    for level, kind, value in ancillary:
        if kind == socket.SCM_RIGHTS:
            for fd in array.array('i', value): os.close(fd)
    for line in data.decode().splitlines():
        if line != 'BARRIER=1': print(line, flush=True)
`;

/** Its path for NOTIFY_SOCKET, and the words that came. */
async function serviceManager({ onTestFinished }: TestContext): Promise<{ socket: string; words: Line[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-notify-'));
  const socket = join(folder, 'notify');
  const python = spawn('python3', ['-c', listener, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    python.kill();
    rmSync(folder, { recursive: true });
  });
  const words: Line[] = [];
  const lines = createInterface(python.stdout);
  await once(lines, 'line');
  lines.on('line', (text) => words.push({ atMs: monotonicMs(), text }));
  return { socket, words };
}

/** A master on a line that asks ten times a second, whether or not anybody answers; gives when bytes came. */
async function askOn(path: string, { onTestFinished }: TestContext): Promise<number[]> {
  const line = await openSerial({ path, baud: 9600 });
  const heardAtMs: number[] = [];
  line.listen({ onBytes: () => heardAtMs.push(monotonicMs()), onGone: () => {} });
  const asking = setInterval(() => line.send(rtuFrame(1, Uint8Array.of(3, 1, 0, 0, 2)), () => {}), 100);
  onTestFinished(() => {
    clearInterval(asking);
    line.close();
  });
  return heardAtMs;
}

describe('under a service manager', { timeout: 300_000 }, () => {
  test.skipIf(noSocat)(
    named('ready without a battery, fed, and told to stop: not a byte more, exit 0, no child left', noSocat),
    async (context) => {
      const pty = await ptyPair();
      context.onTestFinished(pty.remove);
      const { socket, words } = await serviceManager(context);
      const { room, gateway, isFresh } = await site(context, {
        inReach: false,
        inverters: [`{ id: line, profile: generic-modbus, serial: ${pty.slave} }`],
        logs: true,
        env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1000000' },
      });
      const told = (word: string) => words.filter(({ text }) => text === word);
      await until('READY=1', 15_000, () => told('READY=1')[0]);
      await until('WATCHDOG=1, several times', 15_000, () => told('WATCHDOG=1').length >= 3);
      room.showAll();
      await isFresh();
      const heardAtMs = await askOn(pty.master, context);
      await until('answers on the line', 10_000, () => heardAtMs.length > 3);

      const { pid, signal, exited, said } = gateway();
      const children = await until('two children', 15_000, () => {
        const all = childrenOf(pid);
        return all.length === 2 && all;
      });
      expect(children.map(({ command }) => /\w+\.ts/.exec(command)?.[0]).sort()).toEqual([
        'ear.ts',
        'office.ts',
      ]);
      signal('SIGTERM');
      const stopping = await until('STOPPING=1', 10_000, () => told('STOPPING=1')[0]);
      expect(await exited).toBe(0);
      await rest(500);
      expect(heardAtMs.filter((ms) => ms > stopping.atMs)).toEqual([]);
      expect(children.filter((child) => isAlive(child.pid))).toEqual([]);
      expect(said(/watchdog is not fed/)).toEqual([]);
      expect(told('READY=1')).toHaveLength(1);
    },
  );
});
