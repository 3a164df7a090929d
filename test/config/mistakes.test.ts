import { describe, expect, test } from 'vitest';
import { driverIds } from '../../src/bms/drivers.ts';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { inverterProblems } from '../../src/config/read-configuration.ts';
import { type DocumentProblem, GatewayError } from '../../src/model/errors.ts';

const right = `batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16, capacity_Ah: 100 }
  - { id: b, bms: jbd, address: "A4:C1:38:00:00:02", cells: 16, capacity_Ah: 100 }
bank:
  strings: [[a], [b]]
  chemistry: lfp
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: house, profile: pylontech-lv, can: can0 }
  - { id: ems, profile: generic-modbus, serial: /dev/ttyUSB0, baud: 9600, unit: 1 }
bluetooth: { adapter: hci0, poll: 2s }
`;

/** Everything wrong with the file, \`line:column sentence\`. */
function problemsOf(text: string): string[] {
  try {
    return inverterProblems(parseGateway('g.yaml', text)).map((p) => `${p.line}:${p.column} ${p.message}`);
  } catch (error) {
    if (!(error instanceof GatewayError) || !('problems' in error.details)) throw error;
    return error.details.problems.map((p: DocumentProblem) => `${p.line}:${p.column} ${p.message}`);
  }
}

/** The file with one mistake. */
function mistaken(from: string, to: string): string {
  if (!right.includes(from)) throw new Error(`the right file does not have ${from}`);
  return right.replace(from, to);
}

const more = (line: string) => ['  - { id: ems', `  - { ${line} }\n  - { id: ems`] as const;
const freshness = (text: string) =>
  ['  chemistry: lfp', `  chemistry: lfp\n  freshness: { ${text} }`] as const;

test('the right file is right', () => {
  expect(problemsOf(right)).toEqual([]);
});

describe('a mistake is told at its place, with what to do', () => {
  test.each<[name: string, mistake: readonly [from: string, to: string], told: readonly string[]]>([
    [
      'a key that nobody knows',
      ['cells: 16, capacity_Ah: 100 }\n  - { id: b', 'cels: 16, capacity_Ah: 100 }\n  - { id: b'],
      ['2:5 `cells` is missing; add it: a number', '2:54 unknown key `cels`; did you mean `cells`?'],
    ],
    [
      'a port that no listener has',
      more('id: x, profile: generic-modbus, tcp: "127.0.0.1:0"'),
      ['10:44 a port is 1 to 65535'],
    ],
    [
      'metrics at the port of an inverter',
      [
        'serial: /dev/ttyUSB0, baud: 9600, unit: 1 }',
        'tcp: "127.0.0.1:1502" }\nmetrics: { listen: 0.0.0.0:01502 }',
      ],
      ['11:20 inverter `ems` is served at port 1502; take another port'],
    ],
    [
      'the page at the port of the metrics',
      ['bluetooth: {', 'metrics: {}\nweb: { listen: "0.0.0.0:9469" }\nbluetooth: {'],
      ['12:16 `metrics` listens at port 9469; take another port'],
    ],
    [
      'a page with half a certificate',
      ['bluetooth: {', 'web: { tls: { certificate_file: /etc/bmsgate/page.pem } }\nbluetooth: {'],
      ['11:13 `key_file` is missing; add it: a text'],
    ],
    [
      'metrics without a port',
      ['bluetooth: {', 'metrics: { listen: localhost }\nbluetooth: {'],
      ['11:20 write host and port, e.g. "127.0.0.1:9469"'],
    ],
    [
      'an interface that is a path',
      ['can: can0', 'can: ../can0'],
      ['9:46 a CAN interface is called `can0`, `vcan0` …; `ip -br link` lists them'],
    ],
    [
      'a port that is not a path',
      ['serial: /dev/ttyUSB0', 'serial: ttyUSB0'],
      ['10:49 write the whole path, beginning with `/`'],
    ],
    [
      'a silence that no timer counts, and an answer that no master waits for',
      ['baud: 9600', 'idle: 30d, reply_delay: 1s'],
      ['10:69 this is at most 1000ms', '10:87 this is at most 50ms'],
    ],
    [
      'a battery twice',
      ['id: b,', 'id: a,'],
      [
        '3:11 battery `a` is listed twice; give each battery its own id',
        '5:19 battery `b` is not listed under `batteries`; list it or correct the name',
      ],
    ],
    [
      'an address twice',
      ['00:00:02', '00:00:01'],
      ['3:33 address a4:c1:38:00:00:01 belongs to battery `a`, and a `jbd` has one of its own; correct it'],
    ],
    [
      'a unit of a family that has none',
      ['id: b, bms: jbd', 'id: b, unit: 2, bms: jbd'],
      ['3:14 a `jbd` has no units; take it out'],
    ],
    [
      'a battery on an adapter that the file does not have',
      ['id: b, bms: jbd', 'id: b, adapter: hci1, bms: jbd'],
      [
        '3:23 hci1 is not among the adapters of this file (hci0); list it in `bluetooth.adapters` or name another',
      ],
    ],
    [
      'one adapter and several',
      ['adapter: hci0', 'adapter: hci0, adapters: [hci0]'],
      ['11:14 give `adapter` or `adapters`, not both; take this one out'],
    ],
    [
      'an adapter twice',
      ['adapter: hci0', 'adapters: [hci0, hci0]'],
      ['11:31 adapter hci0 is listed twice; take one out'],
    ],
    [
      'an adapter that no battery is pinned to',
      ['adapter: hci0', 'adapters: [hci0, hci1]'],
      [
        '11:31 no battery is pinned to hci1; give those that it shall hear `adapter: hci1`, or make it the `stand_in`',
      ],
    ],
    [
      'a stand-in that has work of its own',
      ['adapter: hci0', 'adapter: hci0, stand_in: hci0'],
      ['11:39 hci0 serves batteries already; a stand-in is an adapter that serves none'],
    ],
    [
      'no links at all',
      ['adapter: hci0', 'adapter: hci0, slots: 0'],
      ['11:36 `slots` is `0`; write at least 1'],
    ],
    [
      'two batteries that take turns on one link and become too old',
      ['adapter: hci0', 'adapter: hci0, slots: 1'],
      [
        '3:33 2 batteries would take turns on the 1 links of hci0, and what is known of one would become 7.4 s old, where 6 s is fresh; it can serve 1: poll every 5s, or pin some to another adapter (`bluetooth.adapters`) or a Bluetooth proxy, or raise `bluetooth.slots` if this one holds more links',
      ],
    ],
    [
      'an address without quotes',
      ['"A4:C1:38:00:00:02"', '12345'],
      ['3:33 `address` is `12345`; write a text'],
    ],
    [
      'an address that is none',
      ['A4:C1:38:00:00:02', 'A4:C1:38:00:02'],
      ['3:33 an address is six hex pairs in quotes, e.g. "A4:C1:38:00:00:01"; `bmsgate scan` shows them'],
    ],
    [
      'a BMS that is not known',
      ['jbd, address: "A4:C1:38:00:00:02"', 'jdb, address: "A4:C1:38:00:00:02"'],
      [`3:19 BMS \`jdb\` is not known; known are: ${driverIds.join(', ')}`],
    ],
    [
      'no cells',
      ['cells: 16, capacity_Ah: 100 }\n  - { id: b', 'capacity_Ah: 100 }\n  - { id: b'],
      ['2:5 `cells` is missing; add it: a number'],
    ],
    [
      'a name with a space',
      ['id: b,', 'id: "b 2",'],
      ['3:11 a name is letters, digits, `-` and `_`, e.g. `garage-2`'],
    ],
    [
      'a name that JavaScript keeps for itself',
      ['id: b,', 'id: constructor,'],
      ['3:11 this name has a meaning of its own here; take another'],
    ],
    [
      'a string of a battery that is not listed',
      ['[b]]', '[c]]'],
      [
        '3:11 battery `b` stands in no string; name it in `bank.strings` or take it out',
        '5:19 battery `c` is not listed under `batteries`; list it or correct the name',
      ],
    ],
    [
      'a battery in two strings',
      ['[[a], [b]]', '[[a], [b], [a]]'],
      ['5:24 battery `a` is used twice; a battery stands in one string, once'],
    ],
    [
      'a battery in no string',
      ['[[a], [b]]', '[[a]]'],
      ['3:11 battery `b` stands in no string; name it in `bank.strings` or take it out'],
    ],
    [
      'unequal strings',
      ['00:02", cells: 16', '00:02", cells: 15'],
      [
        '5:18 this string has 15 cells in series, the first has 16; strings in parallel must have equally many',
      ],
    ],
    [
      'no envelope',
      [
        '  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }\n',
        '',
      ],
      ['5:3 `envelope` is missing; add it: a map (`key: value`)'],
    ],
    [
      'a chemistry that is not known',
      ['lfp', 'nca'],
      ['6:14 chemistry `nca` is not known; known are: lead-acid, lfp, lto, nimh, nmc'],
    ],
    [
      'an envelope above the chemistry',
      ['3.60', '3.70'],
      ['7:76 3.7 V is above 3.65 V, the end of lfp; lower it'],
    ],
    [
      'an envelope below the chemistry',
      ['2.80', '2.40'],
      ['7:94 2.4 V is below 2.5 V, the end of lfp; raise it'],
    ],
    [
      'an envelope upside down',
      ['3.60, cell_min_V: 2.80', '3.00, cell_min_V: 3.10'],
      ['7:94 3.1 V is not below `cell_max_V` (3 V); correct one of them'],
    ],
    [
      'an envelope that ends where the chemistry is empty',
      ['3.60, cell_min_V: 2.80', '2.85, cell_min_V: 2.60'],
      ['7:76 2.85 V leaves nothing above 2.9 V, where lfp is empty; raise it'],
    ],
    [
      'an envelope that begins where the chemistry is full',
      ['2.80', '3.50'],
      ['7:94 3.5 V leaves nothing below 3.45 V, where lfp is full; lower it'],
    ],
    [
      'an envelope of no current',
      ['charge_current_A: 100, d', 'charge_current_A: 0, d'],
      ['7:33 `charge_current_A` is `0`; write more than 0'],
    ],
    [
      'an inverter twice',
      ['id: ems,', 'id: house,'],
      ['10:11 inverter `house` is listed twice; give each inverter its own id'],
    ],
    [
      'two wires',
      ['can: can0 }', 'can: can0, tcp: "127.0.0.1:1502" }'],
      ['9:5 inverter `house` has can and tcp; give it one of `can`, `serial`, `tcp`'],
    ],
    [
      'no wire',
      [', can: can0', ''],
      ['9:5 inverter `house` has no wire; give it one of `can`, `serial`, `tcp`'],
    ],
    [
      'a baud rate on CAN',
      ['can: can0 }', 'can: can0, baud: 9600 }'],
      ['9:52 `baud` belongs to a `serial` line; take it out'],
    ],
    [
      'a unit on CAN',
      ['can: can0 }', 'can: can0, unit: 1 }'],
      ['9:52 `unit` belongs to Modbus; take it out'],
    ],
    [
      'a Modbus profile on CAN',
      ['profile: pylontech-lv', 'profile: generic-modbus'],
      ['9:27 profile `generic-modbus` speaks Modbus; give `serial` or `tcp`'],
    ],
    [
      'a CAN profile on a serial line',
      ['generic-modbus, serial: /dev/ttyUSB0, baud: 9600, unit: 1', 'pylontech-lv, serial: /dev/ttyUSB0'],
      ['10:25 profile `pylontech-lv` speaks CAN; give `can: can0`'],
    ],
    [
      'a profile that is not there',
      ['pylontech-lv', 'pilontech-lv'],
      ['9:27 there is no profile `pilontech-lv`; did you mean `pylontech-lv`?'],
    ],
    [
      'an option the profile does not have',
      ['can: can0 }', 'can: can0, options: { manufactuer: X } }'],
      ['9:27 profile `pylontech-lv`: unknown option `manufactuer`; did you mean `manufacturer`?'],
    ],
    [
      'a port without a host',
      ['serial: /dev/ttyUSB0, baud: 9600, unit: 1', 'tcp: "1502"'],
      ['10:46 write host and port, e.g. "127.0.0.1:1502"'],
    ],
    [
      'a port that no machine has',
      ['serial: /dev/ttyUSB0, baud: 9600, unit: 1', 'tcp: "127.0.0.1:70000"'],
      ['10:46 a port is 1 to 65535'],
    ],
    [
      'a poll too slow for the promise',
      ['poll: 2s', 'poll: 6s'],
      ['11:35 the poll period is 1s to 5s; the promise on stale data rests on it'],
    ],
    [
      'a poll too fast for the radio',
      ['poll: 2s', 'poll: 500ms'],
      ['11:35 the poll period is 1s to 5s; the promise on stale data rests on it'],
    ],
    [
      'a poll without its unit',
      ['poll: 2s', 'poll: 2'],
      ['11:35 this is no time span; write one like `500ms`, `2s`, `10m`, `1h` or `400d`'],
    ],
    [
      'an adapter by its address',
      ['hci0', '"00:11:22:33:44:55"'],
      ['11:23 an adapter is called `hci0`, `hci1` …'],
    ],
    [
      'an age made longer',
      freshness('late: 20s'),
      ['7:22 `late` is 6s to 15s; ages may be shortened, not lengthened'],
    ],
    [
      'an age shorter than three polls',
      freshness('late: 5s'),
      ['7:22 `late` is 6s to 15s; ages may be shortened, not lengthened'],
    ],
    [
      'a ramp made longer',
      freshness('ramp: 11s'),
      ['7:22 `ramp` is 1s to 10s; ages may be shortened, not lengthened'],
    ],
    [
      'lost before the ramp is over',
      freshness('lost: 20s'),
      ['7:22 `lost` is 25s to 60s; ages may be shortened, not lengthened'],
    ],
    [
      'discharge granted for longer than a minute',
      freshness('discharge_stale_after: 61s'),
      ['7:39 `discharge_stale_after` is 15s to 60s; ages may be shortened, not lengthened'],
    ],
    [
      'two inverters with the same frames on one CAN',
      more('id: two, profile: pylontech-lv, can: can0'),
      [
        '10:5 `two` and `house` share can0, and both send frame 0x351; give one of them another CAN interface',
      ],
    ],
    [
      'company for an inverter that bears none',
      more('id: two, profile: sma, can: can0'),
      [
        '10:5 `two` and `house` share can0, and `sma` bears nobody else on its bus; give it a CAN interface of its own',
      ],
    ],
    [
      'half an address',
      more('id: two, profile: pylontech-hv, can: can1, options: { address: 1.5 }'),
      ['10:25 profile `pylontech-hv`: option `address` is `1.5`; write a whole number from 0 to 15'],
    ],
    [
      'two units with one id on one line',
      more('id: two, profile: generic-modbus, serial: /dev/ttyUSB0, baud: 9600, unit: 1'),
      ['11:5 `ems` and `two` share /dev/ttyUSB0, and both answer as unit 1; give one of them another `unit`'],
    ],
    [
      'two units on one line with unlike settings',
      more('id: two, profile: generic-modbus, serial: /dev/ttyUSB0, baud: 19200, unit: 2'),
      [
        '11:5 `ems` and `two` share /dev/ttyUSB0, and they want different line settings (baud); make them equal or use another line',
      ],
    ],
    [
      'two units on one line with unlike manners',
      more('id: two, profile: generic-modbus, serial: /dev/ttyUSB0, baud: 9600, unit: 2, reply_delay: 5ms'),
      [
        '11:5 `ems` and `two` share /dev/ttyUSB0, and they want different line settings (reply_delay); make them equal or use another line',
      ],
    ],
    [
      'a tab instead of spaces',
      ['  strings', '\tstrings'],
      [
        '5:1 this is not YAML: tabs are not allowed as indentation; correct it here or in the line above',
        '6:1 this is not YAML: all mapping items must start at the same column; correct it here or in the line above',
        '7:1 this is not YAML: all mapping items must start at the same column; correct it here or in the line above',
      ],
    ],
    ['an alias', ['lfp', '*x'], ['6:14 aliases (`*name`) are not taken here; write the value out']],
  ])('%s', (_, [from, to], told) => {
    expect(problemsOf(mistaken(from, to))).toEqual(told);
  });

  test('two units on one TCP port with one id', () => {
    const tcp = mistaken('serial: /dev/ttyUSB0, baud: 9600, unit: 1', 'tcp: "127.0.0.1:1502"');
    const two = tcp.replace(...more('id: two, profile: generic-modbus, tcp: "127.0.0.1:1502"'));
    expect(problemsOf(two)).toEqual([
      '11:5 `ems` and `two` share 127.0.0.1:1502, and both answer as unit 1; give one of them another `unit`',
    ]);
    expect(problemsOf(two.replace('1502" }\n  - { id: ems', '1502", unit: 2 }\n  - { id: ems'))).toEqual([]);
  });

  test.each([
    ['two adapters with a battery each', '- { id: b,', 'adapters: [hci0, hci1]', '- { id: b, adapter: hci1,'],
    ['a stand-in', '- { id: b,', 'adapter: hci0, stand_in: hci1', '- { id: b,'],
    ['turns that keep every battery fresh', '- { id: b,', 'adapter: hci0, slots: 2', '- { id: b,'],
  ])('%s are right', (_, from, adapters, to) => {
    expect(problemsOf(mistaken(from, to).replace('adapter: hci0', adapters))).toEqual([]);
  });

  test('several mistakes are told together, from the top down', () => {
    const problems = problemsOf(mistaken('[[a], [b]]', '[[a], [c]]').replace('poll: 2s', 'poll: 9s'));
    expect(problems.map((p) => p.split(' ')[0])).toEqual(['3:11', '5:19', '11:35']);
  });
});
