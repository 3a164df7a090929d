// From bytes to the register image: a capture is replayed and read as an inverter would; what is expected is in the capture's bytes.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { toHex } from '../../src/bytes/hex.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { freePort } from '../house/site.ts';
import { named, noMbpoll, run } from '../modbus/wires.ts';
import { bmsgate, finished } from './program.ts';

const bench = mkdtempSync(join(tmpdir(), 'replay-'));
const captured = resolve(import.meta.dirname, '../captures/jbd/4s-discharging.txt');
const file = (name: string, text: string): string => {
  const path = join(bench, name);
  writeFileSync(path, text);
  return path;
};

const historyOf = (port: number): string => join(bench, `history-${port}.db`);

const gateway = (port: number, id: string, cells: number) =>
  file(
    `gateway-${port}.yaml`,
    `batteries:
  - { id: ${id}, bms: jbd, address: "02:00:00:00:00:01", cells: ${cells}, charge_current_A: 40, discharge_current_A: 60 }
bank:
  strings: [[${id}]]
  envelope: { charge_current_A: 50, discharge_current_A: 50, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}" }
log: { level: notice }
history: { path: ${historyOf(port)} }
`,
  );

/** Two strings of one battery each, told by their addresses. */
const twoByAddress = (port: number) =>
  file(
    `two-${port}.yaml`,
    `batteries:
  - { id: left, bms: jbd, address: "a4:c1:38:00:00:01", cells: 16 }
  - { id: right, bms: jbd, address: "a4:c1:38:00:00:02", cells: 16 }
bank:
  strings: [[left], [right]]
  envelope: { charge_current_A: 50, discharge_current_A: 50, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}" }
log: { level: notice }
`,
  );

const BASIC = Uint8Array.of(0xdd, 0xa5, 3, 0, 0xff, 0xfd, 0x77);
const CELLS = Uint8Array.of(0xdd, 0xa5, 4, 0, 0xff, 0xfc, 0x77);
const pack: BatteryReading = {
  voltageV: 52.8,
  currentA: -10,
  socPct: 60,
  remainingCapacityAh: 60,
  nominalCapacityAh: 100,
  cellVoltagesV: Array(16).fill(3.3),
  temperaturesC: [20],
  chargeFet: true,
  dischargeFet: true,
};

/** One round of a unit `at` seconds; the unit is named where there are several. */
const round = (at: number, value: BatteryReading, unit = ''): string =>
  [BASIC, CELLS]
    .map((ask, i) => {
      const t = `${(at + i * 0.2).toFixed(3)} ${unit}`;
      return `${t} > ${toHex(ask)}\n${t} < ${toHex(jbdAnswer(value, ask) ?? new Uint8Array())}\n`;
    })
    .join('');

const capture = (...rounds: readonly string[]) => `# bmsgate capture 1\n# bms: jbd\n${rounds.join('')}`;

describe('bmsgate replay', { timeout: 300_000, concurrent: true }, () => {
  test.skipIf(noMbpoll)(
    named('serves a capture: mbpoll reads what the battery said', noMbpoll),
    async (context) => {
      const port = await freePort();
      const program = bmsgate(context, 'replay', captured, '--config', gateway(port, 'a', 4), '--loop');
      await program.prints(/bank fresh/);
      const args = [
        '-m',
        'tcp',
        '-p',
        String(port),
        '-0',
        '-1',
        '-q',
        '-o',
        '10',
        '-a',
        '1',
        '-t',
        '4:hex',
        '-c',
        '16',
      ];
      const { stdout } = await run('mbpoll', [...args, '-r', '256', '127.0.0.1']);
      const words = [...stdout.matchAll(/0x([0-9A-F]{4})/g)].map(([, hex = '']) => hex);
      // dd 03: 052c is 13.24 V, fe0c is -5.00 A, SoC byte 50; dd 04: 0cf0 to 0cf2.
      expect(words[0]).toBe('0050');
      expect(words[1]).toBe('0084');
      expect(words[2]).toBe('FFCE');
      program.signal('SIGINT');
      expect(await program.ended).toBe(0);
      // What was played back was not measured.
      expect(existsSync(historyOf(port))).toBe(false);
    },
  );

  test('explains the limits of a capture over time, with pack and cell rule, to the end of all data', async (context) => {
    const knee = { ...pack, cellVoltagesV: [3.4125, ...Array(15).fill(3.35)] };
    const path = file('knee.txt', capture(round(0, pack), round(2, pack), round(4, knee)));
    const { status, output } = await finished(context, 'replay', path, '--explain');
    expect(status).toBe(0);
    const lines = output.trimEnd().split('\n');
    const order = ['waiting|never', ' fresh', 'highest cell', ' stale', ' lost'].map((words) =>
      lines.findIndex((line) => new RegExp(words).test(line)),
    );
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(lines[order[2] ?? 0]).toMatch(/highest cell.*\ba\b/);
    expect(lines.some((line) => /\blost\b.*bank data stale/.test(line))).toBe(true);
  });

  const unitA = 'A4:C1:38:00:00:01';
  const unitB = 'A4:C1:38:00:00:02';
  const both = () =>
    file(
      'both.txt',
      capture(
        ...[0, 2, 4].flatMap((at) => [
          round(at, pack, unitA),
          round(at + 0.5, { ...pack, socPct: 40 }, unitB),
        ]),
      ),
    );

  test.skipIf(noMbpoll)(
    named('serves two units of one file, each as the battery of its address', noMbpoll),
    async (context) => {
      const port = await freePort();
      const program = bmsgate(context, 'replay', both(), '--config', twoByAddress(port), '--loop');
      await program.prints(/bank fresh/);
      const args = ['-m', 'tcp', '-p', String(port), '-0', '-1', '-q', '-a', '1', '-t', '4:hex', '-c', '3'];
      const { stdout } = await run('mbpoll', [...args, '-r', '256', '127.0.0.1']);
      const words = [...stdout.matchAll(/0x([0-9A-F]{4})/g)].map(([, hex = '']) => hex);
      // Equal sizes at 60 % and 40 %; 52.8 V; -10 A each.
      expect(words).toEqual(['0032', '0210', 'FF38']);
    },
  );

  test('makes a bank of two units that are named by their addresses', async (context) => {
    const { status, output } = await finished(context, 'replay', both(), '--explain');
    expect([status, output]).toEqual([0, expect.stringMatching(/ fresh/)]);
    expect(output).toMatch(/waiting|never/);
  });

  test('gives a recording of one unit to the battery of its address, not to the other', async (context) => {
    const text = `# bmsgate capture 1\n# bms: jbd\n# address: ${unitA}\n${round(0, pack)}${round(2, pack)}`;
    const args = [file('one.txt', text), '--config', twoByAddress(3), '--explain'];
    const { status, output } = await finished(context, 'replay', ...args);
    expect(status).toBe(0);
    expect(output).toContain('left is stale');
    expect(output).not.toMatch(/ fresh|right is stale/);
  });

  test.for<[string, () => readonly string[], string]>([
    ['a file that is no capture', () => [file('x.txt', 'hello\n')], '# bmsgate capture 1'],
    ['a line that is none', () => [file('bad.txt', '# bmsgate capture 1\nhello\n')], 'bad.txt:2:1: '],
    [
      'a capture without one whole sample',
      () => [file('half.txt', capture('> dda50300fffd77\n'))],
      'no unit of this capture gives one complete sample; nothing can be replayed',
    ],
    [
      'a BMS that is not known',
      () => [captured, '--bms', 'jdb'],
      'there is no BMS driver `jdb`; choose one of: jbd',
    ],
    [
      'a bank of which nobody is in the capture',
      () => [captured, '--config', gateway(1, 'z', 4)],
      'is in the capture; its units are a: name the batteries so, or give them these addresses',
    ],
    [
      'a bank of nobody, explained',
      () => [captured, '--config', gateway(2, 'z', 4), '--explain'],
      'is in the capture; its units are a: name the batteries so',
    ],
  ])('refuses %s in one sentence', async ([, args, told], context) => {
    const { status, output } = await finished(context, 'replay', ...args());
    expect(status).toBe(1);
    expect(output).toContain(told);
    expect(output.trimEnd().split('\n')).toHaveLength(1);
  });
});
