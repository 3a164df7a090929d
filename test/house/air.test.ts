// Four units over real GATT, two inverters at once: what the units were told to say is what both inverters read.
import { describe, expect, test } from 'vitest';
import { named, noMbpoll, ptyPair, run } from '../modbus/wires.ts';
import { bankOf, REGISTERS } from './master.ts';
import { site } from './site.ts';

/** What a person with `mbpoll` reads from 0x0100 on. */
async function mbpoll(...wire: readonly string[]) {
  const range = ['-t', '4:hex', '-r', String(0x100), '-c', String(REGISTERS)];
  const { stdout } = await run('mbpoll', ['-0', '-1', '-q', '-o', '10', '-a', '1', ...range, ...wire]);
  const words = [...stdout.matchAll(/^\[\d+\]:\s+0x([0-9A-F]+)/gim)].map(([, hex = '']) =>
    Number.parseInt(hex, 16),
  );
  expect(words).toHaveLength(REGISTERS);
  return bankOf(words);
}

const asTold = {
  socPct: 70, // two strings of equal size at 80 % and 60 %
  voltageV: 52.8, // 52.78 V in each string, in tenths
  currentA: -22.5,
  isLate: false,
  isStale: false,
  cvlV: 55.2, // sixteen cells at the charge target of LFP, 3.45 V
  cclA: 95, // two strings of 50 A, 5 % kept back for unequal shares
  dclA: 150, // the envelope
  minCellV: 3.28,
  minCellAt: [2, 3],
  maxCellV: 3.34,
  maxCellAt: [3, 7],
  packsOnline: 4,
  packsStale: 0,
};

describe('a bank of four units on the air', { timeout: 300_000 }, () => {
  test.skipIf(noMbpoll)(
    named('is read alike over RS485 and over TCP, at the same time, as the units were told to say', noMbpoll),
    async (context) => {
      const pty = await ptyPair();
      context.onTestFinished(pty.remove);
      const { port, isFresh } = await site(context, {
        inverters: [`{ id: line, profile: generic-modbus, serial: ${pty.slave}, baud: 9600, unit: 1 }`],
      });
      await isFresh();
      const [rtu, tcp] = await Promise.all([
        mbpoll('-m', 'rtu', '-b', '9600', '-P', 'none', pty.master),
        mbpoll('-m', 'tcp', '-p', String(port), '127.0.0.1'),
      ]);
      expect(rtu).toMatchObject(asTold);
      expect(tcp).toMatchObject(asTold);
      for (const { dataAgeS } of [rtu, tcp]) expect(dataAgeS).toBeLessThanOrEqual(3);
    },
  );
});
