import { beforeEach, describe, expect, test } from 'vitest';
import type { Site } from '../../src/model/api/site.ts';
import type { BankState } from '../../src/model/bank-state.ts';
import { foretell } from '../../src/office/foretell.ts';
import { foretoldTexts } from '../../src/page/inspector/foretold.ts';
import { language } from '../../src/page/preferences.ts';
import { bankThatIs } from '../web/snapshots.ts';

type Premises = Parameters<typeof foretell>[0];

const inverter = (id: string, lost: 'hold' | 'silent' | 'exception'): Site['inverters'][number] => ({
  id,
  profile: 'pylontech-lv@1.1.0',
  title: '',
  evidence: 'vendor',
  wire: 'can0',
  units: [],
  lost,
});

const site = (more: Partial<Premises> = {}): Premises => ({
  batteries: ['a', 'b'].map((id) => ({ id, bms: 'jbd', cells: 16, capacity_Ah: 100, has_fets: true })),
  strings: [['a'], ['b']],
  ages: { fresh_ms: 6000, late_ms: 15_000, lost_ms: 60_000, ramp_ms: 10_000 },
  on_partial_loss: 'reduce',
  inverters: [inverter('house', 'hold')],
  ...more,
});

const bank = (b: BankState['freshness'] = 'fresh'): BankState => ({
  ...bankThatIs('fresh'),
  packs: [
    { id: 'a', freshness: 'fresh' },
    { id: 'b', freshness: b },
  ],
});

const read = (
  premises: Premises,
  resting: readonly string[],
  what: 'link' | 'reading',
  state: BankState | undefined,
): string =>
  foretoldTexts(foretell(premises, resting, { what, backMs: 600_000 }, state))
    .join(' ')
    .replaceAll('\u00a0', ' ');

describe('what a person reads before a battery is let rest', () => {
  beforeEach(() => {
    language.value = 'en';
  });

  test('says that the inverters are told less where another string goes on', () => {
    expect(read(site(), ['a'], 'link', bank())).toBe(
      'Battery a counts as stale 15 s after its last sample, for its link is let go. house is told lower limits from 15 s on; the other strings go on. The string of a counts as 20 A at most, from 60 s on as 10 A, and charging ends when that lasts (nothing, where it is all but full or empty). It is read again after 10 min at the latest.',
    );
  });

  test('takes the capacity that the battery says itself where the gateway file has none', () => {
    const batteries = ['a', 'b'].map((id) => ({ id, bms: 'jbd', cells: 16, has_fets: true }));
    for (const on_partial_loss of ['reduce', 'hold'])
      expect(read(site({ batteries, on_partial_loss }), ['a'], 'link', bank())).toContain(
        'is not known, so that nothing may be asked of the bank',
      );
    const said = bank();
    const [a, ...others] = said.packs;
    const packs = [
      { id: 'a', freshness: 'fresh' as const, ...a, reading: { nominalCapacityAh: 50 } },
      ...others,
    ];
    expect(read(site({ batteries }), ['a'], 'link', { ...said, packs })).toContain('counts as 10 A');
  });

  test('says that nothing may be asked of the bank while a battery with an alarm is missing', () => {
    const [a, ...others] = bank().packs;
    const reading = { alarms: ['cell_high_voltage' as const] };
    const packs = [{ id: 'a', freshness: 'fresh' as const, ...a, reading }, ...others];
    expect(read(site(), ['a'], 'link', { ...bank(), packs })).toContain(
      'Battery a has an alarm: while the string of a is missing, nothing may be asked of the bank.',
    );
  });

  test('names the later end of discharging that an installer chose', () => {
    const ages = { ...site().ages, discharge_ms: 40_000 };
    expect(read(site({ ages, on_partial_loss: 'block' }), ['a'], 'link', bank())).toContain(
      'Discharging ends later, from 40 s on, if its cells are well.',
    );
  });

  test('names what each inverter sees, and when, where no other string is heard', () => {
    const inverters = [inverter('house', 'hold'), inverter('gx', 'silent'), inverter('ems', 'exception')];
    const text = read(site({ inverters }), ['a'], 'reading', bank('lost'));
    expect(text).toMatch(
      /^Battery a counts as stale 15 s after its last sample, for it is not asked\. No other string is heard/,
    );
    expect(text).toContain(
      'house (pylontech-lv@1.1.0 on can0) is told limits falling to 0 A within 10 s, and goes on being told 0 A. gx',
    );
    expect(text).toMatch(
      /hears nothing more from 60 s on\. ems .* is answered with exception 4 from 60 s on\./,
    );
  });

  test('says that the whole bank goes stale where each battery is needed, or where it is in series with all', () => {
    expect(read(site({ on_partial_loss: 'block' }), ['a'], 'link', bank())).toContain(
      'needs every battery, so the whole bank is stale from 15 s on',
    );
    expect(read(site({ strings: [['a', 'b']] }), ['a'], 'link', bank())).toContain('the whole bank is stale');
  });

  test.each([
    ['exclude', /The string of a leaves the sum/],
    ['hold', /The string of a counts as half its last limit/],
  ])('says what the string still counts as where the policy is %s', (on_partial_loss, told) => {
    expect(read(site({ on_partial_loss }), ['a'], 'link', bank())).toMatch(told);
  });

  test('names those that share the link', () => {
    expect(read(site(), ['a', 'b'], 'link', bank())).toMatch(
      /^Batteries a and b have one link and fall silent together\. .*the whole bank is stale/,
    );
  });

  test('says that nothing changes where the battery is silent already', () => {
    expect(read(site(), ['b'], 'link', bank('lost'))).toBe(
      'Battery b is not heard now: nothing changes for the inverters. It is read again after 10 min at the latest.',
    );
  });

  test('promises nothing of a bank that is not known', () => {
    expect(read(site(), ['a'], 'link', undefined)).toContain('No other string is heard');
  });

  test('says it in German as well', () => {
    language.value = 'de';
    expect(read(site(), ['a'], 'link', bank())).toBe(
      'Die Verbindung wird getrennt; Batterie a gilt 15 s nach ihrem letzten Messwert als veraltet. house bekommt ab 15 s niedrigere Grenzwerte; die anderen Stränge laufen weiter. Der Strang a zählt mit höchstens 20 A, ab 60 s mit 10 A, und dauert das an, endet das Laden (mit nichts, wenn er fast voll oder fast leer ist). Spätestens nach 10 min wird sie wieder gelesen.',
    );
  });
});
