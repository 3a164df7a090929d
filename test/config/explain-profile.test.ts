// Each byte of each profile that is shipped leads to the line that made it.
import { describe, expect, test } from 'vitest';
import { explainProfile } from '../../src/config/explain-profile.ts';
import { profileIds, shippedProfiles } from '../../src/config/profile-paths.ts';
import type { Path } from '../../src/profile/document.ts';
import { type ExplainedProfile, lineKey } from '../../src/profile/explained.ts';
import type { Layout, Slot } from '../../src/profile/layout.ts';
import { stretchesOf } from '../../src/profile/serial/layout.ts';
import { explained } from './explained.ts';

const lineOf = ({ files, lines }: ExplainedProfile, path: Slot['path']): string => {
  const [file, line] = lines[lineKey(path)] ?? [-1, -1];
  return files[file]?.lines[line - 1] ?? 'no line';
};

/** What its line must say: its signal, the protocol's word, or, of what has neither, where it lies. */
function wordOf(slot: Slot): string {
  if (slot.kind === 'number' || slot.kind === 'text') return slot.from;
  if (slot.name === 'part') return 'part';
  if (slot.kind === 'bytes') return slot.bytes;
  return slot.name ?? 'at:';
}

const layoutsOf = ({ frames, windows, serial }: ExplainedProfile): Layout[] => [
  ...frames,
  ...windows,
  ...stretchesOf(serial?.answers ?? []),
];

const hex = (value: number): RegExp => new RegExp(`0x0*${value.toString(16)}\\b|\\b${value}\\b`, 'i');

/** Each entry that is heard, written or asked for, and what its line must say. */
const heardBy = ({
  hears,
  writable,
  coils,
  discretes,
  serial,
}: ExplainedProfile): [Path, string | RegExp][] => [
  ...hears.flatMap(({ path, spec, fields }): [Path, string | RegExp][] => [
    [path, hex(spec.id)],
    ...spec.where.map(({ is }, i): [Path, RegExp] => [[...path, 'where', i], new RegExp(`is: ${is}\\b`)]),
    ...fields.map((field): [Path, string] => [field.path, `means: ${field.means}`]),
  ]),
  ...writable.map(({ path, address }): [Path, RegExp] => [path, hex(address)]),
  ...[...coils, ...discretes].map(({ path, from }): [Path, RegExp] => [path, hex(from)]),
  ...(serial?.answers ?? []).flatMap(({ path, ask, parts }): [Path, string | RegExp][] => [
    [path, hex(ask)],
    ...parts.flatMap((part): [Path, string][] => {
      if (part.kind === 'row') return [[part.path, `row: ${part.row}`]];
      if (part.kind === 'states') return [[part.path, `states: ${part.states}`]];
      return part.kind === 'address' ? [[part.path, 'address: own']] : [];
    }),
  ]),
  ...(serial?.writes ?? []).map(({ code }, i): [Path, RegExp] => [['serial', 'writes', i], hex(code)]),
  ...(serial?.refuses ?? []).map(({ ask }, i): [Path, RegExp] => [['serial', 'refuses', i], hex(ask)]),
];

describe.each(profileIds(shippedProfiles))('%s', (id) => {
  test('shows the line of all that it hears, lets be written, or is asked for', () => {
    const shown = explained(id);
    const wrong = heardBy(shown).flatMap(([path, word]) => {
      const line = lineOf(shown, path);
      const isThere = typeof word === 'string' ? line.includes(word) : word.test(line);
      return isThere ? [] : [`${lineKey(path)} (${word}): ${line}`];
    });
    expect(wrong).toEqual([]);
  });

  test('shows the line of every signal, bit, text and constant', () => {
    const shown = explained(id);
    const layouts = layoutsOf(shown);
    expect(layouts.length).toBeGreaterThan(0);
    const wrong = layouts.flatMap(({ slots }) =>
      slots.flatMap((slot) => {
        const line = lineOf(shown, slot.path);
        return line.includes(wordOf(slot)) ? [] : [`${lineKey(slot.path)} (${wordOf(slot)}): ${line}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('shows where each frame or window begins', () => {
    const shown = explained(id);
    for (const { path } of layoutsOf(shown)) expect(lineOf(shown, path)).not.toBe('no line');
  });
});

describe('a profile on a base', () => {
  test('shows both files, and of what it does not say itself the line of the base', () => {
    const shown = explained('deye-lv');
    const [own, base] = shown.files;
    expect([own?.name, base?.name]).toEqual([
      expect.stringContaining('deye-lv.yaml'),
      expect.stringContaining('pylontech-lv.yaml'),
    ]);
    expect(Object.values(shown.lines).some(([file]) => file === 1)).toBe(true);
  });
});

describe('a profile whose file is another one than that in force', () => {
  test('is not shown: its lines are not those that make the bytes', () => {
    const found = explainProfile({
      inverter: 'house',
      named: 'pylontech-lv',
      settings: {},
      textHash: 'of another text',
      hasGoodCopies: false,
    });
    expect(found).toEqual({ why: expect.stringContaining('not the one in force') });
  });
});
