// Each byte of each profile that is shipped leads to the line that made it.
import { describe, expect, test } from 'vitest';
import { explainProfile } from '../../src/config/explain-profile.ts';
import { readProfile } from '../../src/config/profile-files.ts';
import { profileIds, shippedProfiles } from '../../src/config/profile-paths.ts';
import { textHash } from '../../src/config/profile-watch.ts';
import { type ExplainedProfile, lineKey } from '../../src/profile/explained.ts';
import type { Slot } from '../../src/profile/layout.ts';

function explained(id: string, settings = {}): ExplainedProfile {
  const hash = textHash(readProfile(id).texts);
  const found = explainProfile({
    inverter: 'house',
    named: id,
    settings,
    textHash: hash,
    hasGoodCopies: false,
  });
  if ('why' in found) throw new Error(found.why);
  return found;
}

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

describe.each(profileIds(shippedProfiles))('%s', (id) => {
  test('shows the line of every signal, bit, text and constant', () => {
    const shown = explained(id);
    const layouts = [...shown.frames, ...shown.windows];
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
    for (const { path } of [...shown.frames, ...shown.windows])
      expect(lineOf(shown, path)).not.toBe('no line');
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

describe('a profile of a codec', () => {
  test('says what has no fixed place', () => {
    expect(explained('pylontech-rs485').remark).toMatch(/no fixed place/);
    expect(explained('pylontech-lv').remark).toBeUndefined();
  });
});
