import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readGateway } from '../../src/config/gateway-file.ts';
import { shippedProfiles } from '../../src/config/profile-paths.ts';
import { loadConfiguration, planHere } from './planned.ts';

const gateway = (...inverters: string[]) => `batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16 }
bank:
  strings: [[a]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
${inverters.map((line) => `  - { ${line} }\n`).join('')}`;
const house = 'id: house, profile: pylontech-lv, can: can0';
const own = 'id: own, profile: ./own.yaml, can: can1';

let folder: string;
const file = () => join(folder, 'gateway.yaml');
const ownProfile = () => join(folder, 'own.yaml');
const write = (text: string) => writeFileSync(file(), text);
const shelve = () => cpSync(join(shippedProfiles, 'pylontech-lv.yaml'), ownProfile());
/** As an editor leaves it a minute later. */
function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  utimesSync(path, new Date(), new Date(statSync(path).mtimeMs + 60_000));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bmsgate-config-'));
  vi.stubEnv('STATE_DIRECTORY', join(folder, 'state'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('a gateway file that is wrong at the start', () => {
  test('gives way to the copy that ran last, and says what is wrong with it', () => {
    write(gateway(house));
    expect(loadConfiguration(file()).remarks).toEqual([]);
    edit(file(), (text) => text.replace('cells: 16', 'cells: sixteen'));
    const { config, plans, remarks } = loadConfiguration(file());
    expect(config.bank.strings[0]?.[0]?.cells).toBe(16);
    expect(plans.map(({ id }) => id)).toEqual(['house']);
    expect(remarks[0]).toContain(`${file()}:2:61: \`cells\` is `);
    expect(remarks[0]).toContain(
      `(the last good copy, ${join(folder, 'state/good/gateway.yaml')}, is in force)`,
    );
  });

  test('or that is gone gives way just so', () => {
    write(gateway(house));
    loadConfiguration(file());
    rmSync(file());
    expect(loadConfiguration(file()).remarks[0]).toContain('there is no such file; correct the path');
  });

  test('is refused when nothing ever ran, when its copy is wrong too, and for a run by hand', () => {
    write('x: 1');
    expect(() => loadConfiguration(file())).toThrow(`${file()}:1:1`);
    write(gateway(house));
    loadConfiguration(file());
    write('x: 1');
    writeFileSync(join(folder, 'state/good/gateway.yaml'), 'y: 1');
    expect(() => loadConfiguration(file())).toThrow('unknown key `x`');
    vi.stubEnv('STATE_DIRECTORY', undefined);
    expect(() => loadConfiguration(file())).toThrow('unknown key `x`');
  });

  test('and is mended is the file in force again, and the next copy', () => {
    write(gateway(house));
    loadConfiguration(file());
    edit(file(), () => 'x: 1');
    loadConfiguration(file());
    edit(file(), () => gateway(house).replace('cells: 16', 'cells: 15'));
    expect(loadConfiguration(file()).remarks).toEqual([]);
    expect(readFileSync(join(folder, 'state/good/gateway.yaml'), 'utf8')).toContain('cells: 15');
  });

  test('leaves a copy that only this user reads; a folder that cannot be written keeps nobody from running', () => {
    write(gateway(house));
    loadConfiguration(file());
    expect(statSync(join(folder, 'state/good/gateway.yaml')).mode & 0o777).toBe(0o600);
    rmSync(join(folder, 'state'), { recursive: true });
    writeFileSync(join(folder, 'state'), '');
    expect(loadConfiguration(file()).plans).toHaveLength(1);
    chmodSync(folder, 0o755);
  });
});

describe('a profile of the installer', () => {
  test('is looked for beside the gateway file, wherever the process stands', () => {
    write(gateway(own));
    shelve();
    expect(loadConfiguration(file()).plans[0]?.compiled.profile.id).toBe('pylontech-lv');
  });

  test('that is wrong at the start gives way to the copy that ran last, and says where', () => {
    write(gateway(house, own));
    shelve();
    loadConfiguration(file());
    expect(existsSync(join(folder, 'state/good/profiles/own.yaml'))).toBe(true);
    edit(ownProfile(), (text) => text.replace('at: 0,', 'at: 1,'));
    const { plans, remarks } = loadConfiguration(file());
    expect(plans.map(({ id }) => id)).toEqual(['house', 'own']);
    expect(remarks).toEqual([
      expect.stringMatching(
        /^inverter `own`: .*own\.yaml:\d+:\d+: [\s\S]*\(the last good copy of this profile is in force\)$/,
      ),
    ]);
  });

  test('that is not there yet is a remark with its place; the other inverters are served', () => {
    write(gateway(house, own));
    const { plans, remarks } = loadConfiguration(file());
    expect(plans.map(({ id }) => id)).toEqual(['house']);
    expect(remarks).toEqual([
      `inverter \`own\` is not served: ${file()}:8:25: ${ownProfile()}: there is no such file; correct the path`,
    ]);
  });

  test('is taken up when it comes, once', async () => {
    write(gateway(house, own));
    const { missing } = loadConfiguration(file());
    expect(await missing()).toEqual({ plans: [], remarks: [] });
    shelve();
    expect((await missing()).plans.map(({ id }) => id)).toEqual(['own']);
    expect(await missing()).toEqual({ plans: [], remarks: [] });
  });

  test('that comes with a mistake is told once, and taken up when it is mended', async () => {
    write(gateway(house, own));
    const { missing } = loadConfiguration(file());
    shelve();
    edit(ownProfile(), (text) => text.replace('id: pylontech-lv', 'idd: pylontech-lv'));
    expect((await missing()).remarks).toEqual([expect.stringContaining('unknown key `idd`')]);
    expect(await missing()).toEqual({ plans: [], remarks: [] });
    edit(ownProfile(), (text) => text.replace('idd:', 'id:'));
    expect((await missing()).plans).toHaveLength(1);
  });

  test('that comes later and cannot share the wire is not served, and told why', async () => {
    write(gateway(house, own.replace('can1', 'can0')));
    const { plans, missing } = loadConfiguration(file());
    expect(plans).toHaveLength(1);
    shelve();
    const found = await missing();
    expect(found.plans).toEqual([]);
    expect(found.remarks).toEqual([
      `inverter \`own\` is not served: ${file()}:8:5: \`own\` and \`house\` share can0, and both send frame 0x351; give one of them another CAN interface`,
    ]);
  });

  test('that shares its wire with another from the start is a mistake in the file', () => {
    write(gateway(house, own.replace('can1', 'can0')));
    shelve();
    expect(() => planHere(readGateway(file()))).toThrow(`${file()}:8:5: \`own\` and \`house\` share can0`);
  });
});

describe('a profile of the installer that stands on a base', () => {
  const overlay = `id: own
version: '1.0.0'
title: One
base: family
inverters: [{ brand: B, models: all }]
evidence: field
examples: [{ given: { }, then: { 0x35E: '50 59 4C 4F 4E 20 20 20' } }]
`;
  const base = () => join(folder, 'family.yaml');
  const putBoth = () => {
    cpSync(join(shippedProfiles, 'pylontech-lv.yaml'), base());
    writeFileSync(ownProfile(), overlay);
  };

  test('runs from its good copy on the base that it had, when its base is spoilt or gone', () => {
    write(gateway(own));
    putBoth();
    expect(loadConfiguration(file()).remarks).toEqual([]);
    edit(base(), (text) => text.replace('bitrate: 500000', 'bitrate: fast'));
    const spoilt = loadConfiguration(file());
    expect(spoilt.plans[0]?.compiled.can?.bitrate).toBe(500_000);
    expect(spoilt.remarks).toEqual([
      expect.stringMatching(
        /own\.yaml:4:7: `bitrate` is the text `fast`; .*it stems from base `family` \(.*family\.yaml:\d+:\d+\) \(the last good copy/,
      ),
    ]);
    rmSync(base());
    const gone = loadConfiguration(file());
    expect(gone.plans).toHaveLength(1);
    expect(gone.remarks[0]).toContain('there is no profile `family`');
  });

  test('is taken up when its base comes, and when a mistake in the base is mended', async () => {
    write(gateway(house, own));
    writeFileSync(ownProfile(), overlay);
    const { missing } = loadConfiguration(file());
    expect(await missing()).toEqual({ plans: [], remarks: [] });
    cpSync(join(shippedProfiles, 'pylontech-lv.yaml'), base());
    edit(base(), (text) => text.replace('bitrate: 500000', 'bitrate: fast'));
    expect((await missing()).remarks).toEqual([expect.stringContaining('`bitrate` is the text `fast`')]);
    expect(await missing()).toEqual({ plans: [], remarks: [] });
    edit(base(), (text) => text.replace('bitrate: fast', 'bitrate: 500000'));
    expect((await missing()).plans.map(({ id }) => id)).toEqual(['own']);
  });
});
