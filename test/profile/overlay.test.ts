import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { problemText } from '../../src/model/errors.ts';
import { compileProfile } from '../../src/profile/compile.ts';
import { profileJsonSchema } from '../../src/profile/json-schema.ts';
import { type BaseOf, parseProfile } from '../../src/profile/parse.ts';
import type { Profile } from '../../src/profile/schema.ts';
import { profileText, taken } from './profiles.ts';

const shelf: BaseOf = (id) => ({ file: `${id}.yaml`, text: profileText(id) });
const base = taken(profileText('pylontech-lv'));

const parsed = (text: string, baseOf: BaseOf = shelf) => parseProfile('brand.yaml', text, baseOf);

function whole(text: string, baseOf?: BaseOf): Profile {
  const result = parsed(text, baseOf);
  if ('problems' in result) throw new Error(result.problems.map(problemText).join('\n'));
  return result.profile;
}

const refused = (text: string, baseOf?: BaseOf): string[] => {
  const result = parsed(text, baseOf);
  return 'problems' in result ? result.problems.map(problemText) : [];
};

const state =
  'soc_pct: 73.5, voltage_V: 52.34, current_A: -12.3, temperature_C: -5.5, charge_voltage_limit_V: 56.8';
const limits = 'charge_current_limit_A: 100, discharge_current_limit_A: 120';

/** An overlay of the shipped profile: its own words, then what differs, then its proof. */
const overlay = (rest: string, then = '0x355: "49 00 64 00"'): string => `id: brand
version: '1.0.0'
title: A brand of the family
base: pylontech-lv
inverters: [{ brand: Brand, models: all }]
evidence: field
${rest}
examples:
  - given: { ${state}, ${limits} }
    then: { ${then} }
`;
/** The line where `rest` begins. */
const LINE = 7;

const frameOf = (profile: Profile, id: number) => profile.can?.frames.filter((frame) => frame.id === id);
const idsOf = (profile: Profile) => profile.can?.frames.map(({ id }) => id);

describe('a profile that names a base', () => {
  test('is the base under its own name, with its own proof', () => {
    const { id, title, evidence, sources, examples, can, options, lost } = whole(overlay(''));
    expect([id, title, evidence, sources]).toEqual(['brand', 'A brand of the family', 'field', []]);
    expect(examples).toHaveLength(1);
    expect({ can, options, lost }).toEqual({ can: base.can, options: base.options, lost: base.lost });
  });

  test('sends what it says itself, and the rest as the base does', () => {
    const text = overlay('can: { every: 500ms, frames: [{ id: 0x356, length: 8 }] }');
    const { can } = compileProfile(whole(text));
    expect(can?.everyMs).toBe(500);
    expect(can?.bitrate).toBe(500_000);
    expect(idsOf(whole(text))).toEqual(base.can?.frames.map(({ id }) => id));
    expect(frameOf(whole(text), 0x356)).toEqual([{ ...frameOf(base, 0x356)?.[0], length: 8 }]);
  });

  test('replaces lists whole: bits, what is received, what it lacks', () => {
    const text = overlay(
      'can: { receives: [{ id: 0x307 }], frames: [{ id: 0x35C, bits: [{ at: 0, bit: 0, flags: [charge_enable] }] }] }',
    );
    expect(frameOf(whole(text), 0x35c)?.[0]?.bits).toHaveLength(1);
    expect(whole(text).can?.receives.map(({ id }) => id)).toEqual([0x307]);
  });

  test('joins options by name, key by key; another kind is another option', () => {
    const { options } = whole(
      overlay(`options:
  manufacturer: { default: BRAND }
  stale_sign: { default: protection }
  temperature: { kind: choice, values: [required, none, both], default: required, title: t }
  extra: { kind: flag, default: false, title: x }`),
    );
    expect(options.manufacturer).toEqual({ ...base.options.manufacturer, default: 'BRAND' });
    expect(options.stale_sign).toEqual({ ...base.options.stale_sign, default: 'protection' });
    expect(options.temperature).toMatchObject({ values: ['required', 'none', 'both'], title: 't' });
    expect(options.extra).toEqual({ kind: 'flag', default: false, title: 'x' });
  });

  test('may make an option of another kind, of which nothing is left', () => {
    const { options } = whole(
      overlay(
        'options: { manufacturer: { kind: text, default: X, title: T }, other: { kind: flag, default: true, title: o } }',
      ),
    );
    expect(options.manufacturer).toEqual({ kind: 'text', default: 'X', title: 'T' });
    const text = overlay('options: { manufacturer: { kind: flag, default: true, title: T } }');
    expect(refused(text)[0]).toContain('which is a text');
  });

  test('adds frames at the end and leaves frames out', () => {
    const text = overlay(`without: [0x35C, 0x35E]
can:
  frames:
    - { id: 0x370, length: 2, constants: [{ at: 0, bytes: '01 02' }] }`);
    const kept = idsOf(base)?.filter((id) => id !== 0x35c && id !== 0x35e) ?? [];
    expect(idsOf(whole(text))).toEqual([...kept, 0x370]);
  });

  test('leaves out the options that only those frames had, unless it has them itself', () => {
    const { options } = whole(overlay('without: [0x35E]'));
    expect(Object.keys(options)).toEqual(Object.keys(base.options).filter((name) => name !== 'manufacturer'));
    const kept = whole(overlay('without: [0x35E]\noptions: { manufacturer: { default: X } }'));
    expect(kept.options.manufacturer).toMatchObject({ kind: 'text', default: 'X' });
  });

  test('writes a frame anew that it leaves out and gives', () => {
    const text = overlay(`without: [0x35C]
can: { frames: [{ id: 0x35C, length: 1, constants: [{ at: 0, bytes: 'C0' }] }] }`);
    expect(frameOf(whole(text), 0x35c)).toMatchObject([{ length: 1, bits: [] }]);
  });

  test('is taken on Modbus as well, list by list', () => {
    const text = overlay('modbus: { units: [7] }', '0x0100: "00 49"').replace(
      'pylontech-lv',
      'generic-modbus',
    );
    const { modbus } = whole(text);
    expect(modbus?.units).toEqual([7]);
    expect(modbus?.signals).toEqual(taken(profileText('generic-modbus')).modbus?.signals);
  });

  test('is proven by its own examples', () => {
    expect(refused(overlay('', '0x355: "4A 00 64 00"'))[0]).toContain(
      'brand.yaml:10:20: the example does not match: 0x355 should be 4A 00 64 00, but is 49 00 64 00',
    );
  });
});

describe('of several frames of one id', () => {
  const parts: BaseOf = () => ({
    file: 'parts.yaml',
    text: profileText('pylontech-lv').replace(
      '  receives:\n',
      `    - { id: 0x400, length: 2, part: { at: 0, value: 1 }, constants: [{ at: 1, bytes: '11' }] }
    - { id: 0x400, length: 2, part: { at: 0, value: 2 }, constants: [{ at: 1, bytes: '22' }] }
    - { id: 0x401, length: 1, when: { temperature: none }, constants: [{ at: 0, bytes: '33' }] }
    - { id: 0x401, length: 1, when: { temperature: required }, constants: [{ at: 0, bytes: '44' }] }
  receives:
`,
    ),
  });
  const changed = (frame: string) => overlay(`can: { frames: [{ ${frame} }] }`);
  const bytesOf = (text: string, id: number) =>
    frameOf(whole(text, parts), id)?.map(({ constants }) => constants[0]?.bytes);

  test('the one with the same part, or the same `when`, is meant', () => {
    const second = changed("id: 0x400, part: { value: 2, at: 0 }, constants: [{ at: 1, bytes: '99' }]");
    expect(bytesOf(second, 0x400)).toEqual(['11', '99']);
    const colder = changed("id: 0x401, when: { temperature: none }, constants: [{ at: 0, bytes: '99' }]");
    expect(bytesOf(colder, 0x401)).toEqual(['99', '44']);
  });

  test('one with another part is added', () => {
    const third = changed(
      "id: 0x400, length: 2, part: { at: 0, value: 3 }, constants: [{ at: 1, bytes: '99' }]",
    );
    expect(bytesOf(third, 0x400)).toEqual(['11', '22', '99']);
  });

  test('an overlay that does not say which is told to', () => {
    expect(refused(changed("id: 0x400, constants: [{ at: 1, bytes: '99' }]"), parts)).toEqual([
      `brand.yaml:${LINE}:17: the base has 2 frames 0x400; say by \`part\` or \`when\`, as it stands there, which one is meant`,
    ]);
  });

  test('one with 29 bits is another frame than one with 11', () => {
    const text = changed("id: 0x351, extended: true, length: 1, constants: [{ at: 0, bytes: '01' }]");
    expect(frameOf(whole(text), 0x351)?.map(({ extended }) => extended)).toEqual([false, true]);
  });
});

describe('a mistake in an overlay', () => {
  test.each<[string, string, string]>([
    ['in a key of its own', 'lots: hold', `${LINE}:1: unknown key \`lots\`; did you mean \`lost\`?`],
    ['in a value of its own', 'lost: hodl', `${LINE}:7: \`lost\` is the text \`hodl\``],
    [
      'in a frame of its own',
      'can:\n  frames:\n    - { id: 0x356, lenght: 4 }',
      `${LINE + 2}:20: unknown key \`lenght\`; did you mean \`length\`?`,
    ],
    [
      'in a new frame',
      'can:\n  frames:\n    - { id: 0x370 }',
      `${LINE + 2}:7: \`length\` is missing; add it`,
    ],
    [
      'in a frame that it leaves out',
      'without: [0x35C, 0x35D]',
      `${LINE}:18: the base sends no frame 0x35D; it sends 0x351, 0x355, `,
    ],
    ['in the list itself', 'can: { frames: 5 }', `${LINE}:16: \`frames\` is \`5\`; write a list`],
    ['in a section', 'can: 5', `${LINE}:6: \`can\` is \`5\`; write a map`],
    ['in its options', 'options: 5', `${LINE}:10: \`options\` is \`5\`; write a map`],
    [
      'in an option',
      'options: { stale_sign: { default: red } }',
      `${LINE}:35: option \`stale_sign\` is \`red\`; write one of `,
    ],
  ])('%s is shown at its place', (_, rest, words) =>
    expect(refused(overlay(rest))[0]).toContain(`brand.yaml:${words}`),
  );

  test('that makes something of the base wrong is shown at what it changes, with the place in the base', () => {
    expect(refused(overlay('can:\n  frames:\n    - { id: 0x356, length: 4 }'))[0]).toMatch(
      new RegExp(
        `^brand.yaml:${LINE + 2}:7: .* 0x356 has 4 bytes .*; it stems from base \`pylontech-lv\` \\(pylontech-lv.yaml:\\d+:\\d+\\)$`,
      ),
    );
  });

  test('of the base is shown at `base:`, with the place in the base', () => {
    const spoilt: BaseOf = (id) => ({
      file: 'p.yaml',
      text: profileText(id).replace('scale: 0.01', 'scale: 0'),
    });
    expect(refused(overlay(''), spoilt)).toEqual([
      expect.stringMatching(
        /^brand.yaml:4:7: a scale of 0 says nothing; .*; it stems from base `pylontech-lv` \(p.yaml:\d+:\d+\)$/,
      ),
    ]);
  });

  test('what neither of the two says is missing here, and so is what nobody inherits', () => {
    const silent: BaseOf = (id) => ({ file: 'p.yaml', text: profileText(id).replace('\nlost: hold', '') });
    expect(refused(overlay(''), silent)).toEqual([
      expect.stringMatching(/^brand.yaml:1:1: `lost` is missing/),
    ]);
    expect(refused(overlay('').replace("version: '1.0.0'\n", ''))[0]).toContain(
      'brand.yaml:1:1: `version` is missing',
    );
  });
});

describe('a base that cannot be had', () => {
  test.each<[string, string, BaseOf, string]>([
    [
      'is not there',
      'base: pylontech-lv',
      (id) => `there is no profile \`${id}\``,
      '4:7: there is no profile `pylontech-lv`',
    ],
    [
      'is the profile itself',
      'base: brand',
      (id) => `there is no profile \`${id}\``,
      '4:7: a profile cannot stand on itself, and there is no other `brand`',
    ],
    ['is no text', 'base: 5', shelf, '4:7: this is no profile; write the id of one'],
    [
      'stands on a base itself',
      'base: pylontech-lv',
      () => ({ file: 'p.yaml', text: 'base: byd\nid: x' }),
      '4:7: p.yaml stands on the base `byd` itself; name `byd`, or write the profile out',
    ],
    [
      'is no YAML',
      'base: pylontech-lv',
      () => ({ file: 'p.yaml', text: 'a: 1\na: 2' }),
      '4:7: base `pylontech-lv` (p.yaml:2:1): key `a` is given twice',
    ],
  ])('because it %s', (_, line, baseOf, words) =>
    expect(refused(overlay('').replace('base: pylontech-lv', line), baseOf)[0]).toContain(
      `brand.yaml:${words}`,
    ),
  );

  test('is not looked for where there are no folders', () => {
    const result = parseProfile('brand.yaml', overlay(''));
    expect('problems' in result && result.problems[0]?.message).toContain('cannot be looked for here');
  });

  test('because none is named leaves nothing to leave out', () => {
    const text = `${profileText('pylontech-lv')}\nwithout: [0x35C]\n`;
    expect(refused(text)[0]).toContain('there is no base to leave a frame out of; add `base:`');
  });
});

describe('an editor', () => {
  const fits = new Ajv({ strict: false }).compile(profileJsonSchema());
  const errorsOf = (text: string) => {
    fits(parse(text, { stringKeys: true }));
    return fits.errors;
  };

  test('takes an overlay that says only what differs', () => {
    const text = overlay(`without: [0x35C]
options: { manufacturer: { default: X } }
can: { every: 500ms, frames: [{ id: 0x356, pad: 255 }] }`);
    expect(errorsOf(text)).toBeNull();
  });

  test.each([
    ['lost: hold\n', ''],
    ['  bitrate: 500000\n', ''],
    ['      length: 4\n', ''],
    ['    default: warning\n', ''],
    ['title: Pylontech', 'titel: Pylontech'],
  ])('misses `%s` in a full profile', (from, to) => {
    const text = profileText('pylontech-lv');
    expect(errorsOf(text)).toBeNull();
    const bad = text.replace(from, to);
    expect(bad).not.toBe(text);
    expect(errorsOf(bad)).not.toBeNull();
  });

  test('misses in an overlay what only it can say, and sees a key that nobody knows', () => {
    expect(errorsOf(overlay('').replace("version: '1.0.0'\n", ''))).not.toBeNull();
    expect(errorsOf(overlay('can: { frames: [{ lenght: 4, id: 0x355 }] }'))).not.toBeNull();
    expect(errorsOf(overlay('can: { frames: [{ length: 4 }] }'))).not.toBeNull();
  });
});

test('an overlay that repeats any frames of its base as they stand changes nothing', () => {
  const frames: unknown[] = parse(profileText('pylontech-lv'), { stringKeys: true }).can.frames;
  fc.assert(
    fc.property(fc.shuffledSubarray(frames), (some) => {
      const { can } = whole(overlay(`can: { frames: ${JSON.stringify(some)} }`));
      expect(can).toEqual(base.can);
    }),
    { numRuns: 20 },
  );
});
