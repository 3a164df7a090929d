import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { hex } from '../bms/captures.ts';
import { asked, connected, disconnected, discovery, type Logged, snoopLog, told } from '../bms/snoop-log.ts';

const main = new URL('../../src/main.ts', import.meta.url).pathname;
const bench = mkdtempSync(join(tmpdir(), 'snoop-'));
let files = 0;
const file = (bytes: Uint8Array): string => {
  const path = join(bench, `${files++}.log`);
  writeFileSync(path, bytes);
  return path;
};
const fresh = (): string => join(bench, `${files++}.capture`);

function bmsgate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

const A = 'A4:C1:38:00:00:01';
const B = 'A4:C1:38:00:00:02';
const requests = [hex('dda50300fffd77'), hex('dda50400fffc77')];

/** A phone's visit: password, discovery, a round of questions. */
const visit = (handle: number, address: string, socPct: number, cells = 4): Logged[] => [
  connected(handle, address),
  ...discovery(handle),
  ...asked(handle, hex('ff aa 15 06 31 32 33 34 35 36 50')),
  ...told(handle, hex('ff aa 15 01 00 16')),
  ...requests.flatMap((request) => [
    ...asked(handle, request),
    ...told(
      handle,
      jbdAnswer(
        {
          voltageV: 3.3 * cells,
          currentA: -5,
          socPct,
          cellVoltagesV: Array(cells).fill(3.3),
          temperaturesC: [20],
        },
        request,
      ) ?? new Uint8Array(),
    ),
  ]),
];
const two = [...visit(0x40, A, 80), ...visit(0x41, B, 61), disconnected(0x40)];

const answers = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ unit, answer, reading }) => [unit, answer, reading.soc_pct]);

describe('bmsgate decode --snoop', { timeout: 300_000 }, () => {
  const log = file(snoopLog(two));

  test('prints the answers of every unit under its address', () => {
    const { status, out, err } = bmsgate('decode', '--snoop', log);
    expect([status, err]).toEqual([0, '']);
    expect(answers(out)).toEqual([
      [A, 'basic', 80],
      [A, 'cells', undefined],
      [B, 'basic', 61],
      [B, 'cells', undefined],
    ]);
  });

  test('of one address, in any spelling, or of one family', () => {
    expect(answers(bmsgate('decode', '--snoop', log, '--address', 'a4c138000002').out)).toHaveLength(2);
    expect(answers(bmsgate('decode', '--snoop', log, '--bms', 'jbd').out)).toHaveLength(4);
  });

  test('writes a capture that decodes to the same, with the password masked', () => {
    const out = fresh();
    const { status, err } = bmsgate('decode', '--snoop', log, '--capture', out);
    expect(status).toBe(0);
    expect(err.trimEnd().split('\n')).toEqual(
      [A, B].map((unit) => `unit ${unit} speaks jbd, service ff00, notify ff01, write ff02, MTU 185`),
    );
    const text = readFileSync(out, 'utf8');
    expect(text).toMatch(
      /^# bmsgate capture 1\n# bms: jbd\n# from a snoop log\n# unit A4:C1:38:00:00:01 speaks jbd/,
    );
    expect(text).toContain(
      '# the next line holds a password or pass code, masked with 2a\n0.000 A4:C1:38:00:00:01 > ff aa 15 06 2a 2a 2a 2a 2a 2a 17\n',
    );
    expect(text).not.toContain('31 32 33');
    expect(bmsgate('decode', '--capture', out).out).toBe(bmsgate('decode', '--snoop', log).out);
    expect(bmsgate('decode', '--snoop', log, '--capture', out)).toMatchObject({
      status: 1,
      err: `${out} is there already; choose another name\n`,
    });
  });

  test('uses what comes before a damage, and says what it leaves out', () => {
    const whole = snoopLog(two.map((one, i) => (i === two.length - 2 ? { ...one, kept: 6 } : one)));
    const { status, out, err } = bmsgate('decode', '--snoop', file(whole.subarray(0, -3)));
    expect(status).toBe(0);
    expect(answers(out)).toHaveLength(3);
    expect(err).toMatch(
      /: the file ends in the middle of a record \(record \d+, byte \d+\); the \d+ packets before it are used\n/,
    );
    expect(err).toMatch(
      /: records that hold only the start of their packet are skipped \(1: \d+\); set the phone's snoop log to "Enabled"/,
    );
  });

  test('keeps the raw bytes of a unit that no driver knows, on request', () => {
    const strange = file(
      snoopLog([
        connected(0x40, A),
        ...discovery(0x40),
        ...asked(0x40, hex('0102')),
        ...told(0x40, hex('0304')),
      ]),
    );
    const none = bmsgate('decode', '--snoop', strange);
    expect([none.status, none.out]).toEqual([1, '']);
    expect(none.err).toBe(
      `${strange} holds no BMS conversation; it saw ${A} (ff00 ff01 ff02 2902); record it while the app shows the values of the battery, or write the raw bytes of one with --address and --capture\n`,
    );
    const out = fresh();
    const { status, err } = bmsgate('decode', '--snoop', strange, '--address', A, '--capture', out);
    expect(status).toBe(1);
    expect(err).toContain(`nothing was decoded; ${out} holds the raw bytes, which you can send us\n`);
    expect(readFileSync(out, 'utf8')).toMatch(/> 01 02\n.* < 03 04\n$/);
  });

  test.each<[() => string[], number, string]>([
    [() => ['/nowhere'], 1, '/nowhere cannot be read'],
    [() => [main], 1, 'main.ts is no btsnoop file'],
    [() => [file(snoopLog(two, 1002, 3))], 1, 'is btsnoop of version 3; this program reads version 1'],
    [() => [file(snoopLog([]))], 1, 'holds no BMS conversation; it saw no link of Bluetooth LE; '],
    [() => [log, '--address', 'A4:C1:38:00:00:09'], 1, `holds no BMS conversation; it saw ${A} (`],
    [() => [log, '--bms', 'nope'], 1, 'there is no BMS driver `nope`'],
    [() => [log, 'dd03'], 2, 'give either notifications in hex or --capture FILE or --snoop FILE'],
  ])('says in one sentence what is wrong (%#)', (args, status, message) => {
    const result = bmsgate('decode', '--snoop', ...args());
    expect(result).toMatchObject({ status, out: '' });
    expect(result.err.trim().split('\n')).toEqual([expect.stringContaining(message)]);
  });
});
