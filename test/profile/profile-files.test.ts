import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingsOf } from '../../src/commands/profile-options.ts';
import { listProfiles, loadProfile } from '../../src/config/profile-files.ts';
import { shippedProfiles } from '../../src/config/profile-paths.ts';
import { sentence } from '../../src/model/errors.ts';

const own = mkdtempSync(join(tmpdir(), 'profiles-'));
copyFileSync(join(shippedProfiles, 'pylontech-lv.yaml'), join(own, 'mine.yaml'));
writeFileSync(join(own, 'bad.yaml'), 'id: bad\n');
mkdirSync(join(own, 'folder.yaml'));

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return sentence(error);
  }
  return 'was taken';
}

describe('what is no file on a disk', () => {
  test('such as a device that never ends is not read', () => {
    expect(refusal(() => loadProfile('/dev/zero.yaml'))).toContain('there is no such file');
    const zero = join(own, 'zero.yaml');
    symlinkSync('/dev/zero', zero);
    expect(refusal(() => loadProfile(zero))).toBe(
      `${zero}: this is a pipe or a device; name a file that lies on a disk`,
    );
  });

  test('or links that lead back to themselves', () => {
    const loop = join(own, 'loop.yaml');
    symlinkSync(loop, loop);
    expect(refusal(() => loadProfile(loop))).toContain('the links lead back to themselves');
  });
});

describe('a profile is found', () => {
  test('by its id in the installation, or by its path', () => {
    expect(loadProfile('generic-modbus').modbus?.units).toEqual([1]);
    expect(loadProfile(join(own, 'mine.yaml')).profile.id).toBe('pylontech-lv');
  });

  test('in the folders of the installer first', () => {
    const other = mkdtempSync(join(tmpdir(), 'profiles-'));
    copyFileSync(join(shippedProfiles, 'generic-modbus.yaml'), join(other, 'pylontech-lv.yaml'));
    expect(refusal(() => loadProfile('pylontech-lv', { dirs: [other] }))).toContain(
      'says `id: generic-modbus`',
    );
  });

  test('in the list, with the reason when it cannot be used', () => {
    const listed = listProfiles([own]);
    const entry = (id: string) => listed.find((listing) => listing.id === id);
    expect(entry('bad')?.why).toContain('bad.yaml:1:1: `version` is missing');
    expect(entry('folder')?.why).toContain('this is a folder');
    expect(entry('generic-modbus')?.profile?.title).toContain('Generic battery map');
    expect(listed.map(({ id }) => id)).toEqual([...new Set(listed.map(({ id }) => id))].toSorted());
  });
});

describe('a profile that stands on a base', () => {
  const shelf = mkdtempSync(join(tmpdir(), 'profiles-'));
  const overlay = (id: string, base: string, rest = '') => `id: ${id}
version: '1.0.0'
title: One
base: ${base}
inverters: [{ brand: B, models: all }]
evidence: field
${rest}
examples:
  - given: { discharge_voltage_limit_V: 44, soc_pct: 50, voltage_V: 52, current_A: 1, temperature_C: 20, charge_voltage_limit_V: 56, charge_current_limit_A: 9, discharge_current_limit_A: 9 }
    then: { 0x355: '32 00 64 00' }
`;
  const put = (name: string, text: string) => writeFileSync(join(shelf, name), text);

  test('finds it in the installation, beside its own file and in the folders of the installer', () => {
    put('one.yaml', overlay('one', 'pylontech-lv', 'lost: silent'));
    expect(loadProfile('one', { dirs: [shelf] }).profile.lost).toBe('silent');
    put('two.yaml', overlay('two', 'other'));
    put(
      'other.yaml',
      readFileSync(join(shippedProfiles, 'pylontech-lv.yaml'), 'utf8').replace('every: 1s', 'every: 2s'),
    );
    expect(loadProfile(join(shelf, 'two.yaml')).can?.everyMs).toBe(2000);
    const elsewhere = mkdtempSync(join(tmpdir(), 'profiles-'));
    writeFileSync(join(elsewhere, 'three.yaml'), overlay('three', 'other'));
    expect(loadProfile(join(elsewhere, 'three.yaml'), { dirs: [shelf] }).can?.everyMs).toBe(2000);
  });

  test('may have its name: the one of the installer stands on that of the installation', () => {
    const other = mkdtempSync(join(tmpdir(), 'profiles-'));
    writeFileSync(join(other, 'pylontech-lv.yaml'), overlay('pylontech-lv', 'pylontech-lv', 'lost: silent'));
    expect(loadProfile('pylontech-lv', { dirs: [other] }).profile).toMatchObject({
      lost: 'silent',
      title: 'One',
    });
  });

  test('is told which base was meant when there is none of that name', () => {
    put('four.yaml', overlay('four', 'pylontch-lv'));
    expect(refusal(() => loadProfile('four', { dirs: [shelf] }))).toBe(
      `${join(shelf, 'four.yaml')}:4:7: there is no profile \`pylontch-lv\`; did you mean \`pylontech-lv\`?`,
    );
  });

  test('is told that a folder is no base', () => {
    mkdirSync(join(shelf, 'deep.yaml'));
    put('five.yaml', overlay('five', 'deep'));
    expect(refusal(() => loadProfile('five', { dirs: [shelf] }))).toContain(
      'this is a folder; name the file in it',
    );
  });

  test('is listed like any other', () => {
    put('one.yaml', overlay('one', 'pylontech-lv'));
    expect(listProfiles([shelf]).find(({ id }) => id === 'one')?.profile?.base).toBe('pylontech-lv');
  });
});

describe('a profile that cannot be had says why in one sentence', () => {
  test.each<[string, () => unknown, string]>([
    ['one that is not there', () => loadProfile('zzz'), 'there is no profile `zzz`; there are '],
    [
      'one that was misspelt',
      () => loadProfile('pilontech-lv'),
      'there is no profile `pilontech-lv`; did you mean `pylontech-lv`?',
    ],
    ['the beginning of one', () => loadProfile('vict'), 'did you mean `victron`?'],
    [
      'a path that leads nowhere',
      () => loadProfile('./none.yaml'),
      './none.yaml: there is no such file; correct the path',
    ],
    ['a folder', () => loadProfile(own), 'this is a folder; name the file in it'],
    [
      'a folder that is called like a profile',
      () => loadProfile('folder', { dirs: [own] }),
      'this is a folder; name the file in it',
    ],
    [
      'a folder of profiles that is not there',
      () => loadProfile('zzz', { dirs: ['/nowhere'] }),
      '/nowhere cannot be read as a folder of profiles',
    ],
    [
      'a file under another name',
      () => loadProfile('mine', { dirs: [own] }),
      'says `id: pylontech-lv`; name the file pylontech-lv.yaml or correct its id',
    ],
    [
      'a setting nobody knows',
      () => loadProfile('pylontech-lv', { settings: { manufactuer: 'x' } }),
      'profile `pylontech-lv`: unknown option `manufactuer`; did you mean `manufacturer`?',
    ],
    [
      'a setting of another kind',
      () => loadProfile('pylontech-lv', { settings: { manufacturer: 5 } }),
      "option `manufacturer` is the number `5`; put it in quotes, e.g. `manufacturer: '5'`",
    ],
    [
      'a choice that looks like a number, without its quotes',
      () => loadProfile('solax-hv', { settings: { slave_modules: 2 } }),
      "option `slave_modules` is the number `2`; put it in quotes, e.g. `slave_modules: '2'`",
    ],
    [
      'a number that is not offered, quotes or not',
      () => loadProfile('solax-hv', { settings: { slave_modules: 9 } }),
      'option `slave_modules` is `9`; write one of `0`, `1`',
    ],
    [
      'a setting that is no choice',
      () => loadProfile('pylontech-lv', { settings: { stale_sign: 'red' } }),
      'write one of `warning`, `protection`',
    ],
    [
      'a setting without a value',
      () => settingsOf(['manufacturer']),
      '`--option manufacturer` has no value; write it as --option name=value',
    ],
  ])('%s', (_, act, words) => expect(refusal(act)).toContain(words));

  test('a value may hold the sign that separates it', () => {
    expect(settingsOf(['manufacturer=A=B', 'stale_sign=warning'])).toEqual({
      manufacturer: 'A=B',
      stale_sign: 'warning',
    });
  });
});
