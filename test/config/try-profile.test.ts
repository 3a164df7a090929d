// A profile that is being written, held against the one in force.
import { describe, expect, test } from 'vitest';
import { readProfile } from '../../src/config/profile-files.ts';
import { profileIds, shippedProfiles } from '../../src/config/profile-paths.ts';
import { textHash } from '../../src/config/profile-watch.ts';
import { tryProfile } from '../../src/config/try-profile.ts';
import { bankOf, pack, reading, room } from '../bank/room.ts';

const bank = bankOf([[pack('a')], [pack('b')]]);
const { signals } = (() => {
  const r = room(bank);
  r.hearAll(reading({ currentA: 12 }));
  r.tick(1000);
  return r.hearAll(reading({ currentA: 12 }));
})();

function tried(named: string, change: (text: string) => string, settings = {}) {
  const { texts } = readProfile(named);
  return tryProfile({
    named,
    settings,
    textHash: textHash(texts),
    hasGoodCopies: false,
    text: change(texts.text),
    signals,
  });
}

const rowsOf = (trial: ReturnType<typeof tried>) => ('rows' in trial ? trial.rows : []);

describe('a profile that is tried', () => {
  test.each(profileIds(shippedProfiles))('%s as it is changes nothing', (id) => {
    const settings = id === 'sma' ? {} : {};
    const trial = tried(id, (text) => text, settings);
    expect(trial).toMatchObject({ problems: [] });
    expect(rowsOf(trial).filter(({ is_changed }) => is_changed)).toEqual([]);
  });

  test('shows each place with its old and new bytes and what they mean, the changed ones marked', () => {
    const trial = tried('pylontech-lv', (text) =>
      text.replaceAll('unknown: 100, name: SoH', 'unknown: 99, name: SoH'),
    );
    const changed = rowsOf(trial).filter(({ is_changed }) => is_changed);
    expect(changed.map(({ place, now, then: next }) => [place, now?.slice(4, 8), next?.slice(4, 8)])).toEqual(
      [['0x355', '6400', '6300']],
    );
    expect(changed[0]?.now_text).toContain('soh_pct: 100 % (not measured)');
    expect(changed[0]?.then_text).toContain('soh_pct: 99 % (not measured)');
    expect(rowsOf(trial).length).toBeGreaterThan(4);
  });

  test('says line and column of what is wrong, and makes no bytes', () => {
    const trial = tried('pylontech-lv', (text) =>
      text.replace('charge_voltage_limit_V', 'charge_voltage_limit_X'),
    );
    expect(trial).toEqual({
      problems: expect.arrayContaining([
        {
          line: expect.any(Number),
          column: expect.any(Number),
          message: expect.stringContaining('charge_voltage_limit_X'),
        },
      ]),
    });
  });

  test('is refused under another id, for the inverter names it', () => {
    expect(tried('pylontech-lv', (text) => text.replace('id: pylontech-lv', 'id: other'))).toMatchObject({
      problems: [{ message: expect.stringContaining('id: other') }],
    });
  });

  test('that is no profile at all is a problem with its place', () => {
    for (const text of ['', '{', '- 1', 'a: &b 1\nc: *b', '\u0000', 'id: pylontech-lv\n'.repeat(3)]) {
      const trial = tried('pylontech-lv', () => text);
      expect('problems' in trial ? trial.problems.length : 0).toBeGreaterThan(0);
    }
  });
});

describe('a profile of a serial protocol that is tried', () => {
  test.each(['pylontech-rs485', 'kostal-byd'])('%s: tells what each telegram says', (id) => {
    const rows = rowsOf(tried(id, (text) => text));
    const full = rows.filter(({ now }) => now !== '');
    expect(full.length).toBeGreaterThan(2);
    expect(full.filter(({ now_text, then_text }) => now_text.length === 0 || then_text.length === 0)).toEqual(
      [],
    );
    expect(rows.flatMap(({ now_text }) => now_text)).toContainEqual(
      expect.stringMatching(/^charge_current_limit_A: \d+ A$/),
    );
  });

  test('shows the bytes of the answer that becomes another one, and what both say', () => {
    const trial = tried('pylontech-rs485', (text) =>
      text
        .replace('{ at: 11, as: i16, scale: 0.1, from: charge', '{ at: 11, as: i16, scale: 1, from: charge')
        .replace('0A AB 00 C8', '0A AB 00 14'),
    );
    const changed = rowsOf(trial).filter(({ is_changed }) => is_changed);
    expect(changed.map(({ place }) => place)).toEqual(['0x47']);
    const [row] = changed;
    expect(row?.now?.length).toBe(row?.then?.length);
    expect(row?.now).not.toBe(row?.then);
    for (const text of [row?.now_text, row?.then_text])
      expect(text).toContainEqual(expect.stringMatching(/^charge_current_limit_A: \d+ A$/));
  });

  test('has a place for each phase of the talk in which an answer is another one', () => {
    const places = rowsOf(tried('kostal-byd', (text) => text)).map(({ place }) => place);
    expect(places).toEqual(['0x084A', '0x044A', '0x0353', '0x044A (starting)', '0x044A (first)']);
    const sooner = tried('kostal-byd', (text) =>
      text.replace(
        'cases: [{ value: 2, phases: [first, starting] }]',
        'cases: [{ value: 2, phases: [first] }]',
      ),
    );
    expect(rowsOf(sooner).filter(({ is_changed }) => is_changed)).toMatchObject([
      { place: '0x044A (starting)' },
    ]);
  });
});
