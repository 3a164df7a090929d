import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connectMaster, type Master } from '../../src/modbus/master.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { holdCan } from '../../src/wires/hold.ts';
import { freePort } from '../house/site.ts';
import { until } from '../house/until.ts';
import { named, noMbpoll, ptyPair, run } from '../modbus/wires.ts';
import { bmsgate, finished } from './program.ts';

const bench = mkdtempSync(join(tmpdir(), 'emulate-'));
const harmless = {
  soc_pct: 76,
  voltage_V: 52.8,
  current_A: -12.5,
  temperature_C: 23.5,
  charge_voltage_limit_V: 53.2,
  discharge_voltage_limit_V: 45,
  charge_current_limit_A: 5,
  discharge_current_limit_A: 4,
  heartbeat: 40,
};

function stateFile(name: string, state: object): string {
  const path = join(bench, name);
  writeFileSync(path, JSON.stringify(state));
  return path;
}
const state = stateFile('harmless.json', harmless);
const strong = stateFile('strong.json', { ...harmless, charge_current_limit_A: 20 });
const generic = ['emulate', '--profile', 'generic-modbus', '--state'] as const;
const pylontech = ['emulate', '--profile', 'pylontech-lv', '--state'] as const;

const HEARTBEAT = 0x0103;
const CCL = 0x010a;
/** Within it no two beats come. */
const SOON_MS = 300;

const masterAt = (port: number): Promise<Master> =>
  connectMaster({ bus: { host: '127.0.0.1', port }, unit: 1, timeoutMs: 20_000 });

describe('bmsgate emulate', { timeout: 300_000, concurrent: true }, () => {
  test('answers with the bytes of `encode`, its heartbeat counts, and at the end it ramps to zero and stops', async (context) => {
    const { stdout } = await run('node_modules/.bin/node', [
      'src/main.ts',
      'encode',
      '--profile',
      'generic-modbus',
      '--state',
      state,
      '--json',
    ]);
    const { registers } = JSON.parse(stdout);
    const port = await freePort();
    const program = bmsgate(context, ...generic, state, '--tcp', String(port), '--for', '5s');
    await program.prints(/Modbus open/);
    const master = await masterAt(port);
    const words = await master.read('holding', 0x0100, 0x40);
    const said = Object.entries<string>(registers).filter(
      ([at]) => Number(at) < 0x0140 && Number(at) !== HEARTBEAT,
    );
    expect(said.length).toBeGreaterThan(20);
    for (const [at, hex] of said)
      expect(`${at} ${words[Number(at) - 0x100]}`).toBe(`${at} ${Number.parseInt(hex, 16)}`);

    const looks: { readonly atMs: number; readonly beat: number; readonly limit: number }[] = [];
    await until('zero limits', 25_000, async () => {
      const [beat = Number.NaN] = await master.read('holding', HEARTBEAT, 1);
      const atMs = monotonicMs();
      const both = await master.read('holding', CCL, 2);
      looks.push({ atMs, beat, limit: both[0] ?? Number.NaN });
      return both.every((limit) => limit === 0);
    });
    // Whoever looks away for a second misses a beat.
    for (const [i, { atMs, beat }] of looks.slice(1).entries()) {
      const before = looks[i] ?? { atMs, beat };
      expect(beat - before.beat).toBeGreaterThanOrEqual(0);
      if (atMs - before.atMs < SOON_MS) expect(beat - before.beat).toBeLessThanOrEqual(1);
    }
    expect((looks.at(-1)?.beat ?? 0) - (words[3] ?? Number.NaN)).toBeGreaterThan(5);
    const limits = looks.map(({ limit }) => limit);
    expect(limits).toEqual(limits.toSorted((a, b) => b - a));
    expect(new Set(limits).size).toBeGreaterThan(4);
    await master.close();
    expect(await program.ended).toBe(0);
    expect(program.output().match(/these are not measurements/g)?.length).toBeGreaterThanOrEqual(2);
    expect(program.output()).toContain('the time is over: limits fall to zero');
  });

  test.skipIf(noMbpoll)(
    named('on a serial line is a slave to mbpoll at the settings of the profile', noMbpoll),
    async (context) => {
      const pty = await ptyPair();
      context.onTestFinished(pty.remove);
      const program = bmsgate(context, ...generic, state, '--serial', pty.slave, '--for', '1m');
      await program.prints(/emulating generic-modbus on \S+: these are not measurements/);
      await program.prints(/Modbus open/);
      const args = [
        '-m',
        'rtu',
        '-b',
        '9600',
        '-P',
        'none',
        '-0',
        '-1',
        '-q',
        '-o',
        '10',
        '-a',
        '1',
        '-t',
        '4',
        '-r',
        '256',
        '-c',
        '2',
      ];
      const { stdout } = await run('mbpoll', [...args, pty.master]);
      expect(stdout).toMatch(/\[256\]:\s+76\n\[257\]:\s+528/);
    },
  );

  test('refuses strong limits unless they are meant', async (context) => {
    const port = String(await freePort());
    expect(await finished(context, ...generic, strong, '--tcp', port)).toEqual({
      status: 1,
      output:
        'the state allows 20 A; these are not measurements: lower both current limits to 5 A, or add --live when a battery that can take it is connected\n',
    });
    const live = bmsgate(context, ...generic, strong, '--tcp', port, '--live');
    await live.prints(/Modbus open/);
    const master = await masterAt(Number(port));
    expect(await master.read('holding', CCL, 1)).toEqual([200]);
    await master.close();
    live.signal('SIGINT');
    expect(await live.ended).toBe(0);
  });

  test('refuses a port that is in use, and ends', async (context) => {
    const port = String(await freePort());
    const first = bmsgate(context, ...generic, state, '--tcp', port);
    await first.prints(/Modbus open/);
    const { status, output } = await finished(context, ...generic, state, '--tcp', port);
    expect(status).toBe(1);
    expect(output).toContain('the port is in use; stop the other program');
  });

  test('refuses a CAN interface on which a running gateway speaks', async (context) => {
    const name = `held${process.pid}`;
    context.onTestFinished(await holdCan(name));
    expect(await finished(context, ...pylontech, state, '--can', name)).toEqual({
      status: 1,
      output: `another bmsgate speaks on ${name}; stop it (\`systemctl stop bmsgate\`) or name another interface\n`,
    });
  });

  test('refuses a CAN interface that is not there, with the command that makes it', async (context) => {
    const { status, output } = await finished(context, ...pylontech, state, '--can', 'vcan87');
    expect(status).toBe(1);
    expect(output).toContain('ip link add dev vcan87 type vcan && ip link set vcan87 up');
    expect(output).not.toContain(' at ');
  });

  test.for<[string, readonly string[], string]>([
    [
      'no wire',
      [...generic, state],
      'profile `generic-modbus` speaks Modbus: add --serial PATH or --tcp PORT',
    ],
    [
      'the wrong wire',
      [...pylontech, state, '--tcp', '1502'],
      'profile `pylontech-lv` speaks CAN: add --can IFACE',
    ],
    [
      'two wires',
      [...generic, state, '--tcp', '1502', '--serial', '/dev/ttyUSB0'],
      'a battery is emulated on one wire: give one of --serial, --tcp, --can',
    ],
    [
      'a port that no machine has',
      [...generic, state, '--tcp', '70000'],
      '--tcp 70000: write a port of 1 to 65535, such as 1502',
    ],
    [
      'a word for a port',
      [...generic, state, '--tcp', 'any'],
      '--tcp any: write a port of 1 to 65535, such as 1502',
    ],
    [
      'more than an hour',
      [...generic, state, '--tcp', '1502', '--for', '61m'],
      '--for 61m: write a time span up to 60m, such as 90s or 10m',
    ],
    [
      'a time without a unit',
      [...generic, state, '--tcp', '1502', '--for', '10'],
      '--for 10: write a time span up to 60m, such as 90s or 10m',
    ],
    [
      'a state that the profile cannot say',
      [...generic, stateFile('half.json', { soc_pct: 50 }), '--tcp', '1502'],
      `${join(bench, 'half.json')} lacks voltage_V, current_A`,
    ],
    [
      'a state that is no JSON',
      [...generic, stateFile('none.json', []), '--tcp', '1502'],
      `${join(bench, 'none.json')}:1:1: `,
    ],
  ])('refuses %s in one sentence', async ([, args, told], context) => {
    const { status, output } = await finished(context, ...args);
    expect(status).toBe(1);
    expect(output).toContain(told);
    expect(output.trimEnd().split('\n')).toHaveLength(1);
  });
});
