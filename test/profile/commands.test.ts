import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { shelf } from './profiles.ts';

vi.setConfig({ testTimeout: 300_000 });

const root = join(import.meta.dirname, '..', '..');
const bench = mkdtempSync(join(tmpdir(), 'profiles-'));

/** The program as an installer runs it. */
function bmsgate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/node'),
    [join(root, 'src/main.ts'), ...args],
    { encoding: 'utf8', cwd: bench },
  );
  return { status, stdout, stderr };
}

function file(name: string, text: string): string {
  const path = join(bench, name);
  writeFileSync(path, text);
  return path;
}

const state = file(
  'state.json',
  JSON.stringify({
    soc_pct: 76,
    voltage_V: 52.8,
    current_A: -12.5,
    temperature_C: 23.5,
    charge_voltage_limit_V: 53.2,
    charge_current_limit_A: 19.2,
    discharge_current_limit_A: 19.2,
    discharge_voltage_limit_V: 45,
  }),
);

describe('bmsgate encode', () => {
  test('prints frames as candump does', () => {
    const said = bmsgate('encode', '--profile', 'pylontech-lv', '--state', state);
    expect(said).toMatchObject({ status: 0, stderr: '' });
    expect(said.stdout).toBe(
      '351#1402C000C000C201\n355#4C006400\n356#A01483FFEB00\n359#0000000001504E\n35C#C000\n35E#50594C4F4E202020\n',
    );
  });

  test('prints registers with their signal and value', () => {
    const said = bmsgate('encode', '--profile', 'generic-modbus', '--state', state).stdout.split('\n');
    expect(said[0]).toBe('0x0100 004C  soc_pct  76 %');
    expect(said).toContain('0x0102 FF83  current_A  -12.5 A');
    expect(said).toContain('0x0104 0087  bits  data_valid, charge_enable, discharge_enable, discharging');
    expect(said).toContain('0x0126 0000 CE40  voltage_V  52.8 V');
    expect(said).toContain('0x0105 FFFF  soh_pct  not available');
  });

  test('says the same as JSON, holes left out', () => {
    const can = JSON.parse(bmsgate('encode', '--profile', 'pylontech-lv', '--state', state, '--json').stdout);
    expect(can.frames[0]).toEqual({ id: '0x351', ext: false, hex: '1402C000C000C201' });
    expect(can.frames).toHaveLength(6);
    const { frames, registers } = JSON.parse(
      bmsgate('encode', '--profile', 'generic-modbus', '--state', state, '--json').stdout,
    );
    expect(frames).toEqual([]);
    expect(registers).toMatchObject({
      '0x0100': '004C',
      '0x0126': '0000',
      '0x0127': 'CE40',
      '0x0187': '0000',
    });
    expect(registers).not.toHaveProperty('0x011C');
    expect(Object.keys(registers)).toEqual(Object.keys(registers).toSorted());
  });

  test('takes the settings of the installer', () => {
    const said = bmsgate(
      'encode',
      '--profile',
      'pylontech-lv',
      '--state',
      state,
      '--option',
      'manufacturer=DYNESS',
    );
    expect(said.stdout).toContain('35E#44594E4553532020');
  });

  test('refuses what cannot be in one sentence, with exit 1', () => {
    const said = bmsgate('encode', '--state', state, '--profile', 'pilontech-lv');
    expect(said).toEqual({
      status: 1,
      stdout: '',
      stderr: 'there is no profile `pilontech-lv`; did you mean `pylontech-lv`?\n',
    });
  });

  test('refuses a state that is wrong or says too little', () => {
    const encode = (path: string) => bmsgate('encode', '--profile', 'pylontech-lv', '--state', path);
    expect(encode(file('soc.json', '{"soc": 1}')).stderr).toContain(
      'soc.json:1:2: unknown key `soc`; did you mean `soc_pct`?',
    );
    expect(encode(file('little.json', '{"soc_pct": 1}')).stderr).toContain('lacks `charge_voltage_limit_V`');
  });

  test('wants to be told the profile and the state', () => {
    expect(bmsgate('encode', '--profile', 'pylontech-lv').status).toBe(2);
  });
});

describe('bmsgate profiles', () => {
  test('lists them, and shows one', () => {
    expect(bmsgate('profiles').stdout).toMatch(/^generic-modbus +1\.0\.0 +Modbus/m);
    expect(bmsgate('profile', 'show', 'pylontech-lv').stdout).toContain('0x351  8 bytes');
  });
});

describe('bmsgate check', () => {
  test('finds the shipped profiles right', () => {
    const said = bmsgate('check', join(shelf, 'pylontech-lv.yaml'), join(shelf, 'generic-modbus.yaml'));
    expect(said).toMatchObject({ status: 0, stderr: '' });
    expect(said.stdout).toContain('profile pylontech-lv 1.1.0 is right, its 8 examples match');
  });

  test('tells every mistake of every file, and fails', () => {
    const bad = file('bad.yaml', 'id: bad\nversion: 1\nlost: hold\n');
    const said = bmsgate('check', bad, join(bench, 'none.yaml'));
    expect(said.status).toBe(1);
    expect(said.stderr).toContain(`${bad}:2:10: \`version\` is \`1\`; write a text`);
    expect(said.stderr).toContain(`${bad}:1:1: \`title\` is missing; add it: a text`);
    expect(said.stderr).toContain('none.yaml: there is no such file; correct the path');
  });
});
