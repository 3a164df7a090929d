import { describe, expect, test } from 'vitest';
import { compileProfile } from '../../src/profile/compile.ts';
import { refused, taken } from './profiles.ts';

const limits = `
    - { id: 0x351, length: 8, signals: [
        { at: 0, as: u16, scale: 0.1, from: charge_voltage_limit_V, required: true },
        { at: 2, as: i16, scale: 0.1, from: charge_current_limit_A, required: true },
        { at: 4, as: i16, scale: 0.1, from: discharge_current_limit_A, required: true } ] }`;
const measurements = `
    - { id: 0x356, length: 8, signals: [
        { at: 0, as: u16, from: soc_told_pct, required: true },
        { at: 2, as: u16, scale: 0.01, from: voltage_V, required: true },
        { at: 4, as: i16, scale: 0.1, from: current_A, required: true } ] }`;

interface Parts {
  readonly top?: string;
  readonly more?: string;
  readonly frames?: string;
  readonly lacks?: string;
}

/** A profile that is right, but for what the parts make of it. */
const profile = ({ top = '', more = '', frames = limits + measurements, lacks = '' }: Parts = {}): string => `
id: small
version: '1.0.0'
title: a small family
inverters: [{ brand: none, models: none }]
evidence: vendor
options:
  set: { kind: choice, values: [old, new], default: old, title: frames }
  soc: { kind: flag, default: true, title: whether the SoC is told }
  order: { kind: choice, values: [little, big], default: little, title: byte order }
  model: { kind: number, default: 1, min: 0, max: 9, title: model }
lacks: [${lacks}]
can:
  bitrate: 500000
  every: 1s
${top}
  frames:${frames}
${more}
lost: hold
examples: [{ given: {}, then: {} }]
`;

const withLimit = (from: string, to: string): string => {
  if (!limits.includes(from)) throw new Error(`no ${from} there`);
  return profile({ frames: limits.replace(from, to) + measurements });
};

const CCL = 'from: charge_current_limit_A, required: true';
const CVL = 'from: charge_voltage_limit_V, required: true';

test('the profile that is spoilt here is right before', () => {
  expect(refused(profile())).toEqual([]);
});

describe('a limit that an inverter may never hear of is no limit', () => {
  test.each([
    [
      'because its frame is left out',
      withLimit('length: 8,', 'length: 8, optional: true,'),
      '`charge_voltage_limit_V` is left out while something in it is unknown; tell it in a place that is always told as well',
    ],
    [
      'because one setting has no place for it',
      withLimit(CCL, `${CCL}, when: { set: new }`),
      'under `set` `old` nothing tells `charge_current_limit_A`; tell it under every setting',
    ],
    [
      'because two settings together have no place for it',
      withLimit(
        `{ at: 2, as: i16, scale: 0.1, ${CCL} }`,
        `{ at: 2, as: i16, scale: 0.1, ${CCL}, when: { set: new } }, { at: 6, as: i16, scale: 0.1, ${CCL}, when: { soc: true } }`,
      ),
      'under `set` `old` and `soc` `false` nothing tells `charge_current_limit_A`',
    ],
    [
      'because only one number of an option has a place for it',
      withLimit('id: 0x351,', 'id: 0x351, when: { model: 5 },'),
      'under `model` `1` nothing tells `charge_voltage_limit_V`',
    ],
    [
      'because it is asked for once, at the start',
      profile({
        top: '  starts_with: [limits]',
        frames: limits.replace('id: 0x351,', 'id: 0x351, when_asked: [limits],') + measurements,
      }),
      '`charge_voltage_limit_V` is told only once, when the talk starts',
    ],
    [
      'because nothing leads to its phase',
      profile({
        top: '  phases: [waiting, closed]',
        frames: limits.replace('id: 0x351,', 'id: 0x351, phases: [closed],') + measurements,
      }),
      '`charge_voltage_limit_V` waits for a phase that nothing leads to',
    ],
    [
      'because its turn comes once a minute',
      withLimit('id: 0x351,', 'id: 0x351, every: 60s,'),
      'a limit told so seldom stays in force too long; tell it at least every 10 s',
    ],
  ])('%s', (_, text, sentence) => expect(refused(text)[0]).toContain(sentence));
});

describe('a limit that is not told as it is', () => {
  test.each([
    [
      'zero that may not be sent',
      withLimit(CCL, `${CCL}, never: [0]`),
      'must be able to reach 0; take 0 out of `never`',
    ],
    [
      'an unknown one that reads as the highest',
      withLimit(CCL, 'from: charge_current_limit_A, unknown: invalid'),
      'takes it for the highest limit; write `unknown: 0` or `required: true`',
    ],
    [
      'an unknown one that may not be sent',
      withLimit(CVL, 'from: charge_voltage_limit_V, unknown: 0, never: [0]'),
      '`never` forbids what is sent when `charge_voltage_limit_V` is unknown',
    ],
    [
      'a CVL of 0',
      withLimit(CVL, `${CVL}, instead: [{ value: 0, since: stale }]`),
      'a CVL of 0 makes inverters empty',
    ],
    ['one that starts again at 0', withLimit(CCL, `${CCL}, modulo: 10`), 'is no counter'],
    [
      'a zero of 10 A the other way',
      withLimit(`scale: 0.1, ${CCL}`, `scale: -10, ${CCL}, zero_raw: 1, evidence: field`),
      'only a current limit in counts of at most 0.1 A from 0 may have another zero',
    ],
    ['counts of 100 A', withLimit(`scale: 0.1, ${CCL}`, `scale: 100, ${CCL}`), 'take a smaller scale'],
    [
      'one that a power limit keeps up',
      profile({
        frames: `${limits}${measurements}
    - { id: 0x360, length: 2, signals: [{ at: 0, as: u16, from: charge_power_limit_W, min: 100, unknown: 0 }] }`,
      }),
      '`charge_power_limit_W` must be able to reach 0',
    ],
    [
      'a number of the file that the wire cannot hold',
      profile({
        frames:
          limits +
          measurements.replace(
            'from: current_A,',
            'from: current_A, instead: [{ value: 9999, since: stale }],',
          ),
      }),
      '9999 does not fit here; `i16le` would tell another number in its place',
    ],
  ])('is refused: %s', (_, text, sentence) => expect(refused(text)[0]).toContain(sentence));
});

describe('a beat that cannot be kept is refused', () => {
  const beat = (every: string, top = '') => profile({ top }).replace('every: 1s', `every: ${every}`);

  test.each([
    ['every 0 ms', beat('0ms'), 'p.yaml:15:10: write a time span from 10ms to 60s'],
    ['every 30 days, longer than any timer runs', beat('30d'), 'write a time span from 10ms to 60s'],
    [
      'gaps that do not fit it',
      beat('1s', '  gap: 600ms'),
      '2 frames with 600 ms between them do not fit a beat of 1 s',
    ],
    ['repeats held back for longer', beat('1s', '  min_gap: 2s'), 'no frame could keep time with the beat'],
    [
      'an inverter that is silent at once',
      beat('1s', '  stops_after: 0ms\n  receives: [{ id: 0x305 }]'),
      'write a time span from 100ms to 1d',
    ],
    [
      'our own frame as a sign of life',
      beat('1s', '  receives: [{ id: 0x351 }]'),
      '0x351 is a frame that we send',
    ],
    [
      'a value of the inverter that is worth nothing',
      beat(
        '1s',
        '  receives: [{ id: 0x305, signals: [{ at: 0, as: i16, means: inverter_current, scale: 0 }] }]',
      ),
      'a scale of 0 says nothing',
    ],
  ])('%s', (_, text, sentence) => expect(refused(text)[0]).toContain(sentence));
});

describe('old data must show', () => {
  const silent = { lacks: 'charge_voltage_limit_V, charge_current_limit_A, discharge_current_limit_A' };

  test('where no limit falls', () => {
    expect(refused(profile({ ...silent, frames: measurements }))[0]).toContain(
      'nothing here would show an inverter that the data is old',
    );
    const sign = `${measurements}\n    - { id: 0x359, length: 1, bits: [{ at: 0, bit: 0, since: stale }] }`;
    expect(refused(profile({ ...silent, frames: sign }))).toEqual([]);
  });

  test('and nothing but the bank may permit charging', () => {
    const bit = `\n    - { id: 0x35C, length: 1, bits: [{ at: 0, bit: 7, flags: [charge_enable], until: lost }] }`;
    expect(refused(profile({ frames: limits + measurements + bit }))[0]).toContain(
      'something else than `charge_enable` raises this permission as well',
    );
  });
});

test('bits that lie on top of each other in one byte order only are found', () => {
  const bits = `\n    - { id: 0x359, length: 2, bits: [{ at: 0, as: u16, bit: 0, since: stale }, { at: 1, bit: 0, since: late }] }`;
  const text = profile({ top: '  order: { option: order }', frames: limits + measurements + bits });
  expect(refused(text)[0]).toContain('byte 1 bit 0 of 0x359 is already taken');
});

describe('what must not go out does not', () => {
  const charge = (more: string, chargeCurrentLimitA?: number) => {
    const { can } = compileProfile(taken(withLimit(CCL, more)));
    const frames = can?.frames({
      socPct: 50,
      voltageV: 52,
      currentA: 0,
      chargeVoltageLimitV: 56,
      dischargeCurrentLimitA: 50,
      ...(chargeCurrentLimitA !== undefined && { chargeCurrentLimitA }),
    });
    return frames && 'missing' in frames ? frames.missing : frames?.[0]?.data.slice(2, 4);
  };

  test('when a value beyond the wire is held at a forbidden edge', () => {
    expect(charge(`${CCL}, never: [32767]`, 1e9)).toEqual(['charge_current_limit_A']);
  });

  test('a 0 that the inverter ignores, when the limit is unknown', () => {
    const zero = 'from: charge_current_limit_A, unknown: 0, zero_raw: 1, evidence: field';
    expect(charge(zero)).toEqual(Uint8Array.of(1, 0));
    expect(charge(zero, 0)).toEqual(Uint8Array.of(1, 0));
    expect(charge(zero, 0.3)).toEqual(Uint8Array.of(3, 0));
  });
});
