import { beforeEach, describe, expect, test } from 'vitest';
import { causeText, whyText } from '../../src/page/limits/why.ts';
import { language, temperatureUnit } from '../../src/page/preferences.ts';

beforeEach(() => {
  language.value = 'en';
  temperatureUnit.value = 'C';
});

const bare = (text: string) => text.replaceAll('\u00a0', ' ');
const highCell = { rule: 'highest cell', value: 40, pack: '2', cell: 7, measured: 3.52 };

describe('why a limit is what it is', () => {
  test('names the cell and its voltage, in the language of the reader', () => {
    expect(bare(whyText('charge_current_limit_A', 40, [highCell]))).toBe(
      'Charging with up to 40 A: cell 7 of battery 2 is at 3.520 V.',
    );
    language.value = 'de';
    expect(bare(whyText('charge_current_limit_A', 40.5, [highCell]))).toBe(
      'Laden mit höchstens 40,5 A: Zelle 7 von Batterie 2 liegt bei 3,520 V.',
    );
  });

  test('is never more than is told: 49.97 A are not 50, and 0.04 A are none', () => {
    expect(bare(whyText('charge_current_limit_A', 49.97, []))).toContain('49.9 A');
    expect(whyText('discharge_current_limit_A', 0.04, [])).toContain('No discharging');
  });

  test('says no charging where the limit is zero', () => {
    const reason = { rule: 'protection cell_high_voltage', value: 0, pack: 'a' };
    expect(whyText('charge_current_limit_A', 0, [reason])).toBe(
      'No charging: battery a reports a protection: cell voltage too high.',
    );
  });

  test('tells a temperature in the unit that was chosen', () => {
    temperatureUnit.value = 'F';
    expect(bare(causeText({ rule: 'temperature', value: 20, pack: 'a', measured: 2.5 }))).toBe(
      'a sensor of battery a measures 36.5 °F',
    );
  });

  test('a rule that the page does not know is told by its name', () => {
    expect(causeText({ rule: 'moon phase', value: 3 })).toBe('because of “moon phase”');
  });
});
