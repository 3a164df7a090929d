// What is really said of files that are wrong: YAML that is none, profiles with one mistake, and what the tests of the gateway file
// expect to be said of it.
import { openDocument } from '../../src/profile/document.ts';
import { parseProfile } from '../../src/profile/parse.ts';
import { profileText } from '../profile/profiles.ts';
import { HOLE, sourcesOf, writtenIn } from './written-sentences.ts';

/** One mistake of YAML each. */
const broken: readonly string[] = [
  'a: b: c\n',
  'a: [1, 2\nb: 3\n',
  '[1, 2\n',
  '{ a: 1\n',
  'x: { a: 1\ny: 2\n',
  'a: { b: 1 c: 2 }\n',
  'a: [1, , 2]\n',
  'a: { , b: 1 }\n',
  'a: [[1] [2]]\n',
  'a: { b:1 }\n',
  'a:\n  - 1\n - 2\n',
  'a:\n  b: 1\n c: 2\n',
  'a:\n\tb: 1\n',
  "a: 'b\n",
  'a: "b\n',
  'a: @b\n',
  'a: %b\n',
  'a: "\\q"\n',
  'a: 1\nb\n',
  'a: 1\nb\nc: 2\n',
  'a: [b\nc: 1]\n',
  'a: - 1\n',
  'a: [1]#b\n',
  'a: [1] b\n',
  'a: !b c\n',
  'a: [1]]\n',
  'a: {1}}\n',
  'a: [\n- 1\n]\n',
  '- a\nb: 1\n',
  'a: "x" y\n',
  'a: b\n  c: d\n',
  'a: |x\n  b\n',
  'a: [\n1,\n2\n]\n',
  'x:\n  a: [1,\n2]\n',
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
    const fitting = lines.flatMap((line, at) => (what.test(line) && !line.trim().startsWith('#') ? [at] : []));
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

/** `10:24 an option …` */
const PLACED = /^\d+:\d+ (.+ .+)$/s;

/** What is expected of gateway files that are wrong. */
const ofGatewayFiles = (): readonly string[] =>
  sourcesOf(['test/config'])
    .flatMap(writtenIn)
    .flatMap(({ text }) => PLACED.exec(text.replaceAll(HOLE, '7'))?.[1] ?? []);

export const complained: readonly string[] = [
  ...new Set([...ofYaml(), ...ofProfiles(), ...ofGatewayFiles()]),
];
