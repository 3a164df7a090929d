import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { readStrictly } from './dbc/reader.ts';

vi.setConfig({ testTimeout: 300_000 });

const root = join(import.meta.dirname, '..', '..');
const bench = mkdtempSync(join(tmpdir(), 'bmsgate-dbc-'));
afterAll(() => rmSync(bench, { recursive: true }));

/** The program as an installer runs it. */
function bmsgate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/node'),
    [join(root, 'src/main.ts'), ...args],
    { encoding: 'utf8', cwd: bench },
  );
  return { status, stdout, stderr };
}

function file(name: string, bytes: string | Uint8Array): string {
  const path = join(bench, name);
  writeFileSync(path, bytes);
  return path;
}

describe('bmsgate profile dbc', () => {
  test('prints the frames of a profile under its settings', () => {
    const said = bmsgate('profile', 'dbc', 'pylontech-lv', '--option', 'stale_sign=protection');
    expect(said).toMatchObject({ status: 0, stderr: '' });
    const frame = readStrictly(said.stdout).find((m) => m.id === 0x359);
    expect(frame?.signals.map((s) => s.name)).toContain('alarm_system_error_also_old_data');
    expect(frame?.cycleMs).toBe(1000);
    expect(said.stdout).toContain('settings: manufacturer=PYLON');
  });

  test('says what to do with a profile that is none of CAN, or is not there', () => {
    expect(bmsgate('profile', 'dbc', 'generic-modbus')).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'profile `generic-modbus` does not speak CAN, and a DBC describes nothing else; `bmsgate profile show generic-modbus` prints its table\n',
    });
    expect(bmsgate('profile', 'dbc', 'pilontech-lv').stderr).toBe(
      'there is no profile `pilontech-lv`; did you mean `pylontech-lv`?\n',
    );
  });
});

describe('bmsgate profile import', () => {
  const dbc = file(
    'Some Inverter v2.dbc',
    'VERSION ""\nBO_ 849 Limits: 8 BMS\n SG_ CVL : 0|16@1+ (0.1,0) [0|0] "V" INV\n SG_ Foo : 16|16@1+ (1,0) [0|0] "" INV\n',
  );

  test('prints the start of a profile, and what is left to do', () => {
    const said = bmsgate('profile', 'import', dbc);
    expect(said.status).toBe(0);
    expect(said.stdout).toContain('id: some-inverter-v2\n');
    expect(said.stdout).toContain(
      '{ at: 0, as: u16le, scale: 0.1, from: charge_voltage_limit_V, required: true',
    );
    expect(said.stderr).toBe(
      '2 signals read, 1 of them stand as comments to fill in; save this as some-inverter-v2.yaml, fill them in or delete them, add `examples:`, then run `bmsgate check some-inverter-v2.yaml` until it finds nothing\n',
    );
  });

  test('does not pass for a proven profile', () => {
    const started = file('mine.yaml', bmsgate('profile', 'import', dbc, '--id', 'mine').stdout);
    const checked = bmsgate('check', started);
    expect(checked.status).toBe(1);
    expect(checked.stderr).toContain('mine.yaml:4:1: `examples` is missing; add it');
  });

  test.each([
    ['none.dbc', 'none.dbc: there is no such file; correct the path\n'],
    ['.', '.: this is a folder; name the file in it\n'],
    [
      file('picture.dbc', Uint8Array.from([0x89, 0x50, 0, 1, 2, 3])),
      'picture.dbc:1:1: this is not a DBC; give the .dbc file of the inverter or battery maker\n',
    ],
    [
      file('twice.dbc', 'BO_ 1 A: 1 B\n SG_ x : 0|4@1+ (1,0) [0|0] "" C\n SG_ y : 3|2@1+ (1,0) [0|0] "" C\n'),
      'twice.dbc:3:6: `y` lies on the same bits as `x`; correct one of them, or tell them apart by a multiplexer\n',
    ],
    [
      file('inverter.dbc', 'BO_ 1 A: 1 Inverter\n'),
      'inverter.dbc describes only what an inverter sends; give the DBC with the messages of the battery\n',
    ],
  ])('refuses %s in one sentence', (path, why) => {
    const said = bmsgate('profile', 'import', path);
    expect(said).toMatchObject({ status: 1, stdout: '' });
    expect(said.stderr.endsWith(why)).toBe(true);
    expect(said.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('refuses an id that no file may have', () => {
    expect(bmsgate('profile', 'import', dbc, '--id', '../x').stderr).toBe(
      '`--id ../x` is no id; write small letters, digits and dashes, e.g. --id some-inverter-v2\n',
    );
  });
});
