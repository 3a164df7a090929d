// What is really said of files that are wrong: YAML that is none, profiles with one mistake, and what the tests of the gateway file
// expect to be said of it.
import { parseGateway } from '../../src/config/gateway-file.ts';
import { type DocumentProblem, GatewayError } from '../../src/model/errors.ts';
import { openDocument } from '../../src/profile/document.ts';
import { parseProfile } from '../../src/profile/parse.ts';
import { profileText } from '../profile/profiles.ts';
import { HOLE, sourcesOf, writtenIn } from './written-sentences.ts';

/** One mistake of YAML each. */
const broken: readonly string[] = [
  'a: b: c\n',
  '[1, 2\n',
  '{ a: 1\n',
  'a: [1, 2\nb: 3\n',
  'x: { a: 1\ny: 2\n',
  'a: { b: 1 c: 2 }\n',
  'a: [1, , 2]\n',
  'a: { , b: 1 }\n',
  'a: { "b" c }\n',
  'a: ["b" "c"]\n',
  'a: [|b]\n',
  'a: |x\n  b\n',
  'a:\n  - 1\n - 2\n',
  'a:\n  - { b: 1 }\n    { b: 2 }\n',
  'a:\n  b: 1\n c: 2\n',
  'a:\n\tb: 1\n',
  "a: 'b\n",
  'a: "b\n',
  'a: @b\n',
  'a: %b\n',
  'a: "\\q"\n',
  'a: 1\nb\nc: 2\n',
  'a: - 1\n',
  'a: [1]#b\n',
  'a: [1] b\n',
  'a: [1]]\n',
  'a: !b c\n',
  'a: *b\n',
  'a: 1\na: 2\n',
  'a: 1\n---\nb: 2\n',
  'a: \uFFFD\n',
  '__proto__: 1\n',
  '- 1\n',
];

const ofYaml = (): readonly string[] =>
  broken.flatMap((text) => {
    const read = openDocument('a.yaml', text);
    return 'problems' in read ? read.problems.map(({ message }) => message) : [];
  });

/** To prove a profile takes tens of milliseconds: each of these is spoilt in each way in a few of its lines. */
const profiles = ['pylontech-lv', 'generic-modbus', 'pylontech-rs485'] as const;
const LINES_A_WAY = 2;

/** Ways to spoil a line. */
const spoilers: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z_]+):/, 'x$1:'],
  [/\bfrom: \w+/, 'from: alarms'],
  [/\bfrom: \w+/, 'from: heartbeat'],
  [/\bfrom: \w+/, 'from: thirst'],
  [/\bat: (0x)?\w+/, 'at: 7'],
  [/\bscale: [\d.]+/, 'scale: 1000'],
  [/: (0x)?\d[\w.]*/, ': 99999'],
  [/: (\w+)/, ': [$1]'],
  [/\brequired: true/, 'unknown: 1'],
  [/'([0-9a-f]{2} )/i, "'fe "],
];

function* spoilt(text: string): Generator<string> {
  const lines = text.split('\n');
  for (const [what, by] of spoilers) {
    const fitting = lines.flatMap((line, at) =>
      what.test(line) && !line.trim().startsWith('#') ? [at] : [],
    );
    const each = Math.max(1, Math.floor(fitting.length / LINES_A_WAY));
    for (const at of fitting.filter((_, nth) => nth % each === 0))
      yield lines.with(at, (lines[at] ?? '').replace(what, by)).join('\n');
  }
}

const ofProfiles = (): readonly string[] =>
  profiles.flatMap((id) =>
    [...spoilt(profileText(id))].flatMap((text) => {
      const read = parseProfile(`${id}.yaml`, text);
      return 'problems' in read ? read.problems.map(({ message }) => message) : [];
    }),
  );

/** Two batteries that get into each other's way. */
const pairs: readonly (readonly [string, string])[] = [
  ['bms: jbd, address: "A4:C1:38:00:00:01"', 'bms: jk, address: "A4:C1:38:00:00:01"'],
  ['bms: jbd, serial: /dev/ttyUSB0', 'bms: jk, serial: /dev/ttyUSB0'],
  ['bms: seplos-v3, address: "A4:C1:38:00:00:01"', 'bms: seplos-v3, address: "A4:C1:38:00:00:01"'],
  ['bms: seplos-v3, serial: /dev/ttyUSB0', 'bms: seplos-v3, serial: /dev/ttyUSB0'],
  [
    'bms: seplos-v3, unit: 1, adapter: hci0, address: "A4:C1:38:00:00:01"',
    'bms: seplos-v3, unit: 2, adapter: hci1, address: "A4:C1:38:00:00:01"',
  ],
];

const pairText = ([a, b]: (typeof pairs)[number]): string => `
batteries:
  - { id: a, cells: 16, ${a} }
  - { id: b, cells: 16, ${b} }
bank:
  strings: [[a], [b]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters: [{ id: house, profile: pylontech-lv, can: can0 }]
bluetooth: { adapters: [hci0, hci1] }
`;

function problemsOf(text: string): readonly string[] {
  try {
    parseGateway('g.yaml', text);
    return [];
  } catch (error) {
    if (!(error instanceof GatewayError) || !('problems' in error.details)) throw error;
    return error.details.problems.map(({ message }: DocumentProblem) => message);
  }
}

const ofPairs = (): readonly string[] => pairs.flatMap((pair) => problemsOf(pairText(pair)));

/** `10:24 an option …` */
const PLACED = /^\d+:\d+ (.+ .+)$/s;

/** What is expected of gateway files that are wrong. */
const ofGatewayFiles = (): readonly string[] =>
  sourcesOf(['test/config'])
    .flatMap(writtenIn)
    .flatMap(({ text }) => PLACED.exec(text.replaceAll(HOLE, '7'))?.[1] ?? []);

export const complained: readonly string[] = [
  ...new Set([...ofYaml(), ...ofProfiles(), ...ofPairs(), ...ofGatewayFiles()]),
];
