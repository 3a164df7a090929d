import { describe, expect, test } from 'vitest';
import { problemText } from '../../src/model/errors.ts';
import { readState } from '../../src/profile/state-file.ts';

const read = (text: string) => {
  const result = readState('s.json', text);
  return 'problems' in result ? result.problems.map(problemText) : result.signals;
};

describe('a state that is written down', () => {
  test('is fresh, enabled and without alarms unless it says otherwise', () => {
    expect(read('{"soc_pct": 76}')).toEqual({
      socPct: 76,
      freshness: 'fresh',
      chargeEnable: true,
      dischargeEnable: true,
      alarms: [],
      warnings: [],
      faults: [],
      online: true,
    });
  });

  test('shows by its current whether it charges', () => {
    expect(read('{"current_A": 3}')).toMatchObject({ charging: true, discharging: false });
    expect(read('{"current_A": -3}')).toMatchObject({ charging: false, discharging: true });
    expect(read('{"current_A": 0}')).toMatchObject({ charging: false, discharging: false });
    expect(read('{"current_A": 3, "charging": false}')).toMatchObject({ charging: false });
  });

  test.each(['stale', 'lost'])('%s, it shows the end of the ramp and asks for nothing', (freshness) => {
    const given = {
      freshness,
      heartbeat: 90,
      charge_current_limit_A: 100,
      discharge_current_limit_A: 150,
      charge_enable: true,
      force_charge_1: true,
      full_charge_request: true,
    };
    expect(read(JSON.stringify(given))).toMatchObject({
      heartbeat: 90,
      chargeCurrentLimitA: 0,
      dischargeCurrentLimitA: 0,
      chargeEnable: false,
      dischargeEnable: false,
      forceCharge1: false,
      fullChargeRequest: false,
      balanceRequest: false,
    });
  });

  test('late, it still allows what it allowed', () => {
    expect(read('{"freshness": "late", "charge_current_limit_A": 100}')).toMatchObject({
      chargeCurrentLimitA: 100,
      chargeEnable: true,
    });
  });
});

describe('a state file that cannot be taken says where and what to do', () => {
  test.each([
    ['a name of another family', '{"soc": 76}', 's.json:1:2: unknown key `soc`; did you mean `soc_pct`?'],
    [
      "a name in TypeScript's manner",
      '{\n  "socPct": 76\n}',
      's.json:2:3: unknown key `socPct`; did you mean `soc_pct`?',
    ],
    ['a number in quotes', '{"soc_pct": "76"}', 's.json:1:13: `soc_pct` is the text `76`; write a number'],
    [
      'a number for a flag',
      '{"charge_enable": 1}',
      's.json:1:19: `charge_enable` is `1`; write `true` or `false`',
    ],
    ['null for unknown', '{"soh_pct": null}', 's.json:1:13: `soh_pct` is empty; write a number'],
    ['an alarm nobody knows', '{"alarms": ["overvoltage"]}', 's.json:1:13: unknown alarm `overvoltage`'],
    ['an alarm misspelt', '{"alarms": ["hihg_voltage"]}', 'did you mean `high_voltage`?'],
    [
      'an alarm without its list',
      '{"alarms": "internal"}',
      's.json:1:12: `alarms` is the text `internal`; write a list',
    ],
    [
      'a rung nobody knows',
      '{"freshness": "old"}',
      's.json:1:15: unknown freshness `old`; known: fresh, late, stale, lost',
    ],
    ['NaN', '{"soc_pct": NaN}', 's.json:1:'],
    ['no JSON', 'soc_pct: 76', 's.json:1:1: this is not JSON: '],
    ['a list', '[1]', 's.json:1:1: the document is not a map'],
    ['nothing', '', 's.json:1:1: this is not JSON: '],
    ['a name given twice', '{"soc_pct": 1, "soc_pct": 2}', 'is given twice; keep one of them'],
    [
      'a number beyond all numbers',
      '{"soc_pct": 1e999}',
      's.json:1:13: `soc_pct` is `Infinity`; write a number',
    ],
  ])('%s', (_, text, sentence) => {
    const said = read(text);
    expect(Array.isArray(said) ? said[0] : said).toContain(sentence);
  });

  test('tabs are no reason to refuse it', () => {
    expect(read('{\n\t"soc_pct":\t76\n}')).toMatchObject({ socPct: 76 });
  });
});
