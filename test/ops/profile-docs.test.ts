import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedProfiles } from '../../src/config/profile-paths.ts';
import { problemText } from '../../src/model/errors.ts';
import { profileJsonSchema } from '../../src/profile/json-schema.ts';
import { type BaseOf, parseProfile } from '../../src/profile/parse.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/profiles.md'), 'utf8');
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);

const shelf: BaseOf = (id) => {
  const file = join(shippedProfiles, `${id}.yaml`);
  return { file, text: readFileSync(file, 'utf8') };
};

/** What a profile's check says, a line for each mistake. */
function problems(yaml: string): string[] {
  const result = parseProfile('docs/profiles.md', yaml, shelf);
  return 'problems' in result ? result.problems.map(problemText) : [];
}

const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

/** A frame of the page as a profile that sends nothing else but a sign of old data, with what the page says that it becomes. */
function aroundFrame(frame: string): string {
  const [, id = '', given = '', bytes = ''] =
    /^- id: (\S+)[\s\S]*# given (\{.*\}) it is ('.*')$/m.exec(frame) ?? [];
  return `id: from-the-page
version: '1.0.0'
title: one frame
inverters: [{ brand: any, models: any }]
evidence: inferred
lacks: [charge_voltage_limit_V, charge_current_limit_A, discharge_current_limit_A, soc_told_pct, voltage_V, current_A]
can:
  bitrate: 500000
  every: 1s
  frames:
${indented(frame, 4)}
    - { id: 0x7F0, length: 1, bits: [{ at: 0, bit: 0, since: stale }] }
lost: silent
examples:
  - given: ${given}
    then: { ${id}: ${bytes} }
`;
}

const wholes = blocks.filter((block) => /^id: /m.test(block));
const frames = blocks.filter((block) => block.startsWith('- id: '));

describe('the page about profiles', () => {
  test('shows nothing but whole profiles and frames', () => {
    expect(wholes.length).toBeGreaterThan(3);
    expect(frames.length).toBeGreaterThan(5);
    expect(wholes.length + frames.length).toBe(blocks.length);
  });

  test.each(wholes.map((yaml) => [/^title: (.*)$/m.exec(yaml)?.[1] ?? '', yaml]))(
    'a whole profile of it is taken: %s',
    (_, yaml) => {
      expect(problems(yaml)).toEqual([]);
    },
  );

  test.each(frames.map((yaml) => [yaml.split('\n')[0] ?? '', yaml]))(
    'an entry of it becomes the bytes that it says: %s',
    (_, yaml) => {
      expect(problems(aroundFrame(yaml))).toEqual([]);
      expect(
        problems(aroundFrame(yaml.replace(/it is '(.)/, (_, c) => `it is '${c === '1' ? '2' : '1'}`))),
      ).not.toEqual([]);
    },
  );

  test('names every key that a profile may have', () => {
    const missing = keysOf(profileJsonSchema()).filter((key) => !new RegExp(`\\b${key}\\b`).test(page));
    expect(missing).toEqual([]);
  });

  test('ends in the command that proves a profile', () => {
    expect(page.trim().split('\n').slice(-2).join('\n')).toBe('npx bmsgate check my-inverter.yaml\n```');
  });
});

/** Every key of the grammar, those of a written state apart: they are the catalogue's names. */
function keysOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysOf);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key === 'given') return [];
    const own = key === 'properties' && typeof value === 'object' ? Object.keys(value ?? {}) : [];
    return [...new Set([...own, ...keysOf(value)])];
  });
}
