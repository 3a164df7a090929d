import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingsOf } from '../../src/commands/profile-options.ts';
import { listProfiles, loadProfile, shippedProfiles } from '../../src/config/profile-files.ts';
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

describe('a profile that cannot be had says why in one sentence', () => {
  test.each<[string, () => unknown, string]>([
    ['one that is not there', () => loadProfile('zzz'), 'there is no profile `zzz`; there are '],
    [
      'one that was misspelt',
      () => loadProfile('pilontech-lv'),
      'there is no profile `pilontech-lv`; did you mean `pylontech-lv`?',
    ],
    ['the beginning of one', () => loadProfile('pylon'), 'did you mean `pylontech-lv`?'],
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
      'option `manufacturer` is `5`; write a text',
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
