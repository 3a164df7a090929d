import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { play } from '../../src/bank/scenario.ts';
import { unmet } from '../../src/bank/scenario-expect.ts';
import { readingOf, resting, said, still, valueAt } from '../../src/bank/scenario-pack.ts';
import { explained } from '../../src/commands/explain-table.ts';
import { parseScenario } from '../../src/config/scenario-file.ts';
import { GatewayError } from '../../src/model/errors.ts';
import { between } from '../between.ts';
import { pack } from './room.ts';

const folder = join(import.meta.dirname, '..', 'scenarios');
const files = readdirSync(folder).filter((f) => f.endsWith('.txt'));
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');

/** What the files say will hold once the bank does it. */
const withLater = (text: string) => text.replaceAll(/^# later: /gm, '');

const head = `# bmsgate scenario 1
---
batteries:
  - { id: a, cells: 16, capacity_Ah: 100, charge_current_A: 50, discharge_current_A: 100 }
  - { id: b, cells: 16, capacity_Ah: 100, charge_current_A: 50, discharge_current_A: 100 }
bank:
  strings: [[a], [b]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
---
`;
/** The first timed line of a scenario made of `head`. */
const FIRST = 10;

const scene = (...lines: string[]) => parseScenario('room.txt', head + lines.join('\n'));
const states = (...lines: string[]) => [...play(scene(...lines))];

/** The expectations that fail, as they are written. */
const failures = (...lines: string[]) => {
  const { expectations, ...rest } = scene(...lines);
  return [...play({ ...rest, expectations })].flatMap((state) =>
    unmet(expectations, state).map(({ expectation: e }) => `${e.name}${e.sign}${e.wanted}`),
  );
};

/** The sentences that a text is refused with. */
function refusal(text: string): string {
  try {
    parseScenario('room.txt', text);
  } catch (error) {
    if (error instanceof GatewayError) return error.message;
    throw error;
  }
  return '';
}
const refused = (...lines: string[]) => refusal(head + lines.join('\n'));

describe('the battery rooms of test/scenarios', { timeout: 300_000 }, () => {
  test.each(files)('%s goes as it is written', (file) => {
    const scenario = parseScenario(file, textOf(file));
    const missed: string[] = [];
    for (const state of play(scenario))
      for (const { expectation: e, found } of unmet(scenario.expectations, state))
        missed.push(`${file}:${e.line}: ${e.name}${e.sign}${e.wanted}, found ${found}`);
    expect(missed).toEqual([]);
    expect(scenario.expectations.length).toBeGreaterThan(4);
  });

  test.each(files)('what %s expects of later is well written', (file) => {
    expect(() => parseScenario(file, withLater(textOf(file)))).not.toThrow();
  });
});

describe('a pack of a scenario', () => {
  test('rests half full before its first word, and its voltage is the sum of its cells', () => {
    const [state] = states('0s end');
    expect(state?.signals).toMatchObject({ socPct: 50, currentA: 0, voltageV: 52.8, temperatureC: 20 });
  });

  test('goes in a straight line from one value to the other and stays there', () => {
    const all = states('0s a cell=3.20..3.40/10s', '20s end');
    expect([0, 4, 10, 20].map((s) => all[s]?.packs[0]?.reading?.cellVoltagesV?.[0])).toEqual([
      3.2, 3.28, 3.4, 3.4,
    ]);
  });

  test('has single cells and sensors beside the common ones, until all are set again', () => {
    const all = states('0s a cell=3.30 cell7=3.47 t=20 t2=25', '4s a cell=3.31 t=21', '6s end');
    const [first, last] = [all[0]?.packs[0]?.reading, all[4]?.packs[0]?.reading];
    expect(first?.cellVoltagesV?.[6]).toBe(3.47);
    expect(first?.temperaturesC).toEqual([20, 25]);
    expect(last?.cellVoltagesV).toEqual(Array(16).fill(3.31));
    expect(last?.temperaturesC).toEqual([21]);
  });

  test('leaves unsaid what is `none`, and then ages', () => {
    const all = states('0s all soc=50', '10s a t=none', '40s end');
    expect(all.at(-1)?.packs[0]).toMatchObject({
      freshness: 'stale',
      fault: expect.stringContaining('cell temperature'),
    });
  });

  test('answers every two seconds while it speaks', () => {
    const all = states('6s a silent', '12s a speaks', '14s end');
    expect(all.map((s) => s.packs[0]?.sampleAtMs)).toEqual(
      [0, 0, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 12, 12, 14].map((s) => s * 1000),
    );
  });

  test('lives: under a current its charge moves by its last digit, at rest it does not', () => {
    const charges = (amperes: number) => {
      const moving = said(resting(pack('a')), { set: 'number', name: 'i', course: still(amperes) });
      return [0, 1, 2].map((answer) => readingOf(moving, 0, answer).remainingCapacityAh);
    };
    expect(charges(-1)).toEqual([50, 50.01, 50]);
    expect(charges(0.9)).toEqual([50, 50, 50]);
  });

  test('of unknown capacity lives by its voltage', () => {
    const { capacityAh, ...unknown } = pack('a');
    const moving = said(resting(unknown), { set: 'number', name: 'i', course: still(5) });
    const said1 = readingOf(moving, 0, 1);
    expect(said1.remainingCapacityAh).toBeUndefined();
    expect(said1.voltageV).not.toBe(readingOf(moving, 0, 0).voltageV);
  });

  test('that is frozen goes on saying what it said last, over a restart too', () => {
    const all = states('0s a soc=60', '3s a frozen soc=20', '5s restart', '20s a moves', '20s end');
    const socAt = (s: number) => all[s]?.packs[0]?.reading?.socPct;
    expect([4, 10, 18, 20].map(socAt)).toEqual([60, 60, 60, 20]);
  });

  test('never leaves its course', () => {
    fc.assert(
      fc.property(
        between(-500, 500),
        between(-500, 500),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        (from, to, sinceMs, overMs, nowMs) => {
          const value = valueAt({ from, to, sinceMs, overMs }, nowMs);
          expect(value).toBeGreaterThanOrEqual(Math.min(from, to) - 1e-9);
          expect(value).toBeLessThanOrEqual(Math.max(from, to) + 1e-9);
        },
      ),
    );
  });
});

describe('a restart of a scenario', () => {
  test('goes on from the stored state, at best late until the packs have spoken', () => {
    const all = states('0s all i=-10', '10s restart', '14s end');
    expect(all.slice(9, 13).map((s) => s.freshness)).toEqual(['fresh', 'late', 'late', 'fresh']);
    expect(all.map((s) => s.sequence)).toEqual(all.map((_, i) => i + 1));
  });

  test('of the machine remembers nothing', () => {
    const all = states('10s restart cold', '14s end');
    expect(all.slice(9, 13).map((s) => s.freshness)).toEqual(['fresh', 'never', 'never', 'fresh']);
    expect(all[10]?.sequence).toBe(1);
  });
});

describe('another instrument of a scenario', () => {
  const frozenPack = (...lines: string[]) =>
    refusalFree(`${head.replace('[[a], [b]]', '[[a]]').replace(/.*id: b.*\n/, '')}${lines.join('\n')}`);
  const refusalFree = (text: string) =>
    [...play(parseScenario('room.txt', text))].at(-1)?.packs[0]?.freshness;

  test.each(['shunt', 'inverter'])('a %s contradicts a pack that stands still', (name) => {
    expect(frozenPack('0s a i=-10', '2s a frozen', `2s ${name} i=-20`, '70s end')).toBe('stale');
  });

  test('that is silent contradicts nobody', () => {
    expect(frozenPack('0s a i=-10', '2s a frozen', '2s shunt i=-20', '30s shunt silent', '100s end')).toBe(
      'fresh',
    );
  });

  test('a shunt is believed before an inverter', () => {
    expect(frozenPack('0s a i=-10', '2s a frozen', '2s shunt i=-10', '2s inverter i=-20', '100s end')).toBe(
      'fresh',
    );
  });
});

describe('an expectation', () => {
  test.each([
    'ccl=95 ccl=95.0 ccl>94 ccl<=95 ccl!=38 dcl=150',
    'rung=fresh rung!=late b.rung=fresh b.ccl=50 stage=bulk',
    'alarm=none notice=none b.fault=none fault=restarted',
    'ccl_reason=pack_limit reason=envelope dcl_reason!=pack_limit cvl_reason=charge_stage',
    'soc_pct=50 packs_online=2 charge_enable=on force_charge_1=off max_voltage_cell_id=P1C01 soh_pct=none',
  ])('holds: %s', (words) => {
    expect(failures(`2s expect ${words}`)).toEqual([]);
  });

  test.each([
    'ccl=94',
    'ccl=95.2',
    'ccl<95',
    'ccl>95',
    'ccl>=95.1',
    'ccl=none',
    'rung=late',
    'notice>3',
    'ccl!=x',
    'b.rung=stale',
    'stage=float',
    'alarm=cell_high_voltage',
    'notice=guess',
    'reason=reduce',
    'ccl_reason!=pack_limit',
    'charge_enable=off',
    'soh_pct>0',
    'soh_pct!=none',
    'fault!=restarted',
  ])('can fail: %s', (words) => {
    expect(failures(`2s expect ${words}`)).toEqual([words]);
  });

  test('is held against what happens in its second, wherever its line stands', () => {
    expect(failures('4s expect i=-20', '4s all i=-10', '4s end')).toEqual([]);
  });
});

describe('a scenario that cannot be read', () => {
  test.each([
    ['0s c soc=5', '1:4: `c` is no battery of this scenario; did you mean'],
    ['0s a,b sco=5', '1:8: `sco=5` says nothing of a pack; did you mean `soc`?'],
    ['0s a soc', '1:6: `soc` says nothing of a pack'],
    ['0s a soc=5..6', '1:10: `5..6` is no value; write a number'],
    ['0s a soc=high', '1:10: `high` is no value'],
    ['0s a soc=5..6/10x', '1:15: `10x` is no time'],
    ['0s a cell17=3.3', '1:6: there is no `cell17`; cells are numbered from 1 to 16'],
    ['0s a charge_fet=open', '1:17: a FET is `on` or `off`'],
    ['0s a alarm=cell_hi', '1:12: there is no alarm `cell_hi`; did you mean `cell_high_voltage`?'],
    ['0s a', '1:4: nothing is said of a'],
    ['0s', '1:1: nothing is said at this time'],
    ['now a soc=5', '1:1: `now` is no time; write one like'],
    ['1.5s a soc=5', '1:1: the bank is looked at once a second'],
    ['9s end\n8s a soc=5', '2:1: the scenario has ended above'],
    ['9s a soc=6\n8s a soc=5', '2:1: `8s` is before the line above (9s)'],
    ['0s restart warm', '1:12: a restart is'],
    ['0s shunt v=3', '1:10: a shunt says `i=-12`'],
    ['0s expect ccl', '1:11: `ccl` compares nothing'],
    ['0s expect clc=3', '1:11: `clc` cannot be expected; did you mean `ccl`?'],
    ['0s expect ccl<low', '1:11: `ccl<low` compares nothing'],
    ['0s expect ccl=3=4', '1:11: `ccl=3=4` compares nothing'],
    ['0s expect rung<3', '1:16: there is no rung `3`'],
    ['0s expect rung!=frsh', '1:17: there is no rung `frsh`; did you mean `fresh`?'],
    ['0s expect alarm=cell', '1:17: there is no alarm `cell`; did you mean'],
    ['0s a soc=5..6/', '1:15: `` is no time'],
    ['32d end', '1:1: a scenario lasts 31 days at most'],
    ['0s expect c.rung=fresh', '1:11: `c.rung` cannot be expected'],
  ])('%j says where and what to do', (line, sentence) => {
    const [at = '', ...rest] = sentence.split(':');
    expect(refused(line)).toContain(`room.txt:${FIRST - 1 + Number(at)}:${rest.join(':')}`);
  });

  test('tells every wrong line at once, and reads past comments', () => {
    expect(refused('# a comment', '0s x soc=5', '', '0s a soc=5 # and this', '1s a y').split('\n')).toEqual([
      expect.stringMatching(/^room.txt:11:4: /),
      expect.stringMatching(/^room.txt:14:6: /),
    ]);
  });

  test('its head is held to the rules of a gateway file, at its own lines', () => {
    expect(refusal(head.replace('strings: [[a], [b]]', 'strings: [[a]]'))).toMatch(
      /^room.txt:5:11: battery `b` stands in no string/,
    );
    expect(refusal(head.replace('cell_max_V: 3.60', 'cell_max_V: 4.20'))).toMatch(
      /^room.txt:8:\d+: 4.2 V is above/,
    );
    expect(refusal(head.replace('cells: 16', 'cell: 16'))).toMatch(/^room.txt:4:/);
    expect(refusal(head.replaceAll(/\bb\b/g, 'shunt'))).toMatch(
      /^room.txt:5:11: `shunt` begins a line of its own/,
    );
  });

  test('is told what its first line and its head are', () => {
    expect(refusal('# bmsgate scenario 2\n')).toContain('room.txt:1:1: ');
    expect(refusal('# bmsgate scenario 1\n0s a soc=5\n')).toMatch(/^room.txt:2:1: the bank is missing/);
  });

  test('never fails but by its own sentences', () => {
    const token = fc.oneof(
      fc.constantFrom(
        '0s',
        '1m',
        'all',
        'a',
        'expect',
        'restart',
        'shunt',
        'end',
        'i=-3',
        'cell0=1',
        'soc=1..2/3s',
        'ccl>=',
        '=',
        'a.=1',
        '__proto__=1',
      ),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(token, { maxLength: 4 }), { maxLength: 3 }), (lines) => {
        expect(typeof refused(...lines.map((words) => words.join(' ')))).toBe('string');
      }),
    );
  });
});

describe('bmsgate replay', { timeout: 300_000 }, () => {
  const root = join(import.meta.dirname, '..', '..');
  const folderOfOne = mkdtempSync(join(tmpdir(), 'bmsgate-scenario-'));
  const file = join(folderOfOne, 'room.txt');
  afterAll(() => rmSync(folderOfOne, { recursive: true }));

  const replay = (text: string, ...options: string[]) => {
    writeFileSync(file, text);
    return spawnSync(process.execPath, [join(root, 'src/main.ts'), 'replay', file, ...options], {
      encoding: 'utf8',
    });
  };

  test('explains a scenario', () => {
    const { status, stdout, stderr } = replay(`${head}0s all i=-10\n2s expect ccl=95\n`, '--explain');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toHaveLength(4);
  });

  test('fails when what the scenario expects does not hold, and says where', () => {
    const { status, stderr } = replay(`${head}2s expect ccl=95 ccl=38\n`, '--explain');
    expect([status, stderr]).toEqual([1, `${file}:${FIRST}:18: \`ccl=38\` does not hold at 2s; found: 95\n`]);
  });

  test('says that a scenario is not served', () => {
    const { status, stderr } = replay(`${head}2s end\n`);
    expect(status).toBe(1);
    expect(stderr).toContain('add `--explain`');
  });
});

describe('the table of a scenario', () => {
  /** Without the head and the stage that every bank begins in. */
  const table = (...lines: string[]) =>
    [...explained(play(scene(...lines)))].slice(1).filter((line) => line !== '         + stage bulk');

  test('has one row while nothing worth reading happens', () => {
    expect(table('0s all i=-10', '50s end')).toEqual([
      ' 0:00:00 fresh  50.0  52.80   -20.0  55.20   95.0 pack limit of a                 150.0 envelope',
    ]);
  });

  test('has a row when a cause changes, with the pack, the cell and its value', () => {
    const [, second] = table('0s all i=10', '10s b cell7=3.39', '10s end');
    expect(second).toBe(
      ' 0:00:10 fresh  50.0  52.84    20.0  55.20   52.2 highest cell 7 of b, 3.390 V    150.0 envelope',
    );
  });

  test('tells what begins and what is over', () => {
    expect(table('10s all warning=low_soc', '20s all warning=none', '22s end').slice(1)).toEqual([
      expect.stringContaining(' 0:00:10 '),
      '         + warning low_soc',
      expect.stringContaining(' 0:00:20 '),
      '         - warning low_soc',
    ]);
  });

  test('fits a terminal of 120 columns', () => {
    const lines = table('0s all t=-5 i=1000 soc=100 v=400', '10s b silent', '100s end');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});
